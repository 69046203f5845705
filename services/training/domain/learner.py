"""What training knows of a participant: nothing but what the registry told, and their own calendar.

The stream is that of the participant's id. Who somebody is stays in the registry.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, NamedTuple
from uuid import UUID

from services.training.domain.calendar import Booking, Occupied, Release
from shared.contracts.training.vocabulary import Code
from shared.kernel.aggregate import Event
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass


@dataclass(frozen=True)
class Membership:
    """In the project from `since`; `until` is the first day out of it, None while it goes on."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


Moved = tuple[date, date]


class FirstMinute(NamedTuple):
    """The first session of all that a participant attended: support begins on its day."""

    on: date
    edition_id: UUID
    edition_code: str
    session_id: UUID


class Learner(Occupied):
    class Admitted(Event):
        TOPIC: ClassVar[str] = "training.Learner.Admitted"

    class AdmissionEnded(Event):
        """Put on the registry's reserve list, or refused after all."""

        TOPIC: ClassVar[str] = "training.Learner.AdmissionEnded"

    class Exited(Event):
        TOPIC: ClassVar[str] = "training.Learner.Exited"

    class ReEntered(Event):
        TOPIC: ClassVar[str] = "training.Learner.ReEntered"

    class StepsMoved(Event):
        """Days had been recorded wrongly in the registry: each as (it was, it is right)."""

        TOPIC: ClassVar[str] = "training.Learner.StepsMoved"
        begun: tuple[Moved, ...]
        """Of beginnings: admission, re-entry."""
        ended: tuple[Moved, ...]

    class MergedInto(Event):
        TOPIC: ClassVar[str] = "training.Learner.MergedInto"
        into: UUID

    class MergeUndone(Event):
        TOPIC: ClassVar[str] = "training.Learner.MergeUndone"
        out_of: UUID

    class Erased(Erasure):
        """Keys of the person were destroyed; nothing personal can be recorded any more."""

        TOPIC: ClassVar[str] = "training.Learner.Erased"

    class Booked(Booking):
        TOPIC: ClassVar[str] = "training.Learner.Booked"

    class Released(Release):
        TOPIC: ClassVar[str] = "training.Learner.Released"

    class SupportStarted(Event):
        """The first attended minute of all; the day is that of the session."""

        TOPIC: ClassVar[str] = "training.Learner.SupportStarted"
        edition_id: UUID
        edition_code: Code
        session_id: UUID

    class SupportStartMoved(Event):
        """An earlier day was recorded, or a correction took the first one away; `started_on` is
        None, and so are those after it, when no attended minute is left.
        """

        TOPIC: ClassVar[str] = "training.Learner.SupportStartMoved"
        was_on: date
        started_on: date | None
        edition_id: UUID
        edition_code: Code
        session_id: UUID | None

    BOOKED = Booked
    RELEASED = Released

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.memberships: tuple[Membership, ...] = ()
        self.merged_into: UUID | None = None
        self.erased_on: date | None = None
        self.first: FirstMinute | None = None

    @property
    def is_member(self) -> bool:
        return bool(self.memberships) and self.memberships[-1].until is None

    @property
    def left_on(self) -> date | None:
        """The first day on which the person is not in the project any more; None while they are."""
        if self.erased_on is not None:
            return self.erased_on
        return self.memberships[-1].until if self.memberships else None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Admitted) -> None:
        self._begin(event.occurred_on)

    @apply.register
    def _(self, event: ReEntered) -> None:
        self._begin(event.occurred_on)

    @apply.register
    def _(self, event: AdmissionEnded) -> None:
        self._end(event.occurred_on)

    @apply.register
    def _(self, event: Exited) -> None:
        self._end(event.occurred_on)

    @apply.register
    def _(self, event: StepsMoved) -> None:
        begun, ended = dict(event.begun), dict(event.ended)
        self.memberships = tuple(
            Membership(
                begun.get(each.since, each.since),
                each.until and ended.get(each.until, each.until),
            )
            for each in self.memberships
        )

    @apply.register
    def _(self, event: MergedInto) -> None:
        self.merged_into = event.into

    @apply.register
    def _(self, _event: MergeUndone) -> None:
        self.merged_into = None

    @apply.register
    def _(self, event: Erased) -> None:
        self.erased_on = event.occurred_on

    @apply.register
    def _(self, event: Booked) -> None:
        self._apply_booking(event)

    @apply.register
    def _(self, event: Released) -> None:
        self._apply_release(event)

    @apply.register
    def _(self, event: SupportStarted) -> None:
        self.first = FirstMinute(
            event.occurred_on, event.edition_id, event.edition_code, event.session_id
        )

    @apply.register
    def _(self, event: SupportStartMoved) -> None:
        self.first = (
            None
            if event.started_on is None or event.session_id is None
            else FirstMinute(
                event.started_on, event.edition_id, event.edition_code, event.session_id
            )
        )

    def admit(self, on: date) -> None:
        if not self.is_member:
            self.record(self.Admitted, occurred_on=on)

    def end_admission(self, on: date) -> None:
        if self.is_member:
            self.record(self.AdmissionEnded, occurred_on=on)

    def exit(self, on: date) -> None:
        if self.is_member:
            self.record(self.Exited, occurred_on=on)

    def re_enter(self, on: date) -> None:
        if not self.is_member:
            self.record(self.ReEntered, occurred_on=on)

    def move_steps(self, begun: Sequence[Moved], ended: Sequence[Moved], on: date) -> None:
        """Judge by the right days from now on; days that mean nothing here are left out."""
        first_days = {each.since for each in self.memberships}
        last_days = {each.until for each in self.memberships}
        moved = {
            "begun": tuple(each for each in begun if each[0] in first_days),
            "ended": tuple(each for each in ended if each[0] in last_days),
        }
        if any(moved.values()):
            self.record(self.StepsMoved, occurred_on=on, **moved)

    def merge_into(self, into: UUID, on: date) -> None:
        if self.merged_into is None:
            self.record(self.MergedInto, occurred_on=on, into=into)

    def undo_merge(self, on: date) -> None:
        if self.merged_into is not None:
            self.record(self.MergeUndone, occurred_on=on, out_of=self.merged_into)

    def erase(self, data_classes: tuple[DataClass, ...], on: date) -> None:
        self.record(self.Erased, occurred_on=on, data_classes=data_classes)

    def require_member(self, day: date, begins_on: date | None, pointer: str) -> None:
        """Enrolment needs somebody admitted who has not left, on the day of the enrolment; who left
        later must have had the course begun before.
        """
        if self.merged_into is not None:
            raise Rejected("training.participant_merged", {"into": str(self.merged_into)}, pointer)
        if self.erased_on is not None:
            raise Rejected("training.participant_erased", pointer=pointer)
        membership = next((each for each in self.memberships if each.covers(day)), None)
        if membership is None:
            raise Rejected("training.not_admitted", {"day": day.isoformat()}, pointer)
        until = membership.until
        if until is not None and (begins_on is None or begins_on >= until):
            raise Rejected("training.has_exited", {"exited_on": until.isoformat()}, pointer)

    def note_attended(self, minute: FirstMinute) -> None:
        """Somebody was there: the first time of all, or before what was the first so far."""
        if self.first is None or minute.on < self.first.on:
            self.correct_start(minute)

    def correct_start(self, earliest: FirstMinute | None) -> None:
        """The first attended minute as it is known now; None when there is none. Another session of
        the same day changes nothing.
        """
        if self.first is not None:
            self._move_start(self.first, earliest)
        elif earliest is not None:
            self.record(
                self.SupportStarted,
                occurred_on=earliest.on,
                edition_id=earliest.edition_id,
                edition_code=earliest.edition_code,
                session_id=earliest.session_id,
            )

    def _move_start(self, was: FirstMinute, earliest: FirstMinute | None) -> None:
        if earliest is not None and earliest.on == was.on:
            return
        now = earliest or was
        self.record(
            self.SupportStartMoved,
            occurred_on=now.on,
            was_on=was.on,
            started_on=earliest and earliest.on,
            edition_id=now.edition_id,
            edition_code=now.edition_code,
            session_id=earliest and earliest.session_id,
        )

    def _begin(self, day: date) -> None:
        self.memberships = (*self.memberships, Membership(day))

    def _end(self, day: date) -> None:
        *earlier, last = self.memberships
        self.memberships = (*earlier, replace(last, until=day))
