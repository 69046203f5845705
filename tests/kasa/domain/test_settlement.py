"""What is owed after payments on time, late, early, backdated and taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kasa.domain.loan_facts import (
    Cost,
    Fact,
    Payment,
    Remission,
    Repricing,
    Restructuring,
    WriteOff,
)
from services.kasa.domain.settlement import Settlement, settle
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    GraceKind,
    PaymentPurpose,
    PlanCause,
    PrepaymentEffect,
    RowKind,
    ScheduleKind,
    Tier,
)
from shared.kernel.money import rounded_amount
from tests.kasa.domain.lending import RULES, contract, drawn, paid, require_whole, terms

EQUAL = contract(terms=terms(kind=ScheduleKind.EQUAL_PRINCIPAL), percent=Decimal(6))
FEBRUARY, MARCH = date(2026, 2, 16), date(2026, 3, 16)
"""15 February and 15 March 2026 are Sundays."""


def state(*facts: Fact, on: date, of: object = None) -> Settlement:
    settlement = settle(contract() if of is None else of, facts, on, RULES)  # type: ignore[arg-type]
    require_whole(settlement, facts)
    return settlement


def went(settlement: Settlement, reference: str) -> dict[Tier, Decimal]:
    parts: dict[Tier, Decimal] = {}
    for each in settlement.allocations:
        if each.reference == reference:
            parts[each.tier] = parts.get(each.tier, Decimal(0)) + each.amount
    return parts


def test_before_anything_is_paid_out_nothing_is_owed() -> None:
    nothing = state(on=date(2026, 6, 1))
    assert nothing.balances.principal == 0
    assert not nothing.is_repaid
    assert not nothing.rows
    assert not nothing.plans


def test_a_loan_paid_to_the_day_is_repaid_at_the_end() -> None:
    planned = state(drawn(), on=date(2026, 1, 15)).rows
    payments = [
        paid(each.row.due_on, str(each.row.principal + each.row.interest)) for each in planned
    ]
    end = state(drawn(), *payments, on=date(2027, 1, 15))
    assert end.is_repaid
    assert end.balances.paid_interest == Decimal("393.58")
    assert end.balances.paid_principal == Decimal(12000)
    assert end.balances.paid_penalty == end.balances.credit == 0
    assert [plan.cause for plan in end.plans] == [PlanCause.DISBURSEMENT]
    before = state(drawn(), *payments, on=date(2027, 1, 14))
    assert not before.is_repaid
    assert before.oldest_unpaid is None


def test_paying_on_the_moved_due_day_is_not_late() -> None:
    on_time = state(drawn(), paid(FEBRUARY, "1032.80"), on=FEBRUARY)
    assert went(on_time, "P0216") == {
        Tier.CURRENT_INTEREST: Decimal("60.00"),
        Tier.CURRENT_PRINCIPAL: Decimal("972.80"),
    }
    assert state(drawn(), on=FEBRUARY).days_past_due == 0
    assert state(drawn(), on=FEBRUARY + timedelta(1)).days_past_due == 1


def test_late_payment_bears_interest_on_the_principal_only() -> None:
    """972.80 overdue for 28 days at 10 %: 972.80 * 0.10 * 28 / 365 = 7.46."""
    late = state(drawn(), paid(MARCH, "1040.26"), on=MARCH)
    assert went(late, "P0316") == {
        Tier.PENALTY_INTEREST: Decimal("7.46"),
        Tier.OVERDUE_INTEREST: Decimal("60.00"),
        Tier.OVERDUE_PRINCIPAL: Decimal("972.80"),
    }
    assert late.balances.penalty == 0


def test_interest_for_late_payment_is_capped_on_each_day() -> None:
    """Twice (4.00 + 5.5) = 19 % until 4 March, twice (3.75 + 5.5) = 18.5 % from 5 March."""
    of = contract(late_percent=Decimal(40))
    owed = state(drawn(), on=MARCH, of=of)
    seventeen, eleven = Decimal("972.80") * 19 * 17, Decimal("972.80") * Decimal("18.5") * 11
    assert owed.balances.penalty == ((seventeen + eleven) / 36500).quantize(Decimal("0.01"))
    assert state(drawn(), on=MARCH, of=contract(late_percent=None)).balances == owed.balances


def test_costs_come_first_or_last_as_the_contract_says() -> None:
    cost = Cost(date(2026, 3, 1), "K1", Decimal(50))
    facts = drawn(), cost, paid(MARCH, "100")
    assert went(state(*facts, on=MARCH), "P0316") == {
        Tier.COSTS: Decimal(50),
        Tier.PENALTY_INTEREST: Decimal("7.46"),
        Tier.OVERDUE_INTEREST: Decimal("42.54"),
    }
    of = contract(waterfall="principal_first")
    assert went(state(*facts, on=MARCH, of=of), "P0316") == {Tier.OVERDUE_PRINCIPAL: Decimal(100)}


def test_surplus_reduces_the_principal_at_the_end_of_the_period() -> None:
    after = state(drawn(), paid(date(2026, 2, 2), "3032.80"), on=date(2026, 2, 2), of=EQUAL)
    assert went(after, "P0202") == {
        Tier.CURRENT_INTEREST: Decimal("60.00"),
        Tier.CURRENT_PRINCIPAL: Decimal("1000.00"),
        Tier.PREPAYMENT: Decimal("1972.80"),
    }
    first, prepaid, second = (each.row for each in after.rows[:3])
    assert (prepaid.kind, prepaid.principal) == (RowKind.PREPAYMENT, Decimal("1972.80"))
    assert (second.opening, second.principal) == (Decimal("9027.20"), Decimal("820.65"))
    assert second.interest == Decimal("45.14")
    assert first.interest == Decimal("60.00")


def test_surplus_is_held_where_the_contract_says_so() -> None:
    of = contract(waterfall="ancillary_first_hold")
    facts = drawn(), paid(date(2026, 2, 2), "2000")
    assert state(*facts, on=date(2026, 3, 15), of=of).balances.credit == Decimal("967.20")
    used = state(*facts, on=MARCH, of=of)
    assert used.balances.credit == 0
    assert used.oldest_unpaid is None
    assert went(used, "P0202")[Tier.CURRENT_PRINCIPAL] == Decimal("972.80") + Decimal("912.06")
    assert [plan.cause for plan in used.plans] == [PlanCause.DISBURSEMENT]


def test_a_meant_prepayment_divides_the_interest_period() -> None:
    """Ten days at 6 % of 12,000 are 20.00; the twenty days left bear interest on 8,000."""
    after = state(
        drawn(), paid(date(2026, 1, 25), "4020", early=True), on=date(2026, 1, 25), of=EQUAL
    )
    prepaid, first = (each.row for each in after.rows[:2])
    assert (prepaid.principal, prepaid.interest) == (Decimal("4000.00"), Decimal("20.00"))
    assert (first.opening, first.interest) == (Decimal("8000.00"), Decimal("26.67"))
    assert len(after.rows) == 13


def test_a_prepayment_can_shorten_the_term() -> None:
    of = contract(prepayment_effect=PrepaymentEffect.SHORTEN_TERM)
    after = state(drawn(), paid(date(2026, 1, 25), "4020", early=True), on=FEBRUARY, of=of)
    instalments = [each.row for each in after.rows if each.row.kind is RowKind.INSTALMENT]
    assert len(instalments) == 8
    assert {row.principal + row.interest for row in instalments[:-1]} == {Decimal("1032.80")}


def test_the_payoff_ends_a_loan_on_any_day() -> None:
    for day in (date(2026, 1, 15), date(2026, 1, 31), FEBRUARY, date(2026, 5, 20)):
        owed = state(drawn(), on=day).balances.payoff
        facts = drawn(), paid(day, str(owed), early=True)
        assert state(*facts, on=day).is_repaid, day
        assert state(*facts, on=date(2027, 6, 1)).balances.payoff == 0


def test_more_than_the_payoff_is_the_debtors() -> None:
    end = state(drawn(), paid(date(2026, 1, 31), "20000", early=True), on=date(2026, 12, 1))
    assert end.is_repaid
    assert end.balances.credit == Decimal(20000) - Decimal("12030.00"), "30/360"


def test_a_second_tranche_bears_interest_from_its_day() -> None:
    second = drawn("6000", date(2026, 1, 30), "T2")
    after = state(drawn("6000"), second, on=date(2026, 1, 30), of=EQUAL)
    first = after.rows[0].row
    assert first.interest == Decimal("45.00"), "15 days of 6,000 and 15 days of 12,000"
    assert first.principal == Decimal("1000.00")


def test_a_job_discount_halves_the_rate_from_its_day() -> None:
    discount = Repricing(date(2026, 1, 30), "J1", Decimal(3))
    after = state(drawn(), discount, on=date(2026, 1, 30), of=EQUAL)
    assert [each.row.interest for each in after.rows[:2]] == [Decimal("45.00"), Decimal("27.50")]
    assert after.plans[-1].cause is PlanCause.JOB_DISCOUNT


def test_remission_takes_what_is_overdue_first_and_then_principal_to_come() -> None:
    given_up = Remission(date(2026, 3, 2), "U1", principal=Decimal(3000), interest=Decimal(60))
    after = state(drawn(), given_up, on=date(2026, 3, 2), of=EQUAL)
    assert after.rows[0].remitted == Decimal("1060.00")
    assert after.rows[1].row.kind is RowKind.REMISSION
    assert after.rows[1].row.principal == Decimal("2000.00")
    assert after.balances.principal == Decimal("9000.00")
    assert after.oldest_unpaid is None
    assert after.balances.penalty > 0


@pytest.mark.parametrize("capitalise", [True, False])
def test_restructuring_spreads_what_is_owed_anew(capitalise: bool) -> None:
    """After 28 days of arrears: 60.00 of interest overdue, 30.80 earned since (17 days of 11,000)."""
    on = date(2026, 3, 2)
    longer = terms(
        kind=ScheduleKind.EQUAL_PRINCIPAL, months=24, first_due_on=date(2026, 4, 15), grace_months=1
    )
    after = state(drawn(), Restructuring(on, "A1", longer, capitalise), on=on, of=EQUAL)
    assert after.oldest_unpaid is None
    rows = [each.row for each in after.rows]
    interest = Decimal("60.00") + Decimal("31.17")
    if capitalise:
        assert rows[0].kind is RowKind.CAPITALISATION
        assert rows[0].capitalised == interest
        assert rows[1].opening == Decimal(12000) + interest
    else:
        assert rows[0].opening == Decimal(12000)
        assert rows[0].interest == Decimal("60.00") + Decimal("31.17") + Decimal("86.00")
    assert after.balances.penalty > 0, "what was earned for late payment stays due"
    assert after.plans[-1].cause is PlanCause.RESTRUCTURING


def test_a_written_off_loan_owes_nothing_and_takes_recoveries() -> None:
    facts = drawn(), WriteOff(date(2026, 6, 1), "W1"), paid(date(2026, 7, 1), "500")
    after = state(*facts, on=date(2027, 7, 1))
    assert after.lost is not None
    assert after.lost.principal == Decimal(12000)
    assert after.balances.recovered == Decimal(500)
    assert went(after, "P0701") == {Tier.RECOVERY: Decimal(500)}
    assert after.balances.payoff == 0
    assert not after.is_repaid


def test_a_backdated_payment_takes_away_the_interest_for_late_payment() -> None:
    later = paid(date(2026, 4, 1), "1032.80")
    without = state(drawn(), later, on=date(2026, 4, 1))
    backdated = state(drawn(), later, paid(FEBRUARY, "1032.80"), on=date(2026, 4, 1))
    assert Tier.PENALTY_INTEREST in went(without, "P0401")
    assert without.days_past_due > 0
    assert (
        went(backdated, "P0401")[Tier.PENALTY_INTEREST]
        < went(without, "P0401")[Tier.PENALTY_INTEREST]
    )


def test_interest_earned_in_capitalised_grace_becomes_principal_at_the_end_of_its_month() -> None:
    of = contract(terms=terms(grace_months=2, grace_kind=GraceKind.CAPITALISED))
    assert state(drawn(), on=date(2026, 2, 14), of=of).balances.principal == Decimal(12000)
    assert state(drawn(), on=date(2026, 2, 15), of=of).balances.principal == Decimal("12060.00")


AMOUNTS = st.decimals("0.01", "15000", places=2)
DAYS = st.dates(date(2026, 1, 15), date(2027, 6, 30))


@st.composite
def any_facts(draw: st.DrawFn) -> list[Fact]:
    """A tranche, and up to a dozen of other facts on any days."""
    facts: list[Fact] = [drawn()]
    for number in range(draw(st.integers(0, 12))):
        on, reference, amount = draw(DAYS), f"F{number}", draw(AMOUNTS)
        kind = draw(st.integers(0, 9))
        if kind <= 4:
            facts.append(Payment(on, reference, amount, draw(st.sampled_from(PaymentPurpose))))
        elif kind == 5:
            facts.append(drawn(str(amount), min(on, date(2026, 12, 1)), reference))
        elif kind == 6:
            facts.append(Repricing(on, reference, draw(st.decimals("0", "20", places=2))))
        elif kind == 7:
            facts.append(Remission(on, reference, amount, rounded_amount(amount / 100), Decimal(1)))
        elif kind == 8:
            facts.append(Cost(on, reference, amount))
        else:
            first = on + timedelta(draw(st.integers(1, 60)))
            new = terms(
                kind=draw(st.sampled_from(ScheduleKind)),
                months=draw(st.integers(1, 24)),
                first_due_on=first,
                day_of_month=first.day,
            )
            facts.append(Restructuring(on, reference, new, draw(st.booleans())))
    return facts


@st.composite
def any_contract(draw: st.DrawFn) -> object:
    return contract(
        terms=terms(
            kind=draw(st.sampled_from(ScheduleKind)),
            day_count=draw(st.sampled_from(DayCount)),
            grace_months=draw(st.integers(0, 6)),
            grace_kind=draw(st.sampled_from(GraceKind)),
        ),
        percent=draw(st.decimals("0", "20", places=2)),
        waterfall=draw(st.sampled_from(sorted(RULES.waterfalls))),
        prepayment_effect=draw(st.sampled_from(PrepaymentEffect)),
    )


@given(of=any_contract(), facts=any_facts(), on=DAYS, chance=st.randoms(use_true_random=False))
def test_whatever_happens_to_a_loan(
    of: object, facts: list[Fact], on: date, chance: object
) -> None:
    settlement = state(*facts, on=on, of=of)
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert state(*shuffled, on=on, of=of) == settlement, "the order of recording does not matter"
    extra = Payment(date(2026, 3, 3), "EXTRA", Decimal("777.77"))
    state(*facts, extra, on=on, of=of)
    assert state(*facts, on=on, of=of) == settlement, "undone is as if it had never happened"


@given(of=any_contract(), facts=any_facts(), on=DAYS)
def test_the_payoff_ends_whatever_loan(of: object, facts: list[Fact], on: date) -> None:
    known = [fact for fact in facts if fact.on <= on]
    owed = state(*known, on=on, of=of).balances
    if not owed.payoff:
        return
    payoff = Payment(on, "ZZZ", owed.payoff + Decimal(1000), PaymentPurpose.PREPAYMENT)
    after = state(*known, payoff, on=on, of=of)
    assert after.balances.principal == 0
