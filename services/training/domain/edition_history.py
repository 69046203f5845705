"""The history of an edition: its events, and the state they lead to.

An edition is one group that goes through a programme. What people write about a participant may tell
of health, and is sealed as such under that participant's key.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final, Literal
from uuid import UUID

from services.training.domain.timetable import Slot
from shared.contracts.training.vocabulary import (
    Code,
    EnrolmentState,
    GroupLimits,
    Percent,
    ProgrammeContent,
    Session,
    TrainerContract,
)
from shared.contracts.vocabulary import FreeText, PartnerId, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import Special

ON_THE_COURSE: Final = frozenset(
    {EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED}
)
"""States of those who stayed to the end, as far as it has come."""


@dataclass(frozen=True)
class Enrolment:
    """`until` is the first day on which somebody who left was not there any more."""

    state: EnrolmentState
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the person had a place in the course on a day."""
        if self.state is EnrolmentState.RESERVE:
            return False
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Replacement:
    """A record that turned out to be of the same person as `into`; what both were enrolled as."""

    into: UUID
    own: Enrolment
    other: Enrolment | None


class AboutParticipant(Event):
    participant_id: UUID

    @property
    def subject(self) -> UUID:
        return self.participant_id


class EditionHistory(Aggregate):
    class Opened(Event):
        """A group of a programme; the content is that of the programme's version `number`.

        The minimum attendance and the limits are those in force on the day, each with its source,
        or the programme's and the edition's own.
        """

        TOPIC: ClassVar[str] = "training.Edition.Opened"
        programme_id: UUID
        programme_number: int
        content: ProgrammeContent
        code: Code
        partner: PartnerId
        place: ShortText
        limits: GroupLimits
        limits_source: str
        minimum_percent: Percent
        minimum_source: str

    class TrainerContracted(Event):
        """Signed on this day."""

        TOPIC: ClassVar[str] = "training.Edition.TrainerContracted"
        contract: TrainerContract

    class TimetableSet(Event):
        """The whole timetable, in its version `number` from 1. The reason is the organisation's,
        never about a person.
        """

        TOPIC: ClassVar[str] = "training.Edition.TimetableSet"
        number: int
        sessions: tuple[Session, ...]
        reason: ShortText | None

    class ParticipantEnrolled(AboutParticipant):
        TOPIC: ClassVar[str] = "training.Edition.ParticipantEnrolled"

    class ParticipantPutOnReserve(AboutParticipant):
        """No place was left; `rank` counts those who wait, from 1."""

        TOPIC: ClassVar[str] = "training.Edition.ParticipantPutOnReserve"
        rank: int

    class ParticipantSubstituted(AboutParticipant):
        """The participant gave the place to `into` from the reserve list, before the course; that
        `into` is enrolled is a fact of its own.
        """

        TOPIC: ClassVar[str] = "training.Edition.ParticipantSubstituted"
        into: UUID
        reason: Special[FreeText]

    class EnrolmentEnded(AboutParticipant):
        """Withdrawn or lapsed before the course began, abandoned after it had begun."""

        TOPIC: ClassVar[str] = "training.Edition.EnrolmentEnded"
        was: Literal[EnrolmentState.ENROLLED, EnrolmentState.RESERVE]
        how: Literal[EnrolmentState.WITHDRAWN, EnrolmentState.LAPSED, EnrolmentState.ABANDONED]
        reason: Special[FreeText | None] = None

    class ParticipantReplaced(AboutParticipant):
        """The participant's record was merged into another of the same person, who goes on here."""

        TOPIC: ClassVar[str] = "training.Edition.ParticipantReplaced"
        into: UUID

    class ReplacementUndone(AboutParticipant):
        """The participant is a person of their own after all."""

        TOPIC: ClassVar[str] = "training.Edition.ReplacementUndone"
        out_of: UUID

    class Closed(Event):
        """Of everybody enrolled it was decided whether they completed the course."""

        TOPIC: ClassVar[str] = "training.Edition.Closed"
        completed: tuple[UUID, ...]
        not_completed: tuple[UUID, ...]

    class ConclusionRevised(AboutParticipant):
        """A correction after the closing decided otherwise of the participant."""

        TOPIC: ClassVar[str] = "training.Edition.ConclusionRevised"
        state: Literal[EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.opened: EditionHistory.Opened | None = None
        self.contracts: tuple[TrainerContract, ...] = ()
        self.timetable_version = 0
        self.timetable_on = date.min
        self.sessions: tuple[Session, ...] = ()
        """Of the timetable in force, in order of time."""
        self.enrolments: dict[UUID, Enrolment] = {}
        """By participant; those on the reserve list in order of their rank."""
        self.replaced: dict[UUID, Replacement] = {}
        self.closed_on: date | None = None

    @property
    def terms(self) -> Opened:
        """What the edition was opened with."""
        if self.opened is None:
            raise LookupError(f"edition {self.id} was never opened")
        return self.opened

    @property
    def content(self) -> ProgrammeContent:
        return self.terms.content

    @property
    def first_day(self) -> date | None:
        return self.sessions[0].day if self.sessions else None

    @property
    def last_day(self) -> date | None:
        return self.sessions[-1].day if self.sessions else None

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(map(Slot.of, self.sessions))

    @property
    def trainers(self) -> frozenset[str]:
        """Who teaches here, or has a contract to."""
        teaching = {session.trainer for session in self.sessions}
        return frozenset(teaching | {contract.trainer for contract in self.contracts})

    @property
    def enrolled(self) -> tuple[UUID, ...]:
        return self.those(EnrolmentState.ENROLLED)

    @property
    def reserve(self) -> tuple[UUID, ...]:
        return self.those(EnrolmentState.RESERVE)

    def those(self, state: EnrolmentState) -> tuple[UUID, ...]:
        return tuple(who for who, each in self.enrolments.items() if each.state is state)

    def enrolled_on(self, day: date) -> Collection[UUID]:
        """Who had a place on a day, and so is on the attendance list of its sessions."""
        return tuple(who for who, each in self.enrolments.items() if each.covers(day))

    def roster_on(self, day: date) -> Mapping[UUID, Collection[UUID]]:
        """Those enrolled on a day, each with all records that are known to be theirs."""
        return {who: self.records_of(who) for who in self.enrolled_on(day)}

    def records_of(self, participant: UUID) -> frozenset[UUID]:
        """The participant and every record merged into theirs: the marks of all count for them."""
        merged = [who for who, each in self.replaced.items() if each.into == participant]
        return frozenset({participant}).union(*(self.records_of(who) for who in merged))

    def person_of(self, record: UUID) -> UUID:
        """Whom a record stands for here: the one into which it was merged, or itself."""
        return self.person_of(self.replaced[record].into) if record in self.replaced else record

    def session(self, session_id: UUID) -> Session | None:
        """A session of the timetable in force."""
        return next((each for each in self.sessions if each.id == session_id), None)

    def contract_of(self, trainer: str, day: date) -> TrainerContract | None:
        """The contract under which a trainer teaches here on a day."""
        found = (
            each
            for each in self.contracts
            if each.trainer == trainer and each.first_day <= day <= each.last_day
        )
        return next(found, None)

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.opened = event

    @apply.register
    def _(self, event: TrainerContracted) -> None:
        self.contracts = (*self.contracts, event.contract)

    @apply.register
    def _(self, event: TimetableSet) -> None:
        self.timetable_version, self.timetable_on = event.number, event.occurred_on
        self.sessions = tuple(sorted(event.sessions, key=lambda each: (each.day, each.starts)))

    @apply.register
    def _(self, event: ParticipantEnrolled) -> None:
        self._put(event.participant_id, Enrolment(EnrolmentState.ENROLLED, event.occurred_on))

    @apply.register
    def _(self, event: ParticipantPutOnReserve) -> None:
        self._put(event.participant_id, Enrolment(EnrolmentState.RESERVE, event.occurred_on))

    @apply.register
    def _(self, event: ParticipantSubstituted) -> None:
        self._leave(event.participant_id, EnrolmentState.SUBSTITUTED, event.occurred_on)

    @apply.register
    def _(self, event: EnrolmentEnded) -> None:
        self._leave(event.participant_id, event.how, event.occurred_on)

    @apply.register
    def _(self, event: ParticipantReplaced) -> None:
        out, into = event.participant_id, event.into
        own, other = self.enrolments[out], self.enrolments.get(into)
        self.replaced[out] = Replacement(into, own, other)
        kept = other if other is not None and _ahead(other, own) else own
        self.enrolments = {
            into if who == out else who: kept if who in (out, into) else each
            for who, each in self.enrolments.items()
        }

    @apply.register
    def _(self, event: ReplacementUndone) -> None:
        out, undone = event.participant_id, self.replaced.pop(event.participant_id)
        own, other = undone.own, undone.other
        now = self.enrolments.get(undone.into)
        if now is None:  # merged on into a third record, which keeps what it has
            self.enrolments[out] = own
        elif other is None:
            self.enrolments[out] = self.enrolments.pop(undone.into)
        elif _ahead(other, own):
            self.enrolments[out] = own
        else:
            self.enrolments |= {out: now, undone.into: other}

    @apply.register
    def _(self, event: Closed) -> None:
        self.closed_on = event.occurred_on
        outcomes: Mapping[EnrolmentState, tuple[UUID, ...]] = {
            EnrolmentState.COMPLETED: event.completed,
            EnrolmentState.NOT_COMPLETED: event.not_completed,
        }
        for state, participants in outcomes.items():
            for who in participants:
                self.enrolments[who] = replace(self.enrolments[who], state=state)

    @apply.register
    def _(self, event: ConclusionRevised) -> None:
        who = event.participant_id
        self.enrolments[who] = replace(self.enrolments[who], state=event.state)

    def _put(self, participant: UUID, enrolment: Enrolment) -> None:
        """Whoever comes is last in order."""
        self.enrolments.pop(participant, None)
        self.enrolments[participant] = enrolment

    def _leave(self, participant: UUID, state: EnrolmentState, on: date) -> None:
        self.enrolments[participant] = replace(self.enrolments[participant], state=state, until=on)


def _ahead(one: Enrolment, other: Enrolment) -> bool:
    """Of two enrolments of one person the one that goes further counts."""
    return (one.state in ON_THE_COURSE, one.since) >= (other.state in ON_THE_COURSE, other.since)
