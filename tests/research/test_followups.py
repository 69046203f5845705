"""An exit opens its two measurements by itself; whatever becomes of the exit, they follow it."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from services.research.domain.followup import FollowUp
from services.research.publishing import publish
from shared.contracts.access import Role
from shared.contracts.events import PublicEvent
from shared.contracts.operations import FeedRequest
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import (
    CorrectedStep,
    LabourStatus,
    Situation,
    StepKind,
)
from shared.contracts.research import events as public
from shared.contracts.research.commands.followups import AnswerFollowUp
from shared.contracts.research.views import ById
from shared.contracts.research.views import followups as views
from shared.contracts.research.vocabulary.followups import (
    Cancellation,
    FollowUpKind,
    FollowUpState,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.reactions import replay_tracking
from tests.driving import COORDINATOR, caller
from tests.research.conftest import NOW, Research
from tests.research.telling import EXITED, began, left, person, registry_of, vault_of

ANNA, BARBARA = map(person, range(2))
CASEWORKER = caller(Role.CASEWORKER, "mops-kamienna")
TODAY = NOW.date()
SITUATION = Situation(labour_status=LabourStatus.EMPLOYED, gained_qualification=True)


def follow_ups(research: Research, who: UUID) -> dict[FollowUpKind, views.FollowUp]:
    page: views.FollowUpPage = research.ask("list_follow_ups", views.ListFollowUps())
    return {each.kind: each for each in page.items if each.participant_id == who}


def states(research: Research, who: UUID) -> set[tuple[FollowUpState, Cancellation | None]]:
    return {(each.state, each.cancelled) for each in follow_ups(research, who).values()}


def answer(follow_up: views.FollowUp, on: date = TODAY) -> AnswerFollowUp:
    return AnswerFollowUp(follow_up_id=follow_up.id, observed_on=on, situation=SITUATION)


def refused(research: Research, command: AnswerFollowUp) -> str:
    with pytest.raises(Rejected) as refusal:
        research.do(command, CASEWORKER)
    return refusal.value.code


def moved(who: UUID, was_on: date, is_on: date) -> PublicEvent:
    step = CorrectedStep(version=5, step=StepKind.EXIT, was_on=was_on, is_on=is_on)
    return registry.StepsCorrected(subject=who, decided_on=TODAY, steps=(step,))


def test_an_exit_opens_both_measurements_by_the_rules_of_its_day(research: Research) -> None:
    registry_of(research).tell(*began(research, ANNA), left(ANNA))
    found = follow_ups(research, ANNA)
    days = {kind: (each.due_from, each.due_on) for kind, each in found.items()}
    assert days == {
        FollowUpKind.FOUR_WEEKS: (EXITED, EXITED + timedelta(28)),
        FollowUpKind.SIX_MONTHS: (date(2026, 8, 16), date(2026, 9, 13)),
    }
    assert states(research, ANNA) == {(FollowUpState.OPEN, None)}
    assert "2021/1057" in found[FollowUpKind.SIX_MONTHS].rule


def test_a_corrected_exit_moves_them_and_a_re_entry_cancels_them(research: Research) -> None:
    told = registry_of(research)
    told.tell(*began(research, ANNA), left(ANNA))
    right = EXITED - timedelta(7)
    told.tell(moved(ANNA, EXITED, right))
    assert {each.exited_on for each in follow_ups(research, ANNA).values()} == {right}
    assert follow_ups(research, ANNA)[FollowUpKind.FOUR_WEEKS].due_on == right + timedelta(28)
    told.tell(registry.ParticipantReEntered(subject=ANNA, re_entered_on=TODAY))
    assert states(research, ANNA) == {(FollowUpState.CANCELLED, Cancellation.RE_ENTRY)}
    told.tell(left(ANNA, TODAY + timedelta(30)))
    page = research.ask("list_follow_ups", views.ListFollowUps(state=FollowUpState.OPEN))
    assert {each.exited_on for each in page.items} == {TODAY + timedelta(30)}


def test_an_erasure_and_a_merge_cancel_them_and_an_undone_merge_brings_them_back(
    research: Research,
) -> None:
    told = registry_of(research)
    told.tell(*began(research, ANNA), left(ANNA), *began(research, BARBARA), left(BARBARA))
    told.tell(registry.ParticipantMerged(subject=ANNA, into=BARBARA, decided_on=TODAY))
    assert states(research, ANNA) == {(FollowUpState.CANCELLED, Cancellation.MERGED)}
    assert states(research, BARBARA) == {(FollowUpState.OPEN, None)}
    told.tell(registry.MergeUndone(subject=ANNA, out_of=BARBARA, decided_on=TODAY))
    assert states(research, ANNA) == {(FollowUpState.OPEN, None)}
    erased = registry.ParticipantErased(
        subject=BARBARA, data_classes=(DataClass.IDENTITY,), erased_on=TODAY
    )
    told.tell(erased)
    assert states(research, BARBARA) == {(FollowUpState.CANCELLED, Cancellation.ERASED)}
    published = research.composition.publication.page(FeedRequest(after=0)).envelopes
    assert ("research.subject_erased.v1", BARBARA) in {(one.type, one.subject) for one in published}


def test_an_answer_travels_sealed_and_counts_once(research: Research) -> None:
    registry_of(research).tell(*began(research, ANNA), left(ANNA))
    due = follow_ups(research, ANNA)[FollowUpKind.FOUR_WEEKS]
    assert refused(research, answer(due, EXITED - timedelta(1))) == "research.outside_window"
    assert refused(research, answer(due, TODAY + timedelta(1))) == "date_in_future"
    later = follow_ups(research, ANNA)[FollowUpKind.SIX_MONTHS]
    assert refused(research, answer(later)) == "research.outside_window"
    research.do(answer(due), CASEWORKER)
    assert refused(research, answer(due)) == "research.follow_up_state"
    event = research.followed.history.read(0, 100)[-1].event
    assert isinstance(event, FollowUp.Answered)
    told = publish(event)
    assert isinstance(told, public.FollowUpAnswered)
    assert told.monitoring is not None
    assert (told.subject, told.kind) == (ANNA, FollowUpKind.FOUR_WEEKS)
    opened = vault_of(research).open(told.monitoring)
    assert opened == {"situation": SITUATION.model_dump(mode="json")}
    assert "employed" not in told.model_dump_json()


def test_an_answer_stays_when_the_exit_moves(research: Research) -> None:
    told = registry_of(research)
    told.tell(*began(research, ANNA), left(ANNA))
    research.do(answer(follow_ups(research, ANNA)[FollowUpKind.FOUR_WEEKS]), CASEWORKER)
    told.tell(moved(ANNA, EXITED, EXITED - timedelta(7)))
    found = follow_ups(research, ANNA)
    assert found[FollowUpKind.FOUR_WEEKS].state is FollowUpState.ANSWERED
    assert found[FollowUpKind.SIX_MONTHS].exited_on == EXITED - timedelta(7)


def test_nobody_reaches_the_participants_of_another_partner(research: Research) -> None:
    registry_of(research).tell(*began(research, ANNA), left(ANNA))
    due = follow_ups(research, ANNA)[FollowUpKind.FOUR_WEEKS]
    stranger = caller(Role.CASEWORKER, "inny")
    with pytest.raises(Rejected) as unseen:
        research.do(answer(due), stranger)
    assert unseen.value.code == "not_found"
    assert research.ask("list_follow_ups", views.ListFollowUps(), stranger).items == ()
    assert not research.ask("get_follow_up", ById(id=due.id), COORDINATOR).overdue
    researcher = caller(Role.RESEARCHER, "uniwersytet")
    assert len(research.ask("list_follow_ups", views.ListFollowUps(), researcher).items) == 2


def story(research: Research) -> list[PublicEvent]:
    return [
        *began(research, ANNA),
        *began(research, BARBARA),
        left(ANNA),
        registry.ParticipantMerged(subject=BARBARA, into=ANNA, decided_on=TODAY),
        registry.MergeUndone(subject=BARBARA, out_of=ANNA, decided_on=TODAY),
        moved(ANNA, EXITED, EXITED - timedelta(1)),
        registry.ParticipantReEntered(subject=ANNA, re_entered_on=TODAY),
    ]


BEGAN = ["Registered", "ContactAllowed", "Admitted", "Started"]
EFFECTS = [
    *BEGAN,
    *BEGAN,
    *("Exited", "Opened", "Opened"),
    "MergedInto",
    "MergeUndone",
    *("StepsMoved", "Moved", "Moved"),
    *("ReEntered", "Cancelled", "Cancelled"),
]


@pytest.mark.parametrize("seed", range(6))
def test_messages_lost_doubled_and_shuffled_have_each_effect_once(
    research: Research, seed: int
) -> None:
    told = registry_of(research)
    envelopes = [told.publish(event) for event in story(research)]
    chance = Random(seed)
    for envelope in chance.choices(envelopes, k=chance.randrange(16)):
        if chance.random() < 0.2:
            told.restart()
        told.inbox.receive(envelope)
    told.inbox.catch_up()
    told.restart()
    for envelope in envelopes:
        told.inbox.receive(envelope)
    recorded = [each.event for each in research.followed.history.read(0, 100)]
    assert [type(each).__name__ for each in recorded] == EFFECTS
    assert Parking(research.followed.views[COLLECTION]).count() == 0


def test_an_event_that_is_replayed_after_all_changes_nothing(research: Research) -> None:
    """A parked event is given again by an operator, although it had its effect before."""
    told = registry_of(research)
    told.tell(*began(research, ANNA))
    envelope = told.publish(left(ANNA))
    told.inbox.receive(envelope)
    head = research.followed.history.head()
    found = research.composition.to_registry.handler(envelope.type)
    assert found is not None
    event_class, handler = found
    handler(event_class.model_validate(envelope.data), envelope, replay_tracking(envelope))
    assert research.followed.history.head() == head
