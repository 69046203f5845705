"""Who takes part: in one commit with the calendars of those who come and go."""

from datetime import date
from uuid import UUID

from services.training.application import Training
from services.training.application.outcomes import abandoned
from services.training.application.reach import edition_for
from services.training.domain.edition import Edition
from services.training.domain.learner import Learner
from services.training.domain.timetable import Slot
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.contracts.training.vocabulary import EnrolmentState
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def enrol_on_edition(training: Training, command: commands.EnrolOnEdition, act: Act) -> Receipt:
    edition = edition_for(training, command.edition_id, act)
    pointer, day = "/participant_id", command.enrolled_on
    learner = _member(training, edition, command.participant_id, day, pointer)
    edition.enrol(
        participant_id=learner.id,
        enrolled_on=day,
        reserve_if_full=command.reserve_if_full,
        today=training.today(),
    )
    if edition.enrolments[learner.id].state is EnrolmentState.RESERVE:
        learner.take(edition.id, (), on=day)
    else:
        _book(learner, edition, day, pointer)
    return training.commit(act, edition, learner)


def substitute(training: Training, command: commands.Substitute, act: Act) -> Receipt:
    edition = edition_for(training, command.edition_id, act)
    day = command.substituted_on
    into = _member(training, edition, command.into, day, "/into")
    edition.substitute(
        out=command.out,
        into=into.id,
        substituted_on=day,
        reason=command.reason,
        today=training.today(),
    )
    out = training.load(Learner, command.out)
    out.release(edition.id, on=day)
    _book(into, edition, day, "/into")
    return training.commit(act, edition, out, into)


def end_enrolment(training: Training, command: commands.EndEnrolment, act: Act) -> Receipt:
    edition = edition_for(training, command.edition_id, act)
    day = command.ended_on
    edition.end_enrolment(
        participant_id=command.participant_id,
        ended_on=day,
        reason=command.reason,
        today=training.today(),
    )
    learner = training.load(Learner, command.participant_id)
    leave(learner, edition, day)
    return training.commit(act, edition, learner, *abandoned(training, edition, learner.id, day))


def leave(learner: Learner, edition: Edition, day: date) -> None:
    """Give back the time from a day on; what was taken before it stays taken."""
    kept: list[Slot] = [slot for slot in learner.bookings.get(edition.id, ()) if slot.day < day]
    if kept:
        learner.take(edition.id, kept, on=day)
    else:
        learner.release(edition.id, on=day)


def _member(
    training: Training, edition: Edition, participant_id: UUID, day: date, pointer: str
) -> Learner:
    learner = training.find(Learner, participant_id)
    if learner is None:
        raise Rejected("training.participant_unknown", pointer=pointer)
    learner.require_member(day, edition.first_day, pointer)
    return learner


def _book(learner: Learner, edition: Edition, day: date, pointer: str) -> None:
    learner.book(edition.id, edition.slots, "participant", on=day, pointer=lambda _: pointer)
