"""Schedules: the vectors of the field, and what holds for all terms."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kasa.domain.schedule import NOTHING, Row, Terms, difference, plan
from shared.contracts.kasa.vocabulary.loans import DayCount, GraceKind, RowKind, ScheduleKind
from tests.kasa.domain.lending import DRAWN_ON, RULES, flat, schedule, terms


def principals(rows: list[Row]) -> list[Decimal]:
    return [row.principal for row in rows]


def test_an_annuity_of_12_000_at_6_per_cent_over_12_months() -> None:
    rows = schedule("12000", "6")
    assert [row.principal + row.interest for row in rows[:-1]] == [Decimal("1032.80")] * 11
    assert rows[-1].principal + rows[-1].interest == Decimal("1032.78")
    assert sum(row.interest for row in rows) == Decimal("393.58")
    assert sum(principals(rows)) == Decimal("12000.00")
    assert rows[-1].balance == 0


@pytest.mark.parametrize("kind", ScheduleKind)
def test_10_000_without_interest_over_3_months(kind: ScheduleKind) -> None:
    rows = schedule("10000", "0", kind=kind, months=3)
    assert principals(rows) == [Decimal("3333.33"), Decimal("3333.33"), Decimal("3333.34")]
    assert not any(row.interest for row in rows)


def test_equal_principal_pays_interest_on_what_is_left() -> None:
    rows = schedule("12000", "6", kind=ScheduleKind.EQUAL_PRINCIPAL)
    assert principals(rows) == [Decimal("1000.00")] * 12
    assert [row.interest for row in rows[:3]] == [Decimal(60), Decimal(55), Decimal(50)]
    assert sum(row.interest for row in rows) == Decimal(390)


def test_due_days_of_the_31st_are_month_ends_and_never_drift() -> None:
    rows = schedule(
        "12000",
        "6",
        since=date(2027, 12, 31),
        first_due_on=date(2028, 1, 31),
        day_of_month=31,
        months=14,
    )
    assert [row.ends.day for row in rows] == [
        31,
        29,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
        31,
        28,
    ]
    sums = {row.principal + row.interest for row in rows[:-1]}
    assert len(sums) == 1, "under 30/360 every month is a twelfth, also February"


@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_every_month_is_a_twelfth_of_a_year_under_30_360(day: int) -> None:
    rows = schedule(
        "12000",
        "12",
        since=date(2026, 12, day),
        first_due_on=date(2027, 1, day),
        day_of_month=day,
        kind=ScheduleKind.EQUAL_PRINCIPAL,
        grace_months=11,
    )
    assert {row.interest for row in rows} == {Decimal("120.00")}


def test_actual_days_are_counted_by_the_two_other_conventions() -> None:
    facts: dict[str, Any] = {"kind": ScheduleKind.EQUAL_PRINCIPAL, "months": 2}
    by_365 = schedule("36500", "10", day_count=DayCount.ACT_365, **facts)
    by_360 = schedule("36000", "10", day_count=DayCount.ACT_360, **facts)
    assert [row.interest for row in by_365] == [Decimal(310), Decimal(140)]
    assert [row.interest for row in by_360] == [Decimal(310), Decimal(140)]


def test_due_days_move_off_holidays_and_interest_does_not() -> None:
    """Good Friday is a working day, Easter Monday is not; 3 May 2026 is a Sunday and a holiday."""
    rows = schedule(
        "1000", "6", since=date(2026, 3, 6), first_due_on=date(2026, 4, 6), day_of_month=6, months=2
    )
    assert (rows[0].ends, rows[0].due_on) == (date(2026, 4, 6), date(2026, 4, 7))
    assert rows[0].interest == Decimal("5.00")
    assert RULES.due_days.moved(date(2026, 5, 3)) == date(2026, 5, 4)
    assert RULES.due_days.moved(date(2026, 12, 25)) == date(2026, 12, 28)
    assert RULES.due_days.moved(date(2026, 4, 3)) == date(2026, 4, 3)


def test_saturdays_move_due_days_since_2017_only() -> None:
    assert RULES.due_days.moved(date(2016, 9, 10)) == date(2016, 9, 10)
    assert RULES.due_days.moved(date(2026, 9, 12)) == date(2026, 9, 14)


def test_grace_with_interest_only() -> None:
    rows = schedule("12000", "6", grace_months=3)
    assert principals(rows)[:3] == [Decimal(0)] * 3
    assert [row.interest for row in rows[:3]] == [Decimal(60)] * 3
    assert all(row.principal > 0 for row in rows[3:])
    assert sum(principals(rows)) == 12000


def test_grace_with_capitalised_interest() -> None:
    rows = schedule("12000", "6", grace_months=2, grace_kind=GraceKind.CAPITALISED)
    assert [(row.principal, row.interest, row.capitalised) for row in rows[:2]] == [
        (NOTHING, NOTHING, Decimal("60.00")),
        (NOTHING, NOTHING, Decimal("60.30")),
    ]
    assert sum(principals(rows)) == Decimal("12120.30")


def test_a_first_period_that_is_longer_bears_more_interest() -> None:
    rows = schedule("12000", "6", since=date(2026, 1, 5))
    assert rows[0].interest == Decimal("80.00")


AMOUNTS = st.decimals("0.01", "999999.99", places=2)
PERCENTS = st.decimals("0", "30", places=2)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    months = draw(st.integers(1, 84))
    first = draw(st.dates(date(2017, 1, 1), date(2040, 12, 31)))
    last_of_month = (first + timedelta(1)).day == 1
    return Terms(
        kind=draw(st.sampled_from(ScheduleKind)),
        months=months,
        first_due_on=first,
        day_of_month=draw(st.integers(first.day, 31)) if last_of_month else first.day,
        day_count=draw(st.sampled_from(DayCount)),
        grace_months=draw(st.integers(0, months - 1)),
        grace_kind=draw(st.sampled_from(GraceKind)),
    )


@given(terms=any_terms(), principal=AMOUNTS, percent=PERCENTS, stub=st.integers(0, 60))
def test_whatever_the_terms(terms: Terms, principal: Decimal, percent: Decimal, stub: int) -> None:
    since = terms.first_due_on - timedelta(stub)

    def rows() -> list[Row]:
        rates = flat(str(percent), since)
        return plan(terms, rates, RULES.due_days, principal=principal, since=since)

    planned = rows()
    assert planned == rows(), "a schedule is a pure function"
    capitalised = sum(row.capitalised for row in planned)
    assert sum(row.principal for row in planned) == principal + capitalised
    assert all(
        min(row.principal, row.interest, row.capitalised, row.balance) >= 0 for row in planned
    )
    assert all(row.principal == 0 for row in planned if row.number <= terms.grace_months)
    assert planned[-1].balance == 0
    balance = principal
    for row in planned:
        assert row.opening == balance
        assert row.due_on >= row.ends
        assert (row.due_on - row.ends).days <= 5  # Christmas and a weekend
        month_end = (row.ends + timedelta(1)).day == 1
        assert row.ends.day == terms.day_of_month or (
            month_end and row.ends.day < terms.day_of_month
        )
        balance += row.capitalised - row.principal
    ends = [row.ends for row in planned]
    months = [12 * day.year + day.month for day in ends]
    assert months == list(range(months[0], months[0] + len(ends)))


def test_two_versions_are_compared_row_by_row() -> None:
    before = [row.told() for row in schedule("12000", "6")]
    after = [row.told() for row in schedule("12000", "6", months=10)]
    assert difference(before, before) == ()
    changes = difference(before, after)
    assert [change.number for change in changes] == list(range(1, 13))
    assert changes[0].before == before[0]
    assert changes[0].after == after[0]
    assert [change.after for change in changes[10:]] == [None, None]


def test_the_number_of_a_row_is_found_by_its_day() -> None:
    facts = terms()
    assert facts.next_number(DRAWN_ON) == 1
    assert facts.next_number(date(2026, 2, 14)) == 1
    assert facts.next_number(date(2026, 2, 15)) == 2
    assert facts.next_number(date(2026, 2, 15), after=4) == 5
    assert facts.next_number(date(2030, 1, 1)) == 12
    assert schedule("1", "0")[0].kind is RowKind.INSTALMENT
