"""The history of a session's attendance list: its events, and the state they lead to.

The list's id is the session's. It begins when the session is put into a timetable, so that what is
recorded about a session and a change of the session never pass each other. Why somebody was absent
may tell of health, and is sealed for that person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.training.domain.edition_history import AboutParticipant
from shared.contracts.training.vocabulary import (
    AbsenceReason,
    Code,
    Minutes,
    Mode,
    Session,
    TrainerId,
)
from shared.contracts.vocabulary import FreeText, Reference, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import DataClass, SealedBox, Special, Unreadable


class CorrectionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Presence:
    """What is recorded of one participant in one session; `box` is what was sealed of it."""

    minutes: int
    absence: AbsenceReason | Unreadable | None = None
    note: str | Unreadable | None = None
    box: SealedBox | None = field(default=None, compare=False)


def attended(
    minutes: Mapping[UUID, int], participant_id: UUID, records: Collection[UUID]
) -> int | None:
    """Of the minutes marked in one session those of one person; None while not marked.

    What was marked under a merged record counts for the person, unless they were marked since.
    """
    if participant_id in minutes:
        return minutes[participant_id]
    return max((minutes[each] for each in records if each in minutes), default=None)


def counted(
    minutes: Mapping[UUID, int], participant_id: UUID, records: Collection[UUID], *, settled: bool
) -> int | None:
    """Minutes for the percentage; None while the session is open for the participant."""
    found = attended(minutes, participant_id, records)
    return 0 if found is None and settled else found


class AttendanceHistory(Aggregate):
    class Planned(Event):
        """The session came into a timetable, or changed there; on the day this was decided."""

        TOPIC: ClassVar[str] = "training.AttendanceList.Planned"
        edition_id: UUID
        session: Session

    class Dropped(Event):
        """The session is in the timetable no more."""

        TOPIC: ClassVar[str] = "training.AttendanceList.Dropped"

    class Marked(AboutParticipant):
        TOPIC: ClassVar[str] = "training.AttendanceList.Marked"
        minutes: Minutes
        marked_by: str
        absence: Special[AbsenceReason | None] = None
        note: Special[ShortText | None] = None

    class SessionHeld(Event):
        TOPIC: ClassVar[str] = "training.AttendanceList.SessionHeld"
        edition_id: UUID
        topic: Code
        mode: Mode
        minutes: Minutes

    class TrainerHoursDelivered(Event):
        """`starts` and `ends` are local times HH:MM."""

        TOPIC: ClassVar[str] = "training.AttendanceList.TrainerHoursDelivered"
        edition_id: UUID
        trainer: TrainerId
        contract: Reference
        starts: str
        ends: str
        minutes: Minutes

    class Settled(Event):
        """The list was confirmed; from here on it changes by correction only."""

        TOPIC: ClassVar[str] = "training.AttendanceList.Settled"
        edition_id: UUID
        held_on: date
        minutes: Minutes
        marks: tuple[tuple[UUID, Minutes], ...]
        settled_by: str

    class CorrectionRequested(AboutParticipant):
        TOPIC: ClassVar[str] = "training.AttendanceList.CorrectionRequested"
        correction_id: UUID
        minutes_before: Minutes
        minutes: Minutes
        requested_by: str
        reason: Special[FreeText]
        source_document: Reference

    class Corrected(AboutParticipant):
        TOPIC: ClassVar[str] = "training.AttendanceList.Corrected"
        correction_id: UUID
        edition_id: UUID
        held_on: date
        minutes_before: Minutes
        minutes: Minutes
        decided_by: str
        justification: Special[FreeText]

    class CorrectionRejected(AboutParticipant):
        TOPIC: ClassVar[str] = "training.AttendanceList.CorrectionRejected"
        correction_id: UUID
        decided_by: str
        justification: Special[FreeText]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.edition_id: UUID | None = None
        self.session: Session | None = None
        self.dropped = False
        self.marks: dict[UUID, Presence] = {}
        self.settled_on: date | None = None
        self.settled_by: str | None = None
        self.corrections: dict[UUID, Correction] = {}

    @property
    def minutes(self) -> dict[UUID, int]:
        """As marked, by participant."""
        return {who: presence.minutes for who, presence in self.marks.items()}

    def attended(self, participant_id: UUID, records: Collection[UUID] = ()) -> int | None:
        """Minutes of a participant with these records; None while not marked."""
        return attended(self.minutes, participant_id, records)

    def counted(self, participant_id: UUID, records: Collection[UUID] = ()) -> int | None:
        return counted(self.minutes, participant_id, records, settled=self.settled_on is not None)

    @property
    def undecided(self) -> tuple[UUID, ...]:
        """Corrections that nobody has decided on yet."""
        return tuple(
            correction_id
            for correction_id, each in self.corrections.items()
            if each.state is CorrectionState.REQUESTED
        )

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Planned) -> None:
        self.edition_id, self.session, self.dropped = event.edition_id, event.session, False

    @apply.register
    def _(self, _event: Dropped) -> None:
        self.dropped = True

    @apply.register
    def _(self, event: Marked) -> None:
        self.marks[event.participant_id] = Presence(
            event.minutes, event.absence, event.note, event.box(DataClass.SPECIAL)
        )

    @apply.register
    def _(self, event: SessionHeld) -> None:
        """Told to others; the session itself is known."""

    @apply.register
    def _(self, event: TrainerHoursDelivered) -> None:
        """Told to others; the session itself is known."""

    @apply.register
    def _(self, event: Settled) -> None:
        self.settled_on, self.settled_by = event.occurred_on, event.settled_by

    @apply.register
    def _(self, event: CorrectionRequested) -> None:
        self.corrections[event.correction_id] = Correction(event)

    @apply.register
    def _(self, event: Corrected) -> None:
        self._decided(event, CorrectionState.APPROVED)
        known = self.marks.get(event.participant_id)
        self.marks[event.participant_id] = (
            replace(known, minutes=event.minutes)
            if known and not event.minutes
            else Presence(event.minutes)
        )

    @apply.register
    def _(self, event: CorrectionRejected) -> None:
        self._decided(event, CorrectionState.REJECTED)

    def _decided(self, event: Corrected | CorrectionRejected, state: CorrectionState) -> None:
        self.corrections[event.correction_id] = replace(
            self.corrections[event.correction_id],
            state=state,
            decided_on=event.occurred_on,
            decided_by=event.decided_by,
        )


@dataclass(frozen=True)
class Correction:
    """A recorded mark was wrong; another person than the one who asked agrees, or does not."""

    request: AttendanceHistory.CorrectionRequested
    state: CorrectionState = CorrectionState.REQUESTED
    decided_on: date | None = None
    decided_by: str | None = None
