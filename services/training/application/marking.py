"""Marks of many sessions from one file: what belongs to one session is a command of its own.

A dry run and a real one read and judge the file by the same function. The command id of a session
derives from the import, so an import that was interrupted begins again and records nothing twice. A
blank cell never erases, and a file that was imported before changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, time
from typing import BinaryIO, Final, Literal
from uuid import UUID

from services.training.application import Training
from services.training.application.attendance import list_for, mark_attendance
from services.training.domain.attendance import AttendanceList
from services.training.domain.attendance_history import Presence
from services.training.domain.edition import Edition
from services.training.formats.attendance import (
    ABSENCE,
    DAY,
    MINUTES,
    PARTICIPANT,
    SESSION,
    AttendanceFile,
    MarkedRow,
    read_attendance,
)
from shared.contracts.rows import RowError
from shared.contracts.training.commands import MarkAttendance
from shared.contracts.training.vocabulary import Mark, Session
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent
from shared.runtime.imports import REJECTED, Tally

WRITERS: Final = 8
"""Sessions recorded at the same time: they share the ledger's group commits."""
MOST: Final = 100
"""Marks that one command takes."""
COLUMNS: Final = {"participant_id": PARTICIPANT, "minutes": MINUTES, "absence": ABSENCE}
"""Where a refusal belongs, by the last step of its pointer; else to the session."""

Fate = Literal["recorded", "unchanged", "rejected"]


@dataclass(frozen=True)
class Group:
    """Rows of one session that make one command."""

    session_id: UUID
    part: int
    rows: Sequence[MarkedRow]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a row. `mark` is what is to be recorded of it."""

    row: MarkedRow
    fate: Fate
    mark: Mark | None = None
    errors: tuple[RowError, ...] = ()


class AttendanceImport:
    """One import: which file, and on whose behalf."""

    def __init__(
        self,
        training: Training,
        act: Act,
        source: BinaryIO,
        filename: str,
        progress: Callable[[Tally], None],
    ) -> None:
        self._training = training
        self._act = act
        self._source = source
        self._filename = filename
        self._progress = progress

    def rehearse(self) -> Tally:
        """Judge every row and record nothing."""
        return self._run(self._judged)

    def perform(self) -> Tally:
        """Record every row that can be recorded."""
        return self._run(self._recorded)

    def _run(self, judge: Callable[[AttendanceFile, Group], list[Verdict]]) -> Tally:
        tally = Tally()
        self._source.seek(0)
        file = read_attendance(self._source, self._filename)
        groups = list(_groups(file, tally))
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="import") as pool:
            for wave in self._waves(groups, pool):
                for verdicts in pool.map(lambda group: judge(file, group), wave):
                    for verdict in verdicts:
                        tally.count(verdict.fate, verdict.errors)
                    self._progress(tally)
        tally.errors.sort(key=lambda error: error.row)
        return tally

    def _waves(self, groups: Sequence[Group], pool: Executor) -> Iterable[Sequence[Group]]:
        """The groups, in order of time for each participant: else a later session would start their
        support, and an earlier one move the start. What is in one wave concerns different people.
        """
        waves: dict[int, list[Group]] = defaultdict(list)
        reached: dict[UUID, int] = defaultdict(int)
        timed = zip(pool.map(self._begins, groups), groups, strict=True)
        for _, group in sorted(timed, key=lambda each: each[0]):
            people = [row.mark.participant_id for row in group.rows if row.mark is not None]
            wave = 1 + max((reached[who] for who in people), default=0)
            reached |= dict.fromkeys(people, wave)
            waves[wave].append(group)
        return waves.values()

    def _begins(self, group: Group) -> tuple[date, time]:
        """When a session begins; one that is not known comes first."""
        attendance = self._training.find(AttendanceList, group.session_id)
        session = attendance and attendance.session
        return (session.day, session.starts) if session else (date.min, time.min)

    def _judged(self, file: AttendanceFile, group: Group) -> list[Verdict]:
        try:
            attendance, edition, session = list_for(
                self._training, group.session_id, self._part(group)
            )
        except Rejected as refusal:
            return [_rejected(file, row, refusal) for row in group.rows]
        return [self._verdict(file, row, attendance, edition, session) for row in group.rows]

    def _verdict(
        self,
        file: AttendanceFile,
        row: MarkedRow,
        attendance: AttendanceList,
        edition: Edition,
        session: Session,
    ) -> Verdict:
        if row.mark is None:
            return Verdict(row, "unchanged")
        if row.day not in (None, session.day):
            day = session.day.isoformat()
            error = file.error("other_day", row.number, DAY, row.day, day=day)
            return Verdict(row, REJECTED, errors=(error,))
        known = attendance.marks.get(row.mark.participant_id)
        mark = _filled(row.mark, known)
        if known == Presence(mark.minutes, mark.absence, mark.note):
            return Verdict(row, "unchanged")
        try:
            attendance.mark(
                [mark],
                roster=edition.roster_on(session.day),
                by=self._act.provenance.actor,
                now=self._training.now(),
            )
        except Rejected as refusal:
            return _rejected(file, row, refusal)
        return Verdict(row, "recorded", mark)

    def _recorded(self, file: AttendanceFile, group: Group) -> list[Verdict]:
        act, training = self._part(group), self._training
        verdicts = self._judged(file, group)
        if training.receipt_of(act.provenance.command_id, act.provenance.digest):
            return [_done_before(verdict) for verdict in verdicts]
        marks = tuple(verdict.mark for verdict in verdicts if verdict.mark is not None)
        if not marks:
            return verdicts
        command = MarkAttendance(session_id=group.session_id, marks=marks)
        try:
            training.once(act, lambda: mark_attendance(training, command, act))
        except Rejected as refusal:
            return [
                verdict if verdict.mark is None else _rejected(file, verdict.row, refusal)
                for verdict in verdicts
            ]
        return verdicts

    def _part(self, group: Group) -> Act:
        return self._act.part(f"session/{group.session_id}/{group.part}")


def _groups(file: AttendanceFile, tally: Tally) -> Iterator[Group]:
    """The rows that make marks, by session; what the others are is counted."""
    sessions: dict[UUID, list[MarkedRow]] = defaultdict(list)
    for row in file.rows:
        if row.errors:
            tally.count(REJECTED, row.errors)
        elif row.session_id is None:
            tally.count("unchanged")
        else:
            sessions[row.session_id].append(row)
    for session_id, rows in sessions.items():
        for part, at in enumerate(range(0, len(rows), MOST)):
            yield Group(session_id, part, rows[at : at + MOST])


def _filled(mark: Mark, known: Presence | None) -> Mark:
    """With the reason and the note that are recorded already, where the row leaves them blank."""
    if known is None or known.minutes != mark.minutes:
        return mark
    kept = {
        name: getattr(known, name)
        for name in ("absence", "note")
        if getattr(mark, name) is None and not isinstance(getattr(known, name), Absent)
    }
    return mark.model_copy(update=kept)


def _rejected(file: AttendanceFile, row: MarkedRow, refusal: Rejected) -> Verdict:
    path = COLUMNS.get((refusal.pointer or "").rpartition("/")[2], SESSION)
    value = row.session_id if path == SESSION else row.mark and getattr(row.mark, path[0])
    name = "session_unknown" if refusal.code == "not_found" else refusal.code
    error = file.error(name, row.number, path, value, **refusal.details)
    return Verdict(row, REJECTED, errors=(error,))


def _done_before(verdict: Verdict) -> Verdict:
    """An interrupted run of this import recorded it."""
    return Verdict(verdict.row, "recorded") if verdict.fate == "unchanged" else verdict
