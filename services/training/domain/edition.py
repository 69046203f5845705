"""An edition, from its opening to its closing: decisions about terms, timetable and roster.

The group's places are guarded by the version of this aggregate: of fifty enrolments at one moment
for one last place the first is recorded, and the others decide again on a full group.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.training.domain.edition_history import EditionHistory, Enrolment
from services.training.domain.programme import Programme
from services.training.domain.rules import TrainingRules
from services.training.domain.timetable import minutes_by_topic, require_apart, require_sound
from shared.contracts.training.vocabulary import (
    EnrolmentState,
    GroupLimits,
    Session,
    TrainerContract,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.parameters import Period


class Edition(EditionHistory):
    """Its id derives from its code (`id_of("edition", code)`), so a code is used once."""

    def open(
        self,
        programme: Programme,
        *,
        code: str,
        partner: str,
        place: str,
        opened_on: date,
        limits: GroupLimits | None,
        limits_justification: str | None,
        today: date,
        rules: TrainingRules,
    ) -> None:
        """Open on the programme's latest version, under the rules of the day."""
        if self.opened is not None:
            raise Rejected("training.code_taken", pointer="/code")
        require_come(opened_on, today, "/opened_on")
        programme.require_open(opened_on, "/opened_on")
        _require_justified(limits, limits_justification)
        usual = rules.group_limits.period_on(opened_on, "/opened_on")
        minimum = rules.minimum_attendance.period_on(opened_on, "/opened_on")
        own = programme.content.minimum_attendance
        self.record(
            self.Opened,
            occurred_on=opened_on,
            programme_id=programme.id,
            programme_number=programme.number,
            content=programme.content,
            code=code,
            partner=partner,
            place=place,
            limits=limits or usual.value,
            limits_source=limits_justification or _cited(usual),
            minimum_percent=own or minimum.value,
            minimum_source=_of_programme(programme) if own else _cited(minimum),
        )

    def contract_trainer(self, *, contract: TrainerContract, signed_on: date, today: date) -> None:
        self._require_open()
        require_come(signed_on, today, "/signed_on")
        require_not_before(contract.first_day, contract.last_day, "/contract/last_day")
        for other in self.contracts:
            apart = contract.last_day < other.first_day or other.last_day < contract.first_day
            if other.trainer == contract.trainer and not apart:
                raise Rejected(
                    "training.contract_overlaps", {"contract": other.contract}, "/contract"
                )
        self.record(self.TrainerContracted, occurred_on=signed_on, contract=contract)

    def set_timetable(
        self, *, sessions: Sequence[Session], decided_on: date, reason: str | None, today: date
    ) -> None:
        """Put a whole timetable in force. Its sessions are apart, of topics of the programme, and
        under contract; nobody's calendar and no attendance list is looked at here.
        """
        self._require_open()
        require_come(decided_on, today, "/decided_on")
        require_not_before(
            max(self.terms.occurred_on, self.timetable_on), decided_on, "/decided_on"
        )
        if self.timetable_version and reason is None:
            raise Rejected("training.reason_missing", pointer="/reason")
        require_sound(sessions, self.content)
        require_apart(sessions, self.id)
        self._require_contracts(sessions)
        if set(sessions) == set(self.sessions):
            raise Rejected("nothing_changed", pointer="/sessions")
        self.record(
            self.TimetableSet,
            occurred_on=decided_on,
            number=self.timetable_version + 1,
            sessions=tuple(sessions),
            reason=reason,
        )

    def enrol(
        self, *, participant_id: UUID, enrolled_on: date, reserve_if_full: bool, today: date
    ) -> None:
        """Give a place, from the reserve list too; or, when asked, a place on that list."""
        self._require_open()
        require_come(enrolled_on, today, "/enrolled_on")
        require_not_before(self.terms.occurred_on, enrolled_on, "/enrolled_on")
        known = self.enrolments.get(participant_id)
        if known is not None and known.state is EnrolmentState.ENROLLED:
            raise Rejected("training.already_enrolled", pointer="/participant_id")
        if known is not None:
            require_not_before(known.until or known.since, enrolled_on, "/enrolled_on")
        if self.first_day is not None and enrolled_on > self.first_day:
            raise self._begun("/enrolled_on")
        if len(self.enrolled) < self.terms.limits.maximum:
            self.record(
                self.ParticipantEnrolled, occurred_on=enrolled_on, participant_id=participant_id
            )
        elif not reserve_if_full:
            raise self._full()
        elif known is not None and known.state is EnrolmentState.RESERVE:
            raise Rejected("training.already_on_reserve", pointer="/participant_id")
        else:
            self.record(
                self.ParticipantPutOnReserve,
                occurred_on=enrolled_on,
                participant_id=participant_id,
                rank=len(self.reserve) + 1,
            )

    def substitute(
        self, *, out: UUID, into: UUID, substituted_on: date, reason: str, today: date
    ) -> None:
        """Give the place of `out` to `into` from the reserve list, before the first session."""
        self._require_open()
        require_come(substituted_on, today, "/substituted_on")
        leaving = self._require_state(out, EnrolmentState.ENROLLED, "/out")
        waiting = self._require_state(into, EnrolmentState.RESERVE, "/into")
        require_not_before(max(leaving.since, waiting.since), substituted_on, "/substituted_on")
        if self.begun_by(substituted_on):
            raise self._begun("/substituted_on")
        self.record(
            self.ParticipantSubstituted,
            occurred_on=substituted_on,
            participant_id=out,
            into=into,
            reason=reason,
        )
        self.record(self.ParticipantEnrolled, occurred_on=substituted_on, participant_id=into)

    def end_enrolment(
        self, *, participant_id: UUID, ended_on: date, reason: str, today: date
    ) -> None:
        """Someone leaves; `ended_on` is the first day on which they are not enrolled any more."""
        self._require_open()
        require_come(ended_on, today, "/ended_on")
        known = self._place_of(participant_id)
        if known is None:
            raise self._not_enrolled("/participant_id")
        require_not_before(known.since, ended_on, "/ended_on")
        begun = known.state is EnrolmentState.ENROLLED and self.begun_by(ended_on)
        how = EnrolmentState.ABANDONED if begun else EnrolmentState.WITHDRAWN
        self._end(participant_id, known, how, ended_on, reason)

    def lapse(self, participant_id: UUID, on: date) -> bool:
        """Who has left the project on a day has no place in a course that begins later."""
        known = self._place_of(participant_id)
        if known is None or self.closed_on is not None or self.begun_by(on):
            return False
        self._end(participant_id, known, EnrolmentState.LAPSED, max(on, known.since), None)
        return True

    def replace(self, out: UUID, into: UUID, on: date) -> None:
        """Two records are of one person: whatever `out` was here, `into` is."""
        if out in self.enrolments:
            self.record(self.ParticipantReplaced, occurred_on=on, participant_id=out, into=into)

    def undo_replacement(self, out: UUID, on: date) -> None:
        if out in self.replaced:
            out_of = self.replaced[out].into
            self.record(self.ReplacementUndone, occurred_on=on, participant_id=out, out_of=out_of)

    def close(
        self,
        *,
        closed_on: date,
        completed: Collection[UUID],
        not_completed: Collection[UUID],
        today: date,
    ) -> None:
        """End the course for everybody enrolled, who must be either in one or in the other.

        Raises `training.minutes_missing` with the topics that the timetable falls short of.
        """
        last_day = self.require_closable()
        require_come(closed_on, today, "/closed_on")
        require_not_before(last_day, closed_on, "/closed_on")
        if sorted((*completed, *not_completed)) != sorted(self.enrolled):
            raise ValueError("whoever is enrolled either completed the course or did not")
        self.record(
            self.Closed,
            occurred_on=closed_on,
            completed=tuple(sorted(completed)),
            not_completed=tuple(sorted(not_completed)),
        )

    def revise_conclusion(self, participant_id: UUID, state: EnrolmentState, on: date) -> None:
        """After a correction; records nothing when the conclusion stands."""
        if self.enrolments[participant_id].state is not state:
            self.record(
                self.ConclusionRevised, occurred_on=on, participant_id=participant_id, state=state
            )

    def require_closable(self) -> date:
        """The last day of a timetable that covers the whole programme, of an open edition."""
        self._require_open()
        if self.last_day is None:
            raise Rejected("training.timetable_missing")
        minutes = minutes_by_topic(self.sessions)
        missing = {
            topic.code: topic.planned_minutes - minutes.get(topic.code, 0)
            for topic in self.content.topics
            if minutes.get(topic.code, 0) < topic.planned_minutes
        }
        if missing:
            raise Rejected(
                "training.minutes_missing",
                {"missing": missing, "programme_version": self.terms.programme_number},
            )
        return self.last_day

    def begun_by(self, day: date) -> bool:
        """On the day of its first session a course has begun."""
        return self.first_day is not None and day >= self.first_day

    def _place_of(self, participant_id: UUID) -> Enrolment | None:
        """On the course or on its reserve list."""
        known = self.enrolments.get(participant_id)
        waiting = (EnrolmentState.ENROLLED, EnrolmentState.RESERVE)
        return known if known is not None and known.state in waiting else None

    def _end(
        self,
        participant_id: UUID,
        known: Enrolment,
        how: EnrolmentState,
        on: date,
        reason: str | None,
    ) -> None:
        self.record(
            self.EnrolmentEnded,
            occurred_on=on,
            participant_id=participant_id,
            was=known.state,
            how=how,
            reason=reason,
        )

    def _require_open(self) -> None:
        if self.closed_on is not None:
            raise Rejected("training.edition_closed", {"closed_on": self.closed_on.isoformat()})

    def _require_contracts(self, sessions: Sequence[Session]) -> None:
        for index, session in enumerate(sessions):
            if self.contract_of(session.trainer, session.day) is None:
                raise Rejected(
                    "training.trainer_not_contracted",
                    {"trainer": session.trainer, "day": session.day.isoformat()},
                    f"/sessions/{index}/trainer",
                )

    def _require_state(self, who: UUID, state: EnrolmentState, pointer: str) -> Enrolment:
        known = self.enrolments.get(who)
        if known is not None and known.state is state:
            return known
        if state is EnrolmentState.RESERVE:
            raise Rejected("training.not_on_reserve", pointer=pointer)
        raise self._not_enrolled(pointer)

    def _not_enrolled(self, pointer: str) -> Rejected:
        return Rejected("training.not_enrolled", {"edition": self.terms.code}, pointer)

    def _begun(self, pointer: str) -> Rejected:
        return Rejected("training.edition_begun", {"first_session": str(self.first_day)}, pointer)

    def _full(self) -> Rejected:
        terms = self.terms
        return Rejected(
            "training.edition_full",
            {
                "maximum": terms.limits.maximum,
                "reserve": len(self.reserve),
                "source": terms.limits_source,
            },
        )


def _require_justified(limits: GroupLimits | None, justification: str | None) -> None:
    if limits is not None and justification is None:
        raise Rejected("training.justification_missing", pointer="/limits_justification")
    if limits is None and justification is not None:
        raise Rejected("training.limits_missing", pointer="/limits")


def _of_programme(programme: Programme) -> str:
    return f"Programme {programme.content.code}, version {programme.number}"


def _cited(rule: Period[Any]) -> str:
    """A rule and its version."""
    return f"{rule.source} (in force from {rule.valid_from.isoformat()})"
