"""Commands on attendance lists, with what they mean for the start of support."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from services.training.application import Training
from services.training.application.outcomes import decide_anew
from services.training.application.reach import session_for
from services.training.domain.attendance import AttendanceList
from services.training.domain.edition import Edition
from services.training.domain.learner import FirstMinute, Learner
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.contracts.training.vocabulary import Session
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def mark_attendance(training: Training, command: commands.MarkAttendance, act: Act) -> Receipt:
    attendance, edition, session = list_for(training, command.session_id, act)
    known = dict(attendance.marks)
    with _judged_by_timetable(edition):
        attendance.mark(
            command.marks,
            roster=edition.roster_on(session.day),
            by=act.provenance.actor,
            now=training.now(),
        )
    changed = [who for who, each in attendance.marks.items() if each is not known.get(who)]
    return training.commit(
        act, attendance, *_starts(training, edition, session, attendance, changed)
    )


def settle_attendance(training: Training, command: commands.SettleAttendance, act: Act) -> Receipt:
    attendance, edition, session = list_for(training, command.session_id, act)
    contract = edition.contract_of(session.trainer, session.day)
    if contract is None:
        raise Rejected("training.trainer_not_contracted", {"day": session.day.isoformat()})
    attendance.settle(
        confirmed_on=command.confirmed_on,
        roster=edition.roster_on(session.day),
        contract=contract.contract,
        by=act.provenance.actor,
        now=training.now(),
    )
    return training.commit(act, attendance)


def request_attendance_correction(
    training: Training, command: commands.RequestAttendanceCorrection, act: Act
) -> Receipt:
    attendance, edition, session = list_for(training, command.session_id, act)
    with _judged_by_timetable(edition):
        attendance.request_correction(
            correction_id=act.id_of("correction"),
            participant_id=command.participant_id,
            minutes=command.minutes,
            requested_on=command.requested_on,
            reason=command.reason,
            source_document=command.source_document,
            roster=edition.roster_on(session.day),
            by=act.provenance.actor,
            today=training.today(),
        )
    return training.commit(act, attendance, source_document=command.source_document)


def decide_attendance_correction(
    training: Training, command: commands.DecideAttendanceCorrection, act: Act
) -> Receipt:
    """An approved correction is as if it had been recorded rightly at once: the start of support
    and, after the edition was closed, the participant's conclusion are decided anew.
    """
    attendance, edition, session = list_for(training, command.session_id, act)
    attendance.decide_correction(
        correction_id=command.correction_id,
        decided_on=command.decided_on,
        approve=command.approve,
        justification=command.justification,
        roster=edition.roster_on(session.day),
        by=act.provenance.actor,
        today=training.today(),
    )
    if not command.approve:
        return training.commit(act, attendance)
    request = attendance.corrections[command.correction_id].request
    who = edition.person_of(request.participant_id)
    return training.commit(
        act,
        attendance,
        *decide_anew(training, edition, attendance, command.correction_id, command.decided_on),
        *_starts(training, edition, session, attendance, [who]),
    )


@contextmanager
def _judged_by_timetable(edition: Edition) -> Iterator[None]:
    """What a list refuses names the version of the timetable that it was judged by."""
    try:
        yield
    except Rejected as refusal:
        details = {**refusal.details, "timetable_version": edition.timetable_version}
        raise Rejected(refusal.code, details, refusal.pointer) from None


def list_for(
    training: Training, session_id: UUID, act: Act
) -> tuple[AttendanceList, Edition, Session]:
    """A session's list as far as the caller reaches it: trainers their own sessions only."""
    attendance = training.find(AttendanceList, session_id)
    if attendance is None or attendance.edition_id is None:
        raise Rejected("not_found", {"id": str(session_id)})
    edition, session = session_for(training, attendance.edition_id, session_id, act)
    if act.expected_version not in (None, attendance.version):
        raise Rejected("stale_version", {"current": attendance.version})
    return attendance, edition, session


def _starts(
    training: Training,
    edition: Edition,
    session: Session,
    attendance: AttendanceList,
    participants: Iterable[UUID],
) -> Iterator[Learner]:
    """Participants with the start of their support as it follows from what is recorded now."""
    for who, learner in training.load_many(Learner, participants).items():
        if attendance.attended(who, edition.records_of(who)):
            learner.note_attended(
                FirstMinute(session.day, edition.id, edition.terms.code, session.id)
            )
        elif learner.first is not None and learner.first.session_id == session.id:
            learner.correct_start(_earliest(training, learner, attendance))
        yield learner


def _earliest(training: Training, learner: Learner, changed: AttendanceList) -> FirstMinute | None:
    """The first attended session of all that the learner's calendar knows."""
    for slot, edition_id in sorted(
        ((slot, owner) for owner, slots in learner.bookings.items() for slot in slots),
        key=lambda each: (each[0].day, each[0].starts),
    ):
        attendance = (
            changed
            if slot.session_id == changed.id
            else training.find(AttendanceList, slot.session_id)
        )
        edition = training.load(Edition, edition_id)
        if attendance and attendance.attended(learner.id, edition.records_of(learner.id)):
            return FirstMinute(slot.day, edition_id, edition.terms.code, slot.session_id)
    return None
