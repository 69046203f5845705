"""The history of a single undertaking: its events, and the state they lead to.

A single undertaking is all enterprises that are linked, directly or through others (Reg. (EU)
2023/2831 art. 2(2)). It is the unit of every ceiling, so its stream is the lock on which grants meet.

Each party has a home undertaking, which it formed. Linked undertakings become one: one takes all
parties of the other, with their aid. When links end, parties that are linked no more go to the home
of one of them. So a home that has parties has its own, and every party is in exactly one.
"""

from collections.abc import Iterable
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.kasa.domain.deminimis import Aid, Window
from shared.contracts.kasa.vocabulary.enterprises import Nip
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    Link,
    Rate,
    RecoveryReason,
    TableNumber,
)
from shared.contracts.vocabulary import Reference, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.money import Amount, Money


class Declared(BaseModel):
    """Aid from others, with who gave it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aid: Aid
    granted_by: ShortText


class Part(BaseModel):
    """Parties with all that is theirs: what goes from one undertaking to another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parties: tuple[UUID, ...]
    links: tuple[Link, ...]
    aid: tuple[Aid, ...]
    declared_on: tuple[tuple[UUID, tuple[date, ...]], ...]


class UndertakingHistory(Aggregate):
    class Formed(Event):
        """By a party, whose home it is; one outside of kasa is known by its tax number."""

        TOPIC: ClassVar[str] = "kasa.Undertaking.Formed"
        party: UUID
        nip: Nip | None

    class PartTaken(Event):
        TOPIC: ClassVar[str] = "kasa.Undertaking.PartTaken"
        out_of: UUID
        part: Part

    class PartGiven(Event):
        TOPIC: ClassVar[str] = "kasa.Undertaking.PartGiven"
        into: UUID
        parties: tuple[UUID, ...]

    class LinkAdded(Event):
        TOPIC: ClassVar[str] = "kasa.Undertaking.LinkAdded"
        link: Link

    class LinkEnded(Event):
        TOPIC: ClassVar[str] = "kasa.Undertaking.LinkEnded"
        link_id: UUID

    class AidDeclared(Event):
        """An applicant declared the aid of the last years from others; what was known is not
        repeated.
        """

        TOPIC: ClassVar[str] = "kasa.Undertaking.AidDeclared"
        party: UUID
        declared: tuple[Declared, ...]

    class AidGranted(Event):
        """The right to aid was conferred on this day, with everything that its amount rests on.

        `rate` is zlotys for a euro by `rate_table` of `rate_on`. `used` is what the aid in `window`
        had used of the tightest `ceiling` before, in euro.
        """

        TOPIC: ClassVar[str] = "kasa.Undertaking.AidGranted"
        aid: Aid
        amount_pln: Money
        rate: Rate
        rate_table: TableNumber
        rate_on: date
        basis: AidBasis
        convention: str | None
        """By which the gross grant equivalent of a loan was computed, with its version."""
        decision: Reference
        article: str
        ceiling_of: str
        """The regulation whose ceiling is the tightest."""
        window: Window
        used: Amount
        ceiling: Amount
        declared_on: date

    class AidRecovered(Event):
        """Aid, or a part of it, was paid back or never came about: it counts less."""

        TOPIC: ClassVar[str] = "kasa.Undertaking.AidRecovered"
        aid_id: UUID
        amount: Amount
        reason: RecoveryReason
        decision: Reference

    class AidPassed(Event):
        """An enterprise was divided, and aid went with who uses it now."""

        TOPIC: ClassVar[str] = "kasa.Undertaking.AidPassed"
        aid_id: UUID
        amount: Amount
        into: UUID

    class AidInherited(Event):
        TOPIC: ClassVar[str] = "kasa.Undertaking.AidInherited"
        out_of: UUID
        aid: Aid

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.owner: UUID | None = None
        self.parties: frozenset[UUID] = frozenset()
        self.links: dict[UUID, Link] = {}
        self.aid: dict[UUID, Aid] = {}
        """Of all parties, granted and declared; the amounts are what is left of it."""
        self.declared_on: dict[UUID, tuple[date, ...]] = {}
        """Days on which a party declared, in order."""
        self.gone: dict[UUID, UUID] = {}
        """Where parties went that were here."""

    def part_of(self, parties: Iterable[UUID]) -> Part:
        """What goes with these parties. Links lie within a part, never between two."""
        chosen = frozenset(parties)
        return Part(
            parties=tuple(sorted(chosen)),
            links=tuple(each for each in self.links.values() if each.one in chosen),
            aid=tuple(each for each in self.aid.values() if each.party in chosen),
            declared_on=tuple(
                sorted((who, days) for who, days in self.declared_on.items() if who in chosen)
            ),
        )

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Formed) -> None:
        self.owner, self.parties = event.party, frozenset({event.party})

    @apply.register
    def _(self, event: PartTaken) -> None:
        part = event.part
        self.parties |= set(part.parties)
        self.links |= {each.link_id: each for each in part.links}
        self.aid |= {each.aid_id: each for each in part.aid}
        self.declared_on |= dict(part.declared_on)
        self.gone = {who: to for who, to in self.gone.items() if who not in self.parties}

    @apply.register
    def _(self, event: PartGiven) -> None:
        part = self.part_of(event.parties)
        self.parties -= set(part.parties)
        for link in part.links:
            del self.links[link.link_id]
        for aid in part.aid:
            del self.aid[aid.aid_id]
        for who, _ in part.declared_on:
            del self.declared_on[who]
        self.gone |= dict.fromkeys(part.parties, event.into)

    @apply.register
    def _(self, event: LinkAdded) -> None:
        self.links[event.link.link_id] = event.link

    @apply.register
    def _(self, event: LinkEnded) -> None:
        del self.links[event.link_id]

    @apply.register
    def _(self, event: AidDeclared) -> None:
        days = {*self.declared_on.get(event.party, ()), event.occurred_on}
        self.declared_on[event.party] = tuple(sorted(days))
        self.aid |= {each.aid.aid_id: each.aid for each in event.declared}

    @apply.register
    def _(self, event: AidGranted) -> None:
        self.aid[event.aid.aid_id] = event.aid

    @apply.register
    def _(self, event: AidRecovered) -> None:
        self._lower(event.aid_id, event.amount)

    @apply.register
    def _(self, event: AidPassed) -> None:
        self._lower(event.aid_id, event.amount)

    @apply.register
    def _(self, event: AidInherited) -> None:
        self.aid[event.aid.aid_id] = event.aid

    def _lower(self, aid_id: UUID, amount: Amount) -> None:
        aid = self.aid[aid_id]
        self.aid[aid_id] = aid.model_copy(update={"amount": aid.amount - amount})
