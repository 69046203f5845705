"""The timetable: in one commit with the calendars of everybody and every room it takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from services.training.application import Training
from services.training.application.reach import edition_for
from services.training.domain.attendance import AttendanceList
from services.training.domain.calendar import Calendar, Pointer, What
from services.training.domain.edition import Edition
from services.training.domain.ids import id_of, room_id
from services.training.domain.learner import Learner
from services.training.domain.timetable import Slot
from shared.contracts.operations import Receipt
from shared.contracts.training import commands
from shared.contracts.training.vocabulary import Session
from shared.eventstore.acts import Act

Taken = Mapping[tuple[What, UUID], list[Slot]]
"""The slots of each trainer and room, by their calendar."""


def set_timetable(training: Training, command: commands.SetTimetable, act: Act) -> Receipt:
    edition = edition_for(training, command.edition_id, act)
    before = edition.sessions
    edition.set_timetable(
        sessions=command.sessions,
        decided_on=command.decided_on,
        reason=command.reason,
        today=training.today(),
    )
    calendars = _calendars(training, edition, before, command)
    lists = _lists(training, edition, before, command)
    return training.commit(act, edition, *calendars, *_learners(training, edition, command), *lists)


def _lists(
    training: Training,
    edition: Edition,
    before: Iterable[Session],
    command: commands.SetTimetable,
) -> list[AttendanceList]:
    """The lists of the sessions that come, change or go; a recorded one does neither."""
    known = {session.id: session for session in before}
    lists = []
    for index, session in enumerate(command.sessions):
        if known.pop(session.id, None) != session:
            attendance = training.find(AttendanceList, session.id) or AttendanceList(session.id)
            attendance.plan(
                edition_id=edition.id,
                session=session,
                decided_on=command.decided_on,
                pointer=f"/sessions/{index}",
            )
            lists.append(attendance)
    for attendance in training.load_many(AttendanceList, known).values():
        attendance.drop(decided_on=command.decided_on)
        lists.append(attendance)
    return lists


def _calendars(
    training: Training,
    edition: Edition,
    before: Iterable[Session],
    command: commands.SetTimetable,
) -> list[Calendar]:
    place = edition.terms.place
    wanted, left = _taken(edition.sessions, place), _taken(before, place)
    calendars = []
    for what, calendar_id in {**left, **wanted}:
        calendar = training.find(Calendar, calendar_id) or Calendar(calendar_id)
        if slots := wanted.get((what, calendar_id)):
            calendar.book(
                edition.id, slots, what, on=command.decided_on, pointer=_pointers(command)
            )
        else:
            calendar.release(edition.id, on=command.decided_on)
        calendars.append(calendar)
    return calendars


def _learners(
    training: Training, edition: Edition, command: commands.SetTimetable
) -> list[Learner]:
    learners = list(training.load_many(Learner, edition.enrolled).values())
    for learner in learners:
        learner.book(
            edition.id,
            edition.slots,
            "participant",
            on=command.decided_on,
            pointer=_pointers(command),
        )
    return learners


def _taken(sessions: Iterable[Session], place: str) -> Taken:
    found: dict[tuple[What, UUID], list[Slot]] = defaultdict(list)
    for session in sessions:
        found["trainer", id_of("trainer", session.trainer)].append(Slot.of(session))
        if session.room is not None:
            found["room", room_id(place, session.room)].append(Slot.of(session))
    return found


def _pointers(command: commands.SetTimetable) -> Pointer:
    indexes = {session.id: index for index, session in enumerate(command.sessions)}
    return lambda slot: f"/sessions/{indexes[slot.session_id]}"
