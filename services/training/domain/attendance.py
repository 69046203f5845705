"""A session's attendance list, from the timetable to corrections after it was settled: decisions.

Nobody rewrites attendance quietly: until the list is settled every mark is an event that stays;
after that a mark changes only when one person asks, with a reason and a source document, and another
one agrees.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.training.domain.attendance_history import (
    AttendanceHistory,
    CorrectionState,
    Presence,
)
from services.training.domain.rules import TrainingRules
from services.training.domain.timetable import ends_at, net_minutes
from shared.contracts.training.vocabulary import Mark, Session
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected

Roster = Mapping[UUID, Collection[UUID]]
"""Who is enrolled on the day of a session, each with all records that are known to be theirs."""


class AttendanceList(AttendanceHistory):
    """`now` is the time in Poland."""

    def plan(self, *, edition_id: UUID, session: Session, decided_on: date, pointer: str) -> None:
        """Take the session as the timetable has it. Refused once anybody was marked."""
        if self.edition_id not in (None, edition_id):
            raise Rejected(
                "training.session_id_taken", {"session_id": str(self.id)}, f"{pointer}/id"
            )
        if self.session == session and not self.dropped:
            return
        self._require_unrecorded(pointer)
        self.record(self.Planned, occurred_on=decided_on, edition_id=edition_id, session=session)

    def drop(self, *, decided_on: date) -> None:
        """The timetable has the session no more. Refused once anybody was marked."""
        self._require_unrecorded("/sessions")
        self.record(self.Dropped, occurred_on=decided_on)

    def mark(self, marks: Sequence[Mark], *, roster: Roster, by: str, now: datetime) -> None:
        """Record who was present for how long; what is recorded so already is left as it is."""
        session = self._open_session(now)
        _require_each_once(marks)
        for index, mark in enumerate(marks):
            _require_enrolled(mark.participant_id, roster, f"/marks/{index}/participant_id")
            _require_plausible(mark, net_minutes(session), f"/marks/{index}")
        for mark in marks:
            presence = Presence(mark.minutes, mark.absence, mark.note)
            if presence != self.marks.get(mark.participant_id):
                self.record(self.Marked, occurred_on=session.day, marked_by=by, **mark.model_dump())

    def settle(
        self,
        *,
        confirmed_on: date,
        roster: Roster,
        contract: str,
        by: str,
        now: datetime,
    ) -> None:
        """Confirm the list: the session was held, and its trainer's contract is charged with it."""
        session = self._open_session(now)
        require_come(confirmed_on, now.date(), "/confirmed_on")
        require_not_before(session.day, confirmed_on, "/confirmed_on")
        marks = {who: self.attended(who, records) for who, records in sorted(roster.items())}
        if missing := [str(who) for who, attended in marks.items() if attended is None]:
            raise Rejected("training.marks_missing", {"participants": missing})
        minutes = net_minutes(session)
        self.record(
            self.SessionHeld,
            occurred_on=session.day,
            edition_id=self.edition_id,
            topic=session.topic,
            mode=session.mode,
            minutes=minutes,
        )
        self.record(
            self.TrainerHoursDelivered,
            occurred_on=session.day,
            edition_id=self.edition_id,
            trainer=session.trainer,
            contract=contract,
            starts=session.starts.strftime("%H:%M"),
            ends=session.ends.strftime("%H:%M"),
            minutes=minutes,
        )
        self.record(
            self.Settled,
            occurred_on=confirmed_on,
            edition_id=self.edition_id,
            held_on=session.day,
            minutes=minutes,
            marks=tuple(marks.items()),
            settled_by=by,
        )

    def request_correction(
        self,
        *,
        correction_id: UUID,
        participant_id: UUID,
        minutes: int,
        requested_on: date,
        reason: str,
        source_document: str,
        roster: Roster,
        by: str,
        today: date,
    ) -> None:
        """Say that a settled mark was wrong from the start; nothing changes before a decision.

        Who was enrolled and never marked counts as absent, and can be corrected too.
        """
        session, settled_on = self._settled()
        require_come(requested_on, today, "/requested_on")
        require_not_before(settled_on, requested_on, "/requested_on")
        if participant_id not in self.marks:
            _require_enrolled(participant_id, roster, "/participant_id")
        _require_within(minutes, net_minutes(session), "/minutes")
        before = self.attended(participant_id, roster[participant_id]) or 0
        if minutes == before:
            raise Rejected("nothing_changed", pointer="/minutes")
        self.record(
            self.CorrectionRequested,
            occurred_on=requested_on,
            participant_id=participant_id,
            correction_id=correction_id,
            minutes_before=before,
            minutes=minutes,
            requested_by=by,
            reason=reason,
            source_document=source_document,
        )

    def decide_correction(
        self,
        *,
        correction_id: UUID,
        decided_on: date,
        approve: bool,
        justification: str,
        roster: Roster,
        by: str,
        today: date,
    ) -> None:
        """Another person than the one who asked approves or rejects."""
        session, _ = self._settled()
        request = self._undecided(correction_id)
        require_come(decided_on, today, "/decided_on")
        require_not_before(request.occurred_on, decided_on, "/decided_on")
        if by == request.requested_by:
            raise Rejected("four_eyes")
        decision = {
            "participant_id": request.participant_id,
            "correction_id": correction_id,
            "decided_by": by,
            "justification": justification,
        }
        if not approve:
            self.record(self.CorrectionRejected, occurred_on=decided_on, **decision)
            return
        records = roster.get(request.participant_id, ())
        if (self.attended(request.participant_id, records) or 0) != request.minutes_before:
            raise Rejected("training.correction_overtaken")
        self.record(
            self.Corrected,
            occurred_on=decided_on,
            edition_id=self.edition_id,
            held_on=session.day,
            minutes_before=request.minutes_before,
            minutes=request.minutes,
            **decision,
        )

    def _require_unrecorded(self, pointer: str) -> None:
        if self.marks:
            raise Rejected("training.session_recorded", {"session_id": str(self.id)}, pointer)

    def _in_force(self) -> Session:
        if self.session is None or self.dropped:
            raise Rejected("not_found", {"id": str(self.id)})
        return self.session

    def _open_session(self, now: datetime) -> Session:
        """The session, over and not settled."""
        session = self._in_force()
        if now < ends_at(session):
            raise Rejected("training.session_not_over", {"ends": ends_at(session).isoformat()})
        if self.settled_on is not None:
            raise Rejected(
                "training.attendance_settled", {"settled_on": self.settled_on.isoformat()}
            )
        return session

    def _settled(self) -> tuple[Session, date]:
        session = self._in_force()
        if self.settled_on is None:
            raise Rejected("training.attendance_not_settled")
        return session, self.settled_on

    def _undecided(self, correction_id: UUID) -> AttendanceHistory.CorrectionRequested:
        correction = self.corrections.get(correction_id)
        if correction is None:
            raise Rejected("training.correction_unknown", pointer="/correction_id")
        if correction.state is not CorrectionState.REQUESTED:
            raise Rejected("training.correction_decided", {"state": correction.state})
        return correction.request


def is_late(held_on: date, recorded_on: date, rules: TrainingRules) -> bool:
    """Recorded more days after the session than the rule of the day of recording allows."""
    return (recorded_on - held_on).days > rules.late_entry_days.on(recorded_on)


def _require_each_once(marks: Sequence[Mark]) -> None:
    seen: set[UUID] = set()
    for index, mark in enumerate(marks):
        if mark.participant_id in seen:
            raise Rejected(
                "training.marked_twice",
                {"participant_id": str(mark.participant_id)},
                f"/marks/{index}/participant_id",
            )
        seen.add(mark.participant_id)


def _require_enrolled(participant_id: UUID, roster: Roster, pointer: str) -> None:
    if participant_id not in roster:
        raise Rejected(
            "training.not_enrolled_on_day", {"participant_id": str(participant_id)}, pointer
        )


def _require_within(minutes: int, session_minutes: int, pointer: str) -> None:
    if minutes > session_minutes:
        raise Rejected(
            "training.minutes_over_session",
            {"minutes": minutes, "session_minutes": session_minutes},
            pointer,
        )


def _require_plausible(mark: Mark, session_minutes: int, place: str) -> None:
    """Who was not there has a reason, and who was there all the time has none."""
    _require_within(mark.minutes, session_minutes, f"{place}/minutes")
    if mark.minutes == 0 and mark.absence is None:
        raise Rejected("training.absence_reason_missing", pointer=f"{place}/absence")
    if mark.minutes == session_minutes and mark.absence is not None:
        raise Rejected("training.absence_contradicted", pointer=f"{place}/absence")
