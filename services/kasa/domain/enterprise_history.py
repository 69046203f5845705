"""The history of an enterprise: its events, and the state they lead to.

People appear by random id or by the enterprise's own number for them. Whether they are entitled is a
yes or no: its ground is health, conviction or another special fact, and stays in the registry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.kasa.vocabulary.enterprises import (
    Code,
    EnterpriseKind,
    EnterpriseState,
    FullTimeShare,
    Identifiers,
    Krs,
    LegalForm,
    LostPlace,
    Nature,
    Person,
)
from shared.contracts.vocabulary import PartnerId, Reference, ShortText, Teryt
from shared.kernel.aggregate import Aggregate, Event


@dataclass(frozen=True)
class Member:
    """A founder, who is a member once the cooperative is founded; `until` is the first day without."""

    person: Person
    nature: Nature
    entitled: bool
    since: date
    until: date | None = None


@dataclass(frozen=True)
class JobPlace:
    """Vacant when it has no person; `lost_on` is the first day without it."""

    person: Person | None
    share: FullTimeShare
    entitled: bool
    since: date
    lost_on: date | None = None
    cause: LostPlace | None = None


class Joining(Event):
    """Somebody joins; `member_id` is theirs in this enterprise."""

    member_id: UUID
    person: Person
    nature: Nature
    entitled: bool


class EnterpriseHistory(Aggregate):
    class Registered(Event):
        """Kasa took up an enterprise, or a group that is founding one.

        `founded_by` is the type of a social cooperative. `fiscal_year_month` is the month in which
        its fiscal year begins. `converted`: it comes from a cooperative of invalids or of the blind.
        """

        TOPIC: ClassVar[str] = "kasa.Enterprise.Registered"
        code: Code
        name: ShortText
        kind: EnterpriseKind
        legal_form: LegalForm
        founded_by: Nature
        partner: PartnerId
        teryt: Teryt
        identifiers: Identifiers
        fiscal_year_month: int
        converted: bool

    class IdentifiersSet(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.IdentifiersSet"
        identifiers: Identifiers

    class FounderAdded(Joining):
        TOPIC: ClassVar[str] = "kasa.Enterprise.FounderAdded"

    class FounderRemoved(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.FounderRemoved"
        member_id: UUID

    class Founded(Event):
        """Entered in the register on this day; founders are members from now on.

        `article` is that of the rule in force on the day since `rule_from`; None for other kinds.
        """

        TOPIC: ClassVar[str] = "kasa.Enterprise.Founded"
        krs: Krs
        founders: int
        entitled: int
        article: str | None
        rule_from: date | None
        code: Code
        kind: EnterpriseKind
        partner: PartnerId
        teryt: Teryt

    class MemberJoined(Joining):
        TOPIC: ClassVar[str] = "kasa.Enterprise.MemberJoined"

    class MemberLeft(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.MemberLeft"
        member_id: UUID

    class JobPlaceCreated(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.JobPlaceCreated"
        place_id: UUID
        person: Person | None
        share: FullTimeShare
        entitled: bool

    class JobPlaceLost(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.JobPlaceLost"
        place_id: UUID
        person: Person | None
        created_on: date
        cause: LostPlace

    class StatusGranted(Event):
        """The voivode granted the status of a social enterprise."""

        TOPIC: ClassVar[str] = "kasa.Enterprise.StatusGranted"
        decision: Reference
        reintegration: bool
        employees: int
        entitled: int
        article: str

    class StatusWithdrawn(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.StatusWithdrawn"
        decision: Reference

    class Closed(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.Closed"

    class PersonReplaced(Event):
        """Two participants turned out to be one person, who counts once."""

        TOPIC: ClassVar[str] = "kasa.Enterprise.PersonReplaced"
        out: UUID
        into: UUID

    class ReplacementUndone(Event):
        TOPIC: ClassVar[str] = "kasa.Enterprise.ReplacementUndone"
        out: UUID

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.registered: EnterpriseHistory.Registered | None = None
        self.identifiers = Identifiers()
        self.members: dict[UUID, Member] = {}
        """Founders too; those who left stay, with the day."""
        self.places: dict[UUID, JobPlace] = {}
        self.founded: EnterpriseHistory.Founded | None = None
        self.closed_on: date | None = None
        self.status: EnterpriseHistory.StatusGranted | None = None
        self.one_person: dict[UUID, UUID] = {}
        """Participants merged into others, by the one that is gone."""

    @property
    def terms(self) -> Registered:
        """What the enterprise was registered with."""
        if self.registered is None:
            raise LookupError(f"enterprise {self.id} was never registered")
        return self.registered

    @property
    def state(self) -> EnterpriseState:
        if self.closed_on is not None:
            return EnterpriseState.CLOSED
        return EnterpriseState.FOUNDING if self.founded is None else EnterpriseState.ACTIVE

    @property
    def current_members(self) -> tuple[Member, ...]:
        """Of several records of one person the first."""
        return self._one_each(each for each in self.members.values() if each.until is None)

    @property
    def employed(self) -> tuple[JobPlace, ...]:
        """Job places with somebody in them; two of one person are one employee."""
        places = (each for each in self.places.values() if each.lost_on is None and each.person)
        found = {self.identity(each.person): each for each in places if each.person}
        return tuple(found.values())

    def identity(self, person: Person) -> UUID | str:
        """The same for all records that are known to be of one person."""
        if person.participant_id is None:
            return person.number or ""
        identity = person.participant_id
        while identity in self.one_person:
            identity = self.one_person[identity]
        return identity

    def _one_each(self, members: Iterable[Member]) -> tuple[Member, ...]:
        found: dict[UUID | str, Member] = {}
        for each in members:
            found.setdefault(self.identity(each.person), each)
        return tuple(found.values())

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Registered) -> None:
        self.registered, self.identifiers = event, event.identifiers

    @apply.register
    def _(self, event: IdentifiersSet) -> None:
        self.identifiers = event.identifiers

    @apply.register
    def _(self, event: Joining) -> None:
        self.members[event.member_id] = Member(
            event.person, event.nature, event.entitled, event.occurred_on
        )

    @apply.register
    def _(self, event: FounderRemoved) -> None:
        del self.members[event.member_id]

    @apply.register
    def _(self, event: Founded) -> None:
        self.founded = event
        self.identifiers = self.identifiers.model_copy(update={"krs": event.krs})
        self.members = {
            who: replace(each, since=event.occurred_on) for who, each in self.members.items()
        }

    @apply.register
    def _(self, event: MemberLeft) -> None:
        who = event.member_id
        self.members[who] = replace(self.members[who], until=event.occurred_on)

    @apply.register
    def _(self, event: JobPlaceCreated) -> None:
        self.places[event.place_id] = JobPlace(
            event.person, event.share, event.entitled, event.occurred_on
        )

    @apply.register
    def _(self, event: JobPlaceLost) -> None:
        place = event.place_id
        self.places[place] = replace(
            self.places[place], lost_on=event.occurred_on, cause=event.cause
        )

    @apply.register
    def _(self, event: StatusGranted) -> None:
        self.status = event

    @apply.register
    def _(self, _event: StatusWithdrawn) -> None:
        self.status = None

    @apply.register
    def _(self, event: Closed) -> None:
        self.closed_on = event.occurred_on

    @apply.register
    def _(self, event: PersonReplaced) -> None:
        self.one_person[event.out] = event.into

    @apply.register
    def _(self, event: ReplacementUndone) -> None:
        self.one_person.pop(event.out, None)
