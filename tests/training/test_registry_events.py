"""What the registry tells, once, twice, late and out of order: the same effect, once."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from services.training.domain.edition import Edition
from services.training.domain.learner import Learner
from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import CorrectedStep, StepKind
from shared.contracts.training.vocabulary import EnrolmentState, GroupLimits
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.reactions import replay_tracking
from tests.training.conftest import Driven
from tests.training.domain.courses import APPROVED, FIRST_DAY, TODAY, person, session
from tests.training.editions import contract_trainer, enrolment, open_edition, scheduled, timetable
from tests.training.registry import Registry

ANNA, BARBARA, CELINA = map(person, range(3))


def states(training: Driven, edition: UUID) -> dict[UUID, EnrolmentState]:
    known = training.composition.application.load(Edition, edition).enrolments
    return {who: each.state for who, each in known.items()}


def learner(training: Driven, who: UUID) -> Learner:
    return training.composition.application.load(Learner, who)


def test_who_exits_loses_the_places_on_courses_that_have_not_begun(training: Driven) -> None:
    begun, future = scheduled(training, 0), scheduled(training, 1, place="Sopot")
    waiting = scheduled(training, 2, limits=GroupLimits(minimum=1, maximum=1))
    told = Registry(training)
    told.admit(ANNA, BARBARA)
    training.clock[0] += timedelta(60)
    later = tuple(
        session(number, group=1, day=FIRST_DAY + timedelta(40 + number)) for number in range(3)
    )
    training.do(timetable(future, later, "Postponed"))
    for edition in (begun, future):
        training.do(enrolment(edition, ANNA))
    training.do(enrolment(waiting, BARBARA))
    training.do(enrolment(waiting, ANNA, reserve_if_full=True, enrolled_on=TODAY))
    told.tell(
        registry.ParticipantExited(
            subject=ANNA, exited_on=FIRST_DAY + timedelta(5), as_planned=False
        )
    )
    assert states(training, begun) == {ANNA: EnrolmentState.ENROLLED}
    assert states(training, future) == {ANNA: EnrolmentState.LAPSED}
    assert set(learner(training, ANNA).bookings) == {begun, waiting}
    with pytest.raises(Rejected) as left:
        training.do(enrolment(future, ANNA, enrolled_on=FIRST_DAY + timedelta(6)))
    assert left.value.code == "training.not_admitted"


def test_a_void_admission_and_an_erasure_free_the_place_too(training: Driven) -> None:
    edition = scheduled(training)
    told = Registry(training)
    told.admit(ANNA, BARBARA)
    for each in (ANNA, BARBARA):
        training.do(enrolment(edition, each))
    told.tell(
        registry.ParticipantNotAdmitted(subject=ANNA, decided_on=TODAY),
        registry.ParticipantErased(
            subject=BARBARA, data_classes=(DataClass.SPECIAL,), erased_on=TODAY
        ),
    )
    assert set(states(training, edition).values()) == {EnrolmentState.LAPSED}
    assert learner(training, ANNA).bookings == learner(training, BARBARA).bookings == {}


def test_a_corrected_exit_is_judged_by_its_right_day(training: Driven) -> None:
    edition = scheduled(training)
    told = Registry(training)
    told.admit(ANNA)
    training.do(enrolment(edition, ANNA))
    training.clock[0] += timedelta(60)
    told.tell(
        registry.ParticipantExited(subject=ANNA, exited_on=FIRST_DAY, as_planned=True),
        registry.StepsCorrected(
            subject=ANNA,
            decided_on=FIRST_DAY,
            steps=(CorrectedStep(version=4, step=StepKind.EXIT, was_on=FIRST_DAY, is_on=TODAY),),
        ),
    )
    assert states(training, edition) == {ANNA: EnrolmentState.LAPSED}


def test_a_merge_moves_the_places_to_the_record_that_is_kept_and_back(training: Driven) -> None:
    own, shared = scheduled(training, 0), scheduled(training, 1)
    told = Registry(training)
    told.admit(ANNA, BARBARA, CELINA)
    training.do(enrolment(own, ANNA))
    training.do(enrolment(shared, CELINA))
    told.tell(registry.ParticipantMerged(subject=ANNA, into=CELINA, decided_on=TODAY))
    assert states(training, own) == {CELINA: EnrolmentState.ENROLLED}
    assert set(learner(training, CELINA).bookings) == {own, shared}
    third = open_edition(training, 2)
    contract_trainer(training, third, "trainer-2")
    training.do(enrolment(third, CELINA))
    with pytest.raises(Rejected) as busy:
        training.do(timetable(third, (session(0, group=2),)))
    assert busy.value.details["what"] == "participant"
    told.tell(registry.MergeUndone(subject=ANNA, out_of=CELINA, decided_on=TODAY))
    assert states(training, own) == {ANNA: EnrolmentState.ENROLLED}
    assert set(learner(training, CELINA).bookings) == {shared, third}
    assert set(learner(training, ANNA).bookings) == {own}


def story(anna: UUID, barbara: UUID) -> list[PublicEvent]:
    """What befalls two people, with what training has no use for in between."""
    return [
        registry.ParticipantAdmitted(subject=anna, admitted_on=APPROVED),
        registry.ParticipantEnrolled(subject=anna, started_on=APPROVED),
        registry.ParticipantAdmitted(subject=barbara, admitted_on=APPROVED),
        registry.ParticipantExited(subject=anna, exited_on=TODAY, as_planned=True),
        registry.ParticipantReEntered(subject=anna, re_entered_on=TODAY + timedelta(1)),
        registry.ParticipantMerged(subject=barbara, into=anna, decided_on=TODAY),
        registry.MergeUndone(subject=barbara, out_of=anna, decided_on=TODAY),
    ]


def test_of_two_places_of_one_person_the_better_one_is_kept_with_its_time(
    training: Driven,
) -> None:
    edition = scheduled(training, limits=GroupLimits(minimum=1, maximum=1))
    told = Registry(training)
    told.admit(ANNA, BARBARA)
    for each in (ANNA, BARBARA):
        training.do(enrolment(edition, each, reserve_if_full=True))
    for out, into in ((BARBARA, ANNA), (ANNA, BARBARA)):
        told.tell(registry.ParticipantMerged(subject=out, into=into, decided_on=TODAY))
        assert states(training, edition) == {into: EnrolmentState.ENROLLED}
        assert len(learner(training, into).bookings[edition]) == 3
        told.tell(registry.MergeUndone(subject=out, out_of=into, decided_on=TODAY))
        assert states(training, edition) == {
            ANNA: EnrolmentState.ENROLLED,
            BARBARA: EnrolmentState.RESERVE,
        }
        assert learner(training, BARBARA).bookings[edition] == ()


EFFECTS = ["Admitted", "Admitted", "Exited", "ReEntered", "MergedInto", "MergeUndone"]


@pytest.mark.parametrize("seed", range(8))
def test_messages_lost_doubled_and_shuffled_have_each_effect_once(
    training: Driven, seed: int
) -> None:
    told = Registry(training)
    envelopes = [told.publish(event) for event in story(ANNA, BARBARA)]
    chance = Random(seed)
    for envelope in chance.choices(envelopes, k=chance.randrange(12)):
        if chance.random() < 0.2:
            told.restart()
        told.inbox.receive(envelope)
    told.inbox.catch_up()
    told.restart()
    for envelope in envelopes:
        told.inbox.receive(envelope)
    recorded = [each.event for each in training.followed.history.read(0, 100)]
    assert [type(each).__name__ for each in recorded] == EFFECTS
    assert Parking(training.followed.views[COLLECTION]).count() == 0


def test_an_event_that_is_replayed_after_all_changes_nothing(training: Driven) -> None:
    """A parked event is given again by an operator, although it had its effect before."""
    told = Registry(training)
    envelope = told.publish(registry.ParticipantAdmitted(subject=ANNA, admitted_on=APPROVED))
    told.inbox.receive(envelope)
    found = training.composition.to_registry.handler(envelope.type)
    assert found is not None
    event_class, handler = found
    handler(event_class.model_validate(envelope.data), envelope, replay_tracking(envelope))
    assert training.followed.history.head() == 1
