"""Invitations on real parts: tokens that count once, documents that alone hold them, honest rates."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from bson.json_util import dumps

from services.research.application import Research as Application
from services.research.application.invitations import invitation_of
from services.research.application.inviting import INVITE
from services.research.domain.invitation import Invitation, new_token, normalised
from services.research.domain.study import Study
from shared.contracts.operations import NoRequest, Receipt
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Purpose
from shared.contracts.research.commands.invitations import (
    DeclineInvitation,
    IssueInvitations,
    RecordReminder,
)
from shared.contracts.research.views import ById
from shared.contracts.research.views import invitations as views
from shared.contracts.research.views import studies as study_views
from shared.contracts.research.views.studies import ResearchWork
from shared.contracts.research.vocabulary.samples import InvitationState
from shared.contracts.research.vocabulary.studies import WaveMode
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.jobs import JobRunner, Jobs
from tests.driving import act_by
from tests.research.conftest import NOW, Research
from tests.research.studying import RESEARCHER, REVIEWER, noon, open_wave, opened
from tests.research.telling import person, vault_of
from tests.research.test_samples import draw, peopled

TODAY = NOW.date()


def sampled(research: Research, count: int = 12) -> tuple[UUID, UUID]:
    peopled(research, count)
    study = opened(research)
    wave = open_wave(research, study)
    research.do(draw(study, wave, count), RESEARCHER)
    return study, wave


def ordered(research: Research, study: UUID, wave: UUID, count: int | None = None) -> UUID:
    request = IssueInvitations(study_id=study, wave_id=wave, count=count)
    act = act_by(REVIEWER, "research.issue_invitations")
    return research.composition.inviting.issue_invitations(request, act).id


def done(research: Research, *jobs: UUID) -> None:
    """The follower's jobs, until those asked for have ended."""
    stop = threading.Event()
    runner = JobRunner(Jobs(research.followed.views), {INVITE: research.followed.jobs[INVITE]})
    thread = threading.Thread(target=runner.run, args=(stop, threading.Event()))
    thread.start()
    deadline = threading.Event()
    for job in jobs:
        for _ in range(400):
            if standing(research, job).state in ("done", "failed"):
                break
            deadline.wait(0.05)
    stop.set()
    thread.join(10)
    research.project()


def standing(research: Research, job: UUID) -> views.InvitationIssue:
    act = act_by(REVIEWER, "research.get_invitation_issue")
    return research.composition.inviting.get_invitation_issue(ById(id=job), act)


def document(research: Research, job: UUID, kind: str = "table") -> bytes:
    request = views.GetInvitationDocument.model_validate({"issue_id": job, "kind": kind})
    act = act_by(REVIEWER, "research.get_invitation_document")
    found = research.composition.inviting.get_invitation_document(request, act)
    return b"".join(research.composition.application.files.open(found.file_id).chunks())


def table(research: Research, job: UUID) -> list[list[str]]:
    text = document(research, job).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def rates(research: Research, wave: UUID) -> views.ResponseRates:
    found: views.ResponseRates = research.ask("get_response_rates", ById(id=wave), RESEARCHER)
    return found


def everything(research: Research) -> str:
    """All that is stored outside of the encrypted files."""
    application = research.composition.application
    ledger = application.recorder.ledger
    stored = [dumps(list(ledger._commits.find()))]
    views = research.followed.views
    stored += [dumps(list(views[name].find())) for name in views.list_collection_names()]
    return "".join(stored)


def test_each_member_gets_a_token_that_only_the_documents_know(research: Research) -> None:
    study, wave = sampled(research)
    job = ordered(research, study, wave)
    done(research, job)
    assert (standing(research, job).state, standing(research, job).issued) == ("done", 12)
    rows = table(research, job)
    assert {row[0] for row in rows} == {str(person(number)) for number in range(12)}
    assert all(row[3] == f"https://example.org/ask/{row[2]}" for row in rows)
    assert document(research, job, "sheets").startswith(b"%PDF-")
    stored = everything(research)
    assert not [clear for clear in ("female", "1980-05-01") if clear in stored]
    assert not [row[2] for row in rows if row[2] in stored or normalised(row[2]) in stored]
    read = research.followed.history.read(0, 1000)[-1]
    assert read.meta["command"] == "research.get_invitation_document"
    with pytest.raises(Rejected) as again:
        ordered(research, study, wave)
    assert again.value.code == "research.invitations_issued"


def test_an_issue_that_is_interrupted_issues_nothing_twice(research: Research) -> None:
    study, wave = sampled(research, 6)
    job = ordered(research, study, wave)
    handler = research.followed.jobs[INVITE]
    found = Jobs(research.followed.views).get(job)
    assert found is not None
    first = handler(found, None)  # type: ignore[arg-type]
    second = handler(found, None)  # type: ignore[arg-type]
    assert first == second
    events = [each.event for each in research.followed.history.read(0, 1000)]
    assert sum(isinstance(each, Invitation.Issued) for each in events) == 6


def test_two_issues_at_once_invite_nobody_twice(research: Research) -> None:
    study, wave = sampled(research, 6)
    jobs = [ordered(research, study, wave) for _ in range(2)]
    done(research, *jobs)
    assert sorted(standing(research, job).state for job in jobs) == ["done", "failed"]
    assert rates(research, wave).total.invited == 6


def test_an_anonymous_wave_links_nobody(research: Research) -> None:
    study = opened(research)
    wave = open_wave(research, study, mode=WaveMode.ANONYMOUS)
    with pytest.raises(Rejected) as uncounted:
        ordered(research, study, wave)
    assert uncounted.value.code == "research.count_of_anonymous"
    jobs = [ordered(research, study, wave, count) for count in (5, 3)]
    done(research, *jobs)
    rows = table(research, jobs[0])
    assert {(row[0], row[1]) for row in rows} == {("", "")}
    assert rates(research, wave).total.invited == 8
    events = [each.event for each in research.followed.history.read(0, 1000)]
    issued = [each for each in events if isinstance(each, Invitation.Issued)]
    assert {each.pseudonym for each in issued} == {None}
    assert rates(research, wave).groups == ()


def test_whoever_withdrew_or_was_erased_since_the_draw_is_not_invited(research: Research) -> None:
    told = peopled(research, 6)
    study = opened(research)
    wave = open_wave(research, study)
    research.do(draw(study, wave, 6), RESEARCHER)
    vault_of(research).erase(person(1), [DataClass.IDENTITY], basis="art17", approved_by="dpo")
    told.tell(
        registry.ParticipantErased(
            subject=person(1), data_classes=(DataClass.IDENTITY,), erased_on=TODAY
        ),
        registry.ConsentWithdrawn(
            subject=person(2), purpose=Purpose.RESEARCH_CONTACT, withdrawn_on=TODAY
        ),
    )
    job = ordered(research, study, wave)
    done(research, job)
    invited = {row[0] for row in table(research, job)}
    assert invited == {str(person(number)) for number in (0, 3, 4, 5)}
    assert rates(research, wave).total.drawn == 6


def test_a_token_counts_once_however_it_is_written(research: Research) -> None:
    study, wave = sampled(research, 6)
    job = ordered(research, study, wave)
    done(research, job)
    token = table(research, job)[0][2]
    declining = DeclineInvitation(token=token.lower().replace("-", " "), declined_on=TODAY)
    research.do(declining, RESEARCHER)
    with pytest.raises(Rejected) as used:
        research.do(DeclineInvitation(token=token, declined_on=TODAY), RESEARCHER)
    assert used.value.code == "research.token_used"
    with pytest.raises(Rejected) as unknown:
        research.do(DeclineInvitation(token=new_token(), declined_on=TODAY), RESEARCHER)
    assert unknown.value.code == "research.token_unknown"
    assert (rates(research, wave).total.declined, rates(research, wave).total.begun) == (1, 0)


def test_of_many_uses_of_a_token_at_once_one_wins(research: Research) -> None:
    study, wave = sampled(research, 6)
    job = ordered(research, study, wave)
    done(research, job)
    token = table(research, job)[0][2]
    application: Application = research.composition.application
    responses = [uuid4() for _ in range(8)]

    def begin(response: UUID) -> str:
        act = act_by(RESEARCHER, "research.begin", key=uuid4())

        def decide() -> Receipt:
            invitation = invitation_of(application, token)
            known = application.load(Study, study).wave(wave)
            invitation.begin(known, response, TODAY)
            return application.commit(act, invitation)

        try:
            application.once(act, decide)
        except Rejected as refusal:
            return refusal.code
        return "begun"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(begin, responses))
    assert outcomes == ["begun", *["research.token_used"] * 7]
    research.project()
    invitation = invitation_of(application, token)
    assert (invitation.state, invitation.response_id in responses) == (InvitationState.BEGUN, True)
    invitation.submit(TODAY)
    invitation.submit(TODAY)
    application.commit(act_by(RESEARCHER, "research.submit"), invitation)
    research.project()
    assert (rates(research, wave).total.begun, rates(research, wave).total.submitted) == (1, 1)


def test_rates_tell_of_no_small_group(research: Research) -> None:
    study, wave = sampled(research, 20)
    job = ordered(research, study, wave)
    done(research, job)
    shown = rates(research, wave)
    assert shown.total.drawn == shown.total.invited == 20
    assert {each.values: each.drawn for each in shown.groups} == {("female",): 15, ("male",): 5}
    assert sum(each.invited for each in shown.groups) == 20


def test_reminders_are_due_by_the_plan_and_sent_once(research: Research) -> None:
    study, wave = sampled(research, 6)

    def due() -> list[date | None]:
        found: study_views.ResearchTasks = research.ask(
            "my_research_tasks", NoRequest(), RESEARCHER
        )
        return [each.due_on for each in found.items if each.work is ResearchWork.SEND_REMINDER]

    research.clock[0] = noon(date(2026, 2, 20))
    assert due() == []
    reminder = RecordReminder(study_id=study, wave_id=wave, day=7, sent_on=date(2026, 2, 20))
    with pytest.raises(Rejected) as nobody:
        research.do(reminder, RESEARCHER)
    assert nobody.value.code == "research.reminder_unknown"
    job = ordered(research, study, wave)
    done(research, job)
    assert due() == [date(2026, 2, 16)]
    research.do(reminder, RESEARCHER)
    assert due() == []
    with pytest.raises(Rejected) as sent:
        research.do(reminder, RESEARCHER)
    assert sent.value.code == "research.reminder_sent"
    with pytest.raises(Rejected) as unplanned:
        research.do(reminder.model_copy(update={"day": 8}), RESEARCHER)
    assert unplanned.value.code == "research.reminder_unknown"
    told = {each.day: (each.due_on, each.sent_on) for each in rates(research, wave).reminders}
    assert told[7] == (date(2026, 2, 16), date(2026, 2, 20))


def test_tokens_are_of_letters_that_cannot_be_misread() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert not set("".join(tokens)) & set("01ILOU")
