"""Answering on the web, on real parts: one response per token, saved as it goes, sent once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import OperationalError, Tracking

from services.research.application.subjects import forget
from services.research.application.webforms import withdrawal_code
from services.research.domain.response import Response
from shared.contracts.registry import events as registry
from shared.contracts.research.commands import studies as study_commands
from shared.contracts.research.views import webforms as views
from shared.contracts.research.vocabulary.responses import FormStage, ResponseState
from shared.kernel.errors import Rejected
from shared.kernel.personal import ERASED, DataClass
from tests.research.answering import (
    CANARY,
    anonymous,
    anybody,
    consent,
    linked,
    look,
    response_of,
    step,
    submitted,
)
from tests.research.conftest import NOW, Research
from tests.research.studying import RESEARCHER, noon
from tests.research.telling import person, vault_of
from tests.research.test_invitations import everything, rates
from tests.research.test_samples import peopled

TODAY = NOW.date()


def refused(research: Research, token: str) -> str:
    with pytest.raises(Rejected) as refusal:
        look(research, token)
    return refusal.value.code


def withdraw(research: Research, code: str) -> views.Withdrawal:
    request = views.WithdrawResponse(code=code)
    done = research.composition.webforms.withdraw_response(request, anybody("withdraw_response"))
    research.project()
    return done


def recorded(research: Research) -> list[object]:
    return [each.event for each in research.followed.history.read(0, 10_000)]


def test_a_response_is_given_page_by_page_and_sent_once(research: Research) -> None:
    wave, (token, *_) = linked(research)
    shown = look(research, token, "en")
    assert (shown.stage, shown.title, shown.study) == (
        FormStage.CONSENT,
        "Ankieta",
        "Needs of the county",
    )
    assert "voluntary" in shown.information[0]
    assert not [each for each in recorded(research) if isinstance(each, Response.Begun)]
    with pytest.raises(Rejected) as unasked:
        step(research, token, answers={"works": "yes"}, page=0)
    assert unasked.value.code == "research.consent_missing"
    first = consent(research, token)
    assert [each.name for each in first.items] == ["works"]
    wrong = step(research, token)
    assert wrong.items[0].problem
    more = step(research, token, answers={"works": "yes"})
    assert (more.page, more.more, [each.name for each in more.items]) == (
        0,
        True,
        ["works", "hours"],
    )
    assert more.items[1].problem is None
    bad = step(research, token, answers={"works": "yes", "hours": "99"})
    assert (bad.items[1].problem, bad.items[1].answer) == ("Od 1 do 80", "99")
    second = step(research, token, answers={"works": "yes", "hours": "40"})
    assert (second.page, second.pages, second.items[0].group) == (1, 2, "Potrzeby")
    again = look(research, token)
    assert (again.page, again.items) == (1, second.items)
    back = step(research, token, "back", {"remarks": CANARY})
    assert (back.page, [each.answer for each in back.items]) == (0, ["yes", "40"])
    step(research, token, answers={"works": "yes", "hours": "40"})
    further = step(research, token, answers={"wanted": "b a", "remarks": CANARY})
    assert further.more
    last = step(research, token, answers={"wanted": "b a", "remarks": CANARY, "distance": "2,5"})
    assert (last.page, last.items) == (2, ())
    done = step(research, token)
    assert (done.stage, done.withdrawal_code is not None) == (FormStage.DONE, True)
    assert response_of(research, token).answers == {
        "works": "yes",
        "hours": "40",
        "full": "full",
        "wanted": "a b",
        "remarks": CANARY,
        "distance": "2.5",
    }
    assert refused(research, token) == "research.token_used"
    research.project()
    assert (rates(research, wave).total.begun, rates(research, wave).total.submitted) == (1, 1)


def test_what_skip_logic_hides_is_forgotten(research: Research) -> None:
    _, (token, *_) = anonymous(research)
    consent(research, token)
    step(research, token, answers={"works": "yes"})
    step(research, token, answers={"works": "yes", "hours": "40"})
    step(research, token, "back")
    step(research, token, answers={"works": "no", "hours": "40"})
    assert response_of(research, token).answers == {"works": "no"}
    with pytest.raises(Rejected) as unasked:
        step(research, token, answers={"works": "no"})
    assert unasked.value.code == "research.answer_question_unknown"


def test_of_many_who_send_at_once_one_wins_and_the_same_step_may_come_again(
    research: Research,
) -> None:
    _, (token, *_) = linked(research)
    with ThreadPoolExecutor(6) as pool:
        begun = list(pool.map(lambda _: consent_or_code(research, token), range(6)))
    assert set(begun) == {"questions"}
    assert sum(isinstance(each, Response.Begun) for each in recorded(research)) == 1
    step(research, token, answers={"works": "no"})
    step(research, token, answers={"remarks": CANARY})
    keys = [uuid4() for _ in range(6)]

    def send(key: UUID) -> str:
        try:
            return step(research, token, key=key, page=2).stage.value
        except Rejected as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(send, keys))
    assert sorted(outcomes) == ["done", *["research.token_used"] * 5]
    assert sum(isinstance(each, Response.Submitted) for each in recorded(research)) == 1
    winner = keys[outcomes.index("done")]
    again = step(research, token, key=winner, page=2)
    code = withdrawal_code(research.composition.application, response_of(research, token).id)
    assert (again.stage, again.withdrawal_code) == (FormStage.DONE, code)


def consent_or_code(research: Research, token: str) -> str:
    version = "LINKED/1"
    try:
        return step(research, token, "consent", consent=version).stage.value
    except Rejected as refusal:
        return refusal.code


def test_only_an_open_wave_in_its_days_is_answered(research: Research) -> None:
    _, (token, other, *_) = linked(research)
    assert refused(research, "2345-6789-ABCD-EFGH") == "research.token_unknown"
    with pytest.raises(Rejected) as disagreed:
        step(research, token, "consent", consent="LINKED/0")
    assert disagreed.value.code == "research.consent_missing"
    assert step(research, other, "decline").stage is FormStage.DECLINED
    assert refused(research, other) == "research.token_used"
    consent(research, token)
    research.clock[0] = noon(date(2026, 4, 1))
    assert refused(research, token) == "research.invitation_expired"
    research.clock[0] = NOW
    begun = next(each for each in recorded(research) if isinstance(each, Response.Begun))
    research.do(
        study_commands.CloseWave(
            study_id=begun.asked.study_id, wave_id=begun.asked.wave_id, closed_on=TODAY
        ),
        RESEARCHER,
    )
    with pytest.raises(Rejected) as closed:
        step(research, token, answers={"works": "no"}, page=0)
    assert closed.value.code == "research.wave_not_open"


def test_whoever_has_the_code_withdraws_and_the_answers_are_gone(research: Research) -> None:
    wave, (token, *_) = linked(research)
    code = submitted(research, token).withdrawal_code
    assert code is not None
    research.project()
    with pytest.raises(Rejected) as unknown:
        withdraw(research, "2345-6789-ABCD-EFGH")
    assert unknown.value.code == "research.withdrawal_code_unknown"
    assert withdraw(research, code.lower().replace("-", "")).withdrawn_on == TODAY
    withdraw(research, code)
    response = response_of(research, token)
    assert (response.state, response.answers, response.link) == (
        ResponseState.WITHDRAWN,
        ERASED,
        ERASED,
    )
    document = research.followed.views["responses"].find_one({"_id": str(response.id)})
    assert document is not None
    assert (document["state"], document["link"], document["waits"]) == ("withdrawn", None, False)
    assert rates(research, wave).total.submitted == 1


def test_a_withdrawal_that_broke_off_is_finished_when_it_comes_again(
    research: Research, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (token, *_) = linked(research)
    code = submitted(research, token).withdrawal_code or ""
    application = research.composition.application
    commit = application.commit

    def broken(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(application, "commit", broken)
    with pytest.raises(ConnectionError):
        withdraw(research, code)
    monkeypatch.setattr(application, "commit", commit)
    assert response_of(research, token).state is ResponseState.SUBMITTED
    assert response_of(research, token).answers is ERASED
    withdraw(research, code)
    assert response_of(research, token).state is ResponseState.WITHDRAWN


def test_an_erasure_in_the_registry_makes_the_responses_nobodys(research: Research) -> None:
    told = peopled(research, 5)
    _, (token, begun, third, *_) = linked(research, is_peopled=True)
    code = submitted(research, token).withdrawal_code or ""
    consent(research, begun)  # not projected yet: found in the ledger
    for number in range(2):
        erased = person(number)
        vault_of(research).erase(erased, [DataClass.IDENTITY], basis="art17", approved_by="dpo")
        told.tell(
            registry.ParticipantErased(
                subject=erased, data_classes=(DataClass.IDENTITY,), erased_on=TODAY
            )
        )
    response = response_of(research, token)
    assert (response.link, response.anonymised_on) == (ERASED, TODAY)
    assert response.answers == {"full": "part", "remarks": CANARY, "works": "no"}
    assert response_of(research, begun).link is ERASED
    assert refused(research, begun) == "research.invitation_void"
    with pytest.raises(Rejected) as late:
        withdraw(research, code)
    assert late.value.code == "research.response_anonymised"
    assert consent(research, third).stage is FormStage.QUESTIONS
    research.project()
    links = research.followed.views["responses"].find({"link": {"$ne": None}})
    assert len(list(links)) == 1


def test_an_erasure_that_broke_off_is_finished_when_it_comes_again(
    research: Research, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process ends between the two commits, and the message is delivered again."""
    _, (token, *_) = linked(research)
    submitted(research, token)
    application = research.composition.application
    record, calls = application.record, []

    def breaking(*aggregates: object, **facts: object) -> object:
        calls.append(aggregates)
        if len(calls) == 2:
            raise OperationalError
        return record(*aggregates, **facts)  # type: ignore[arg-type]

    def hear() -> None:
        provenance = anybody("erasure").provenance.model_copy(update={"command_id": person(77)})
        tracking = Tracking("registry", 10_000)
        forget(application, person(0), [DataClass.IDENTITY], TODAY, provenance, tracking)

    monkeypatch.setattr(application, "record", breaking)
    with pytest.raises(OperationalError):
        hear()
    assert response_of(research, token).link is ERASED
    hear()
    assert response_of(research, token).anonymised_on == TODAY
    events = recorded(research)
    assert sum(isinstance(each, Response.Anonymised) for each in events) == 1


def test_nothing_of_an_anonymous_response_leads_to_anybody(research: Research) -> None:
    _, tokens = anonymous(research)
    form = submitted(research, tokens[0])
    assert form.withdrawal_code is None
    response = response_of(research, tokens[0])
    assert (response.link, response.sealed_under) == (None, response.asked.wave_id)
    stored = everything(research)
    assert CANARY not in stored
    assert not [each for each in tokens if each in stored or each.replace("-", "") in stored]
    metas = [each.meta for each in research.followed.history.read(0, 10_000)]
    answering = [each for each in metas if each["command"] == "research.answer_web_form"]
    assert {(each["actor"], each["role"], each.get("partner")) for each in answering} == {
        ("anybody", "anybody", None)
    }
    boxes = [box for each in recorded(research) for box in getattr(each, "boxes", ())]
    assert {box.subject for box in boxes if box.data_class is DataClass.IDENTITY} == set()


def test_a_linked_response_is_nowhere_in_clear(research: Research) -> None:
    wave, tokens = linked(research)
    code = submitted(research, tokens[0]).withdrawal_code or ""
    stored = everything(research)
    assert not [each for each in (CANARY, code, code.replace("-", "")) if each in stored]
    response = response_of(research, tokens[0])
    documents = list(research.followed.views["responses"].find({"wave_id": str(wave)}))
    assert str(person(0)) not in str(documents)
    assert response.is_linked
