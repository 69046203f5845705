"""Responses after they were sent: listed, read without names, edited as versions, reviewed."""

from uuid import UUID

import pytest

from services.research.domain.response import Response
from services.research.queries.answers import Answers
from shared.contracts.access import Role
from shared.contracts.operations import Caller, NoRequest
from shared.contracts.research.commands.responses import EditResponse, ReviewResponses
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views
from shared.contracts.research.views.studies import ResearchWork
from shared.contracts.research.vocabulary.responses import ReviewStatus
from shared.eventstore.reads import Access
from shared.kernel.errors import Rejected
from tests.driving import COORDINATOR, act_by, caller
from tests.research.answering import CANARY, anonymous, consent, linked, response_of, submitted
from tests.research.conftest import Research
from tests.research.studying import RESEARCHER
from tests.research.test_invitations import everything
from tests.research.test_rebuild import require_same_anew

ELSEWHERE = caller(Role.RESEARCHER, "inna-uczelnia")


def read(research: Research, response: UUID, by: Caller = RESEARCHER) -> views.Response:
    act = act_by(by, "research.get_response")
    return research.composition.reading_responses.get_response(ById(id=response), act)


def listed(research: Research, wave: UUID, **asked: object) -> tuple[views.ResponseSummary, ...]:
    request = views.ListResponses.model_validate({"wave_id": wave} | asked)
    page: views.ResponsePage = research.ask("list_responses", request, RESEARCHER)
    return page.items


def works(research: Research) -> set[ResearchWork]:
    found = research.ask("my_research_tasks", NoRequest(), RESEARCHER)
    return {each.work for each in found.items}


def test_a_researcher_reads_answers_and_never_who_gave_them(research: Research) -> None:
    wave, (token, other, *_) = linked(research)
    submitted(research, token)
    consent(research, other)
    research.project()
    response = response_of(research, token).id
    assert {each.id for each in listed(research, wave)} == {
        response,
        response_of(research, other).id,
    }
    assert [each.id for each in listed(research, wave, state="submitted")] == [response]
    shown = read(research, response)
    assert (shown.answers, shown.withheld) == ({"works": "no", "full": "part"}, ("remarks",))
    assert read(research, response, COORDINATOR).answers == {
        "works": "no",
        "full": "part",
        "remarks": CANARY,
    }
    access = [
        each.event
        for each in research.followed.history.read(0, 1000)
        if isinstance(each.event, Access.PersonalDataRead) and each.event.subjects == (response,)
    ]
    assert [each.actor for each in access] == [RESEARCHER.subject, COORDINATOR.subject]
    with pytest.raises(Rejected) as beyond:
        read(research, response, ELSEWHERE)
    assert beyond.value.code == "not_found"
    assert read(research, response_of(research, other).id).answers is None


def test_an_edit_is_a_version_judged_by_the_form_that_was_answered(research: Research) -> None:
    wave, (token, *_) = linked(research)
    submitted(research, token)
    response = response_of(research, token)
    edit = EditResponse(response_id=response.id, answers={"works": "maybe"}, reason=CANARY)
    with pytest.raises(Rejected) as wrong:
        research.do(edit, RESEARCHER)
    assert (wrong.value.code, wrong.value.pointer) == ("research.answer_choice", "/answers/works")
    hidden = edit.model_copy(update={"answers": {"works": "no", "hours": "3"}})
    with pytest.raises(Rejected) as skipped:
        research.do(hidden, RESEARCHER)
    assert skipped.value.code == "research.answer_hidden"
    with pytest.raises(Rejected) as stale:
        research.do(edit, RESEARCHER, seen=1)
    assert stale.value.code == "stale_version"
    good = edit.model_copy(update={"answers": {"works": "yes", "hours": "20"}})
    before = research.position
    research.do(good, RESEARCHER, seen=response.version)
    assert response_of(research, token).answers == {"works": "yes", "hours": "20", "full": "part"}
    events = [each.event for each in research.followed.history.read(0, 1000)]
    versions = [e for e in events if isinstance(e, Response.Submitted | Response.Edited)]
    assert [each.answers["works"] for each in versions if isinstance(each.answers, dict)] == [
        "no",
        "yes",
    ]
    assert [each.edits for each in listed(research, wave)] == [1]
    assert CANARY not in everything(research)
    answers = Answers(research.followed.views, research.composition.application.vault)
    assert [each.answers["works"] for each in answers.of_wave(wave, before)] == ["no"]
    now = list(answers.of_wave(wave, research.position))
    assert [each.answers["works"] for each in now] == ["yes"]
    assert now[0].pseudonym is not None
    with pytest.raises(Rejected) as same:
        research.do(good, RESEARCHER)
    assert same.value.code == "nothing_changed"


def test_a_review_is_a_verdict_on_several_and_waits_until_it_is_given(research: Research) -> None:
    wave, tokens = anonymous(research)
    assert ResearchWork.REVIEW_RESPONSES not in works(research)
    for token in tokens[:2]:
        submitted(research, token)
    assert ResearchWork.REVIEW_RESPONSES in works(research)
    first, second = (response_of(research, token).id for token in tokens[:2])
    hold = ReviewResponses(
        wave_id=wave, responses=(first, second), status=ReviewStatus.ON_HOLD, note=CANARY
    )
    with pytest.raises(Rejected) as foreign:
        research.do(hold.model_copy(update={"wave_id": first}), RESEARCHER)
    assert foreign.value.code == "not_found"
    research.do(hold, RESEARCHER)
    assert ResearchWork.REVIEW_RESPONSES not in works(research)
    assert {each.review for each in listed(research, wave, review="on_hold")} == {"on_hold"}
    assert listed(research, wave, review="none") == ()
    assert read(research, first).note == CANARY
    assert CANARY not in everything(research)
    answers = Answers(research.followed.views, research.composition.application.vault)
    given = list(answers.of_wave(wave, research.position))
    assert {(each.review, each.pseudonym) for each in given} == {(ReviewStatus.ON_HOLD, None)}
    edit = EditResponse(response_id=first, answers={"works": "no"}, reason="Pomyłka")
    research.do(edit, RESEARCHER)
    assert [each.id for each in listed(research, wave, review="none")] == [first]


def test_the_read_models_of_responses_are_the_same_anew(research: Research) -> None:
    wave, (token, other, *_) = linked(research)
    code = submitted(research, token).withdrawal_code
    assert code is not None
    submitted(research, other)
    require_same_anew(research, "responses", "given")
    verdict = ReviewResponses(
        wave_id=wave,
        responses=(response_of(research, other).id,),
        status=ReviewStatus.APPROVED,
    )
    research.do(verdict, RESEARCHER)
    require_same_anew(research, "responses", "given")
