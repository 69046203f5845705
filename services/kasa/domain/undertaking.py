"""What may happen to a single undertaking: links, declarations, grants within the ceilings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kasa.domain.deminimis import NOTHING, Aid, euros, require_room
from services.kasa.domain.links import linked_groups
from services.kasa.domain.rules.deminimis import DeMinimisRules
from services.kasa.domain.undertaking_history import Declared, UndertakingHistory
from shared.contracts.kasa.vocabulary.enterprises import Nip
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    AidKind,
    AidOrigin,
    DeclaredAid,
    ExchangeRate,
    Link,
    LinkKind,
    RecoveryReason,
    RegulationNumber,
)
from shared.contracts.vocabulary import Reference
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money, require_currency


@dataclass(frozen=True)
class Granting:
    """Aid that a decision gives; for a loan `amount` is its gross grant equivalent in zlotys."""

    aid_id: UUID
    party: UUID
    amount: Money
    regulation: RegulationNumber
    granted_on: date
    basis: AidBasis
    decision: Reference
    convention: str | None = None
    road_transport: bool = False
    fiscal_year_month: int = 1


class Undertaking(UndertakingHistory):
    """Its id derives from the party whose home it is (`id_of("undertaking", party)`)."""

    def form(self, party: UUID, on: date, nip: Nip | None = None) -> None:
        self.record(self.Formed, occurred_on=on, party=party, nip=nip)

    def take_over(self, other: "Undertaking", on: date) -> None:
        """The other one's parties are linked with ours: one undertaking, one history."""
        self.take(other, other.parties, on)

    def take(self, other: "Undertaking", parties: Iterable[UUID], on: date) -> None:
        """Parties of the other one, with their links and their aid."""
        part = other.part_of(parties)
        other.record(other.PartGiven, occurred_on=on, into=self.id, parties=part.parties)
        self.record(self.PartTaken, occurred_on=on, out_of=other.id, part=part)

    def add_link(self, link: Link, *, today: date) -> None:
        """Raises `kasa.linked_already` for the same link, `kasa.linked_to_itself`."""
        require_come(link.since, today, "/since")
        if link.one == link.other:
            raise Rejected("kasa.linked_to_itself", pointer="/other")
        known = {(each.kind, frozenset({each.one, each.other})) for each in self.links.values()}
        if (link.kind, frozenset({link.one, link.other})) in known:
            raise Rejected("kasa.linked_already", pointer="/other")
        self.record(self.LinkAdded, occurred_on=link.since, link=link)

    def end_link(self, link_id: UUID, *, ended_on: date, today: date) -> None:
        """Raises `kasa.link_unknown`, `kasa.merger_is_final`."""
        require_come(ended_on, today, "/ended_on")
        link = self.links.get(link_id)
        if link is None:
            raise Rejected("kasa.link_unknown", pointer="/link_id")
        if link.kind is LinkKind.MERGER:
            raise Rejected("kasa.merger_is_final", pointer="/link_id")
        require_not_before(link.since, ended_on, "/ended_on")
        self.record(self.LinkEnded, occurred_on=ended_on, link_id=link_id)

    def strangers(self) -> tuple[frozenset[UUID], ...]:
        """Groups of parties here that no link connects with the owner any more."""
        groups = linked_groups(self.parties, self.links.values())
        return tuple(each for each in groups if self.owner not in each)

    def release_strangers(
        self, home_of: Callable[[UUID], "Undertaking"], on: date
    ) -> tuple["Undertaking", ...]:
        """Each such group becomes an undertaking of its own, in the home of one of its parties."""
        homes = []
        for group in self.strangers():
            home = home_of(min(group))
            home.take(self, group, on)
            homes.append(home)
        return tuple(homes)

    def declare(
        self,
        party: UUID,
        items: Sequence[tuple[UUID, DeclaredAid]],
        *,
        fiscal_year_month: int,
        declared_on: date,
        today: date,
        rules: DeMinimisRules,
    ) -> None:
        """What the applicant had from others, each item with an id that follows from its reference.

        Raises `kasa.aid_differs` where the same certificate was declared with other facts.
        """
        require_come(declared_on, today, "/declared_on")
        new = []
        for index, (aid_id, item) in enumerate(items):
            pointer = f"/items/{index}"
            require_come(item.granted_on, declared_on, f"{pointer}/granted_on")
            declared = _declared(aid_id, party, item, fiscal_year_month, rules, pointer)
            known = self.aid.get(aid_id)
            if known is None:
                new.append(declared)
            elif known != declared.aid.model_copy(update={"amount": known.amount}):
                raise Rejected("kasa.aid_differs", {"reference": item.reference}, pointer)
        self.record(self.AidDeclared, occurred_on=declared_on, party=party, declared=tuple(new))

    def grant(
        self, granting: Granting, rate: ExchangeRate, *, today: date, rules: DeMinimisRules
    ) -> None:
        """Whole, or not at all.

        Raises `kasa.regulation_not_in_force`, `kasa.declaration_missing`, `kasa.amount_too_small`
        and `kasa.de_minimis_ceiling`.
        """
        day = granting.granted_on
        require_come(day, today, "/granted_on")
        require_currency(granting.amount, Currency.PLN, "/amount")
        regulation = rules.regulation(granting.regulation, day, "/regulation")
        declared_on = self._declaration(granting.party, day, rules)
        amount = euros(granting.amount, rate.rate)
        if amount.amount <= NOTHING:
            raise Rejected(
                "kasa.amount_too_small", {"minimum": "0.01", "currency": "EUR"}, "/amount"
            )
        aid = Aid(
            aid_id=granting.aid_id,
            party=granting.party,
            granted_on=day,
            original=amount.amount,
            amount=amount.amount,
            regulation=regulation.number,
            kind=regulation.kind,
            road_transport=granting.road_transport,
            fiscal_year_month=granting.fiscal_year_month,
            origin=AidOrigin.GRANTED,
        )
        room = require_room(aid, self.aid.values(), rules)
        self.record(
            self.AidGranted,
            occurred_on=day,
            aid=aid,
            amount_pln=granting.amount,
            rate=rate.rate,
            rate_table=rate.table,
            rate_on=rate.announced_on,
            basis=granting.basis,
            convention=granting.convention,
            decision=granting.decision,
            article=regulation.article,
            ceiling_of=room.regulation.number,
            window=room.window,
            used=room.used,
            ceiling=room.ceiling,
            declared_on=declared_on,
        )

    def recover(
        self,
        *,
        aid_id: UUID,
        amount: Money,
        reason: RecoveryReason,
        decision: Reference,
        recovered_on: date,
        today: date,
    ) -> None:
        """Raises `kasa.aid_unknown`, `kasa.more_than_granted`."""
        require_come(recovered_on, today, "/recovered_on")
        aid = self._aid(aid_id)
        require_not_before(aid.granted_on, recovered_on, "/recovered_on")
        self.record(
            self.AidRecovered,
            occurred_on=recovered_on,
            aid_id=aid_id,
            amount=_part_of(aid, amount),
            reason=reason,
            decision=decision,
        )

    def pass_aid(
        self,
        aid_id: UUID,
        amount: Money,
        *,
        to: "Undertaking",
        party: UUID,
        passed_id: UUID,
        divided_on: date,
        today: date,
    ) -> None:
        """Aid, or the share of it by equity, follows who uses it after a division (art. 3(9))."""
        require_come(divided_on, today, "/divided_on")
        aid = self._aid(aid_id)
        require_not_before(aid.granted_on, divided_on, "/divided_on")
        share = _part_of(aid, amount)
        self.record(self.AidPassed, occurred_on=divided_on, aid_id=aid_id, amount=share, into=to.id)
        theirs = {"aid_id": passed_id, "party": party, "original": share, "amount": share}
        inherited = aid.model_copy(update=theirs)
        to.record(to.AidInherited, occurred_on=divided_on, out_of=self.id, aid=inherited)

    def _declaration(self, party: UUID, day: date, rules: DeMinimisRules) -> date:
        """The party's last one before the grant; one that came after it proves nothing of it."""
        before = [each for each in self.declared_on.get(party, ()) if each <= day]
        days = rules.declaration_days.on(day, "/granted_on")
        if not before or (day - before[-1]).days > days:
            last = before[-1].isoformat() if before else None
            raise Rejected("kasa.declaration_missing", {"days": days, "declared_on": last})
        return before[-1]

    def _aid(self, aid_id: UUID) -> Aid:
        aid = self.aid.get(aid_id)
        if aid is None:
            raise Rejected("kasa.aid_unknown", pointer="/aid_id")
        return aid


def _declared(
    aid_id: UUID,
    party: UUID,
    item: DeclaredAid,
    fiscal_year_month: int,
    rules: DeMinimisRules,
    pointer: str,
) -> Declared:
    """Aid under a regulation that is not ours (agriculture, fisheries) counts as general aid."""
    require_currency(item.amount, Currency.EUR, f"{pointer}/amount")
    known = rules.known(item.regulation)
    amount = _positive(item.amount, f"{pointer}/amount")
    aid = Aid(
        aid_id=aid_id,
        party=party,
        granted_on=item.granted_on,
        original=amount,
        amount=amount,
        regulation=item.regulation,
        kind=AidKind.GENERAL if known is None else known.kind,
        road_transport=item.road_transport,
        fiscal_year_month=fiscal_year_month,
        origin=AidOrigin.DECLARED,
        reference=item.reference,
    )
    return Declared(aid=aid, granted_by=item.granted_by)


def _part_of(aid: Aid, amount: Money) -> Decimal:
    require_currency(amount, Currency.EUR, "/amount")
    share = _positive(amount, "/amount")
    if share > aid.amount:
        raise Rejected(
            "kasa.more_than_granted", {"left": str(aid.amount), "currency": "EUR"}, "/amount"
        )
    return share


def _positive(money: Money, pointer: str) -> Decimal:
    if money.amount <= NOTHING:
        raise Rejected(
            "kasa.amount_too_small", {"minimum": "0.01", "currency": str(money.currency)}, pointer
        )
    return money.amount
