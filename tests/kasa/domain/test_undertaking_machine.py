"""Any history of links, ends of links, divisions, declarations and grants: what was granted was
within every ceiling on its day, counted by brute force, and nothing is lost on the way.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.kasa.domain.deminimis import Aid
from services.kasa.domain.ids import id_of
from services.kasa.domain.rules.deminimis import Counting
from services.kasa.domain.undertaking import Granting, Undertaking
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    AidKind,
    AidOrigin,
    DeclaredAid,
    ExchangeRate,
    Link,
    LinkKind,
    RecoveryReason,
)
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.kasa.domain.rules import RULES
from tests.kasa.domain.test_deminimis import counts_with, regulation

PARTIES = [UUID(f"00000000-0000-4000-8000-{number:012}") for number in range(1, 7)]
FIRST = date(2021, 1, 1)
TODAY = date(2030, 12, 31)
RATE = ExchangeRate(announced_on=FIRST, table="1/A/NBP/2021", rate=Decimal(4))
DAYS = st.sampled_from([date(2024, 2, 29), date(2027, 2, 28), date(2027, 3, 1)]) | st.integers(
    0, (TODAY - FIRST).days // 180
).map(lambda halves: FIRST + timedelta(180 * halves))
SOME = st.sampled_from(PARTIES)
CENTS = st.sampled_from([1, 10_000_000, 15_000_000, 20_000_000, 30_000_000]) | st.integers(
    1, 32_000_000
)
KINDS = st.sampled_from([kind for kind in LinkKind if kind is not LinkKind.MERGER])


def euro(cents: int) -> Money:
    return Money.of(Decimal(cents) / 100, Currency.EUR)


def refused(decide: Callable[[], object]) -> str | None:
    """The code of the refusal, if there was one."""
    try:
        decide()
    except Rejected as refusal:
        return refusal.code
    return None


def counted_by_hand(aid: Aid, history: Iterable[Aid]) -> list[Aid]:
    """What counts against the regulation of some aid on its day; all of it for services."""
    known = regulation(aid.regulation)
    same_years = known.counting is Counting.FISCAL_YEARS
    return [
        each
        for each in history
        if (each.kind is AidKind.GENERAL or known.kind is AidKind.SGEI)
        and (
            counts_with(known, aid.granted_on, each.granted_on, aid.fiscal_year_month)
            or (same_years and same_fiscal_year(aid, each))
        )
    ]


def same_fiscal_year(aid: Aid, other: Aid) -> bool:
    month = aid.fiscal_year_month
    one, two = (day.year - (day.month < month) for day in (aid.granted_on, other.granted_on))
    return one == two


class SingleUndertakings(RuleBasedStateMachine):
    @initialize()
    def form(self) -> None:
        self.all: dict[UUID, Undertaking] = {}
        self.expected: dict[UUID, Decimal] = {}
        self.ids = (UUID(int=number) for number in count(1))
        for party in PARTIES:
            home = Undertaking(id_of("undertaking", party))
            home.form(party, FIRST)
            self.all[home.id] = home

    def of(self, party: UUID) -> Undertaking:
        found = self.all[id_of("undertaking", party)]
        while party not in found.parties:
            found = self.all[found.gone[party]]
        return found

    @rule(one=SOME, other=SOME, kind=KINDS, day=DAYS)
    def link(self, one: UUID, other: UUID, kind: LinkKind, day: date) -> None:
        first, second = self.of(one), self.of(other)
        if first is not second:
            first.take_over(second, day)
        link = Link(
            link_id=next(self.ids), kind=kind, one=one, other=other, since=day, reference="L/1"
        )
        refusal = refused(lambda: first.add_link(link, today=TODAY))
        assert refusal in {None, "kasa.linked_already", "kasa.linked_to_itself"}

    @precondition(lambda self: any(each.links for each in self.all.values()))
    @rule(data=st.data())
    def end_link(self, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from([each for each in self.all.values() if each.links]))
        at.end_link(data.draw(st.sampled_from(sorted(at.links))), ended_on=TODAY, today=TODAY)
        at.release_strangers(lambda party: self.all[id_of("undertaking", party)], TODAY)

    @rule(party=SOME, day=DAYS, cents=CENTS)
    def declare(self, party: UUID, day: date, cents: int) -> None:
        item = DeclaredAid(
            granted_on=day,
            amount=euro(cents // 4 + 1),
            granted_by="PUP",
            regulation="1407/2013",
            reference=f"D/{len(self.expected)}",
        )
        aid_id = next(self.ids)
        self.of(party).declare(
            party,
            [(aid_id, item)],
            fiscal_year_month=1,
            declared_on=TODAY,
            today=TODAY,
            rules=RULES.deminimis,
        )
        self.expected[aid_id] = item.amount.amount

    @rule(
        party=SOME,
        day=DAYS,
        cents=CENTS,
        number=st.sampled_from(["1407/2013", "2023/2831", "2023/2832"]),
        month=st.sampled_from([1, 3, 7]),
    )
    def grant(self, party: UUID, day: date, cents: int, number: str, month: int) -> None:
        at = self.of(party)
        at.declare(
            party,
            [],
            fiscal_year_month=month,
            declared_on=day,
            today=TODAY,
            rules=RULES.deminimis,
        )
        granting = Granting(
            aid_id=next(self.ids),
            party=party,
            amount=Money.of(euro(cents).amount * 4),
            regulation=number,
            granted_on=day,
            basis=AidBasis.GRANT,
            decision="DEC/1",
            fiscal_year_month=month,
        )
        before = dict(at.aid)
        refusal = refused(lambda: at.grant(granting, RATE, today=TODAY, rules=RULES.deminimis))
        if refusal is not None:
            assert refusal in {"kasa.regulation_not_in_force", "kasa.de_minimis_ceiling"}
            assert at.aid == before
            return
        self.expected[granting.aid_id] = euro(cents).amount
        new = at.aid[granting.aid_id]
        affected = [
            each
            for each in at.aid.values()
            if each.origin is AidOrigin.GRANTED
            and each.granted_on >= day
            and each.regulation in {"1407/2013", "2023/2831", "2023/2832"}
        ]
        for each in affected:
            counted = counted_by_hand(each, at.aid.values())
            if new in counted:
                assert sum(aid.amount for aid in counted) <= regulation(each.regulation).ceiling

    @precondition(lambda self: any(each.aid for each in self.all.values()))
    @rule(data=st.data())
    def recover(self, data: st.DataObject) -> None:
        at = data.draw(st.sampled_from([each for each in self.all.values() if each.aid]))
        aid = data.draw(st.sampled_from(sorted(at.aid.values(), key=lambda each: each.aid_id)))
        if not aid.amount:
            return
        cents = data.draw(st.integers(1, int(aid.amount * 100)))
        at.recover(
            aid_id=aid.aid_id,
            amount=euro(cents),
            reason=RecoveryReason.RECOVERED,
            decision="R/1",
            recovered_on=TODAY,
            today=TODAY,
        )
        self.expected[aid.aid_id] -= euro(cents).amount

    @precondition(lambda self: any(each.aid for each in self.all.values()))
    @rule(data=st.data(), party=SOME)
    def divide(self, data: st.DataObject, party: UUID) -> None:
        at = data.draw(st.sampled_from([each for each in self.all.values() if each.aid]))
        aid = data.draw(st.sampled_from(sorted(at.aid.values(), key=lambda each: each.aid_id)))
        if not aid.amount:
            return
        cents = data.draw(st.integers(1, int(aid.amount * 100)))
        passed_id = next(self.ids)
        at.pass_aid(
            aid.aid_id,
            euro(cents),
            to=self.of(party),
            party=party,
            passed_id=passed_id,
            divided_on=TODAY,
            today=TODAY,
        )
        self.expected[aid.aid_id] -= euro(cents).amount
        self.expected[passed_id] = euro(cents).amount

    @invariant()
    def every_party_is_in_exactly_one(self) -> None:
        held = [party for each in self.all.values() for party in each.parties]
        assert sorted(held) == PARTIES
        for each in self.all.values():
            assert not each.parties or each.owner in each.parties

    @invariant()
    def linked_parties_are_together_and_others_are_not(self) -> None:
        for each in self.all.values():
            assert each.strangers() == ()
            assert all({link.one, link.other} <= each.parties for link in each.links.values())

    @invariant()
    def no_aid_is_lost_or_counted_twice(self) -> None:
        held = [aid for each in self.all.values() for aid in each.aid.values()]
        assert {aid.aid_id: aid.amount for aid in held} == self.expected
        assert len(held) == len(self.expected)
        for each in self.all.values():
            assert all(aid.party in each.parties for aid in each.aid.values())

    @invariant()
    def the_same_events_give_the_same_undertaking(self) -> None:
        for each in self.all.values():
            again = Undertaking(each.id)
            for event in each._pending:
                event.mutate(again)
            assert (again.aid, again.links, again.parties) == (each.aid, each.links, each.parties)


TestSingleUndertakings = SingleUndertakings.TestCase
TestSingleUndertakings.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
