"""Rates by day, caps of the law, and accruals that do not depend on how they are cut."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kasa.domain.classification import (
    by_timeliness,
    classify,
    days_past_due,
    is_irregular,
)
from services.kasa.domain.interest import Count, Rates, Step, constant
from services.kasa.domain.waterfall import require_sound
from shared.contracts.kasa.vocabulary.loans import ArrearsClass, DayCount, Tier
from shared.kernel.errors import Rejected
from tests.kasa.domain.lending import RULES

DAYS = st.dates(date(2017, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "contractual", "late"),
    [
        (date(2022, 9, 7), "20.00", "24.00"),
        (date(2022, 9, 8), "20.50", "24.50"),
        (date(2026, 3, 5), "14.50", "18.50"),
        (date(2014, 1, 1), "16.00", "16.00"),
    ],
)
def test_the_maximum_follows_the_rates_of_the_bank(day: date, contractual: str, late: str) -> None:
    """Twice (reference + 3.5) and twice (reference + 5.5); until 2015 four times the lombard rate."""
    assert RULES.contractual_cap.on(day) == Decimal(contractual)
    assert RULES.late_cap.on(day) == Decimal(late)


def test_what_a_contract_says_above_the_maximum_is_due_up_to_it_on_each_day() -> None:
    rates = constant(date(2021, 9, 1), Decimal(9)).capped(RULES.contractual_cap)
    assert rates.on(date(2021, 10, 6)) == Decimal("7.2")
    assert rates.on(date(2021, 10, 7)) == Decimal("8.0")
    assert rates.on(date(2021, 11, 4)) == Decimal(9)
    assert len(rates.steps) == 3, "where the maximum is above the contract nothing changes"


def test_no_maximum_is_made_up_for_days_before_the_data() -> None:
    with pytest.raises(Rejected, match=r"rules\.none_in_force"):
        constant(date(2005, 1, 1), Decimal(9)).capped(RULES.contractual_cap)


@given(
    cuts=st.lists(DAYS, min_size=2, max_size=8),
    changes=st.lists(st.tuples(DAYS, st.decimals("0", "30", places=4)), max_size=5),
    convention=st.sampled_from(DayCount),
    due_day=st.integers(1, 31),
)
def test_the_accrual_of_a_period_is_that_of_its_pieces(
    cuts: list[date], changes: list[tuple[date, Decimal]], convention: DayCount, due_day: int
) -> None:
    steps = dict([(date(2016, 1, 1), Decimal(5)), *changes])
    rates = Rates(tuple(Step(day, steps[day]) for day in sorted(steps)))
    count, days, principal = Count(convention, due_day), sorted(cuts), Decimal("12345.67")
    whole = count.accrued(principal, rates, days[0], days[-1])
    pieces = (count.accrued(principal, rates, start, end) for start, end in pairwise(days))
    assert whole == sum(pieces)
    assert count.accrual_of(count.interest(whole)) - whole <= count.accrual_of(Decimal("0.005"))


@given(day=DAYS, rest=st.integers(0, 400))
def test_actual_days_are_the_calendars(day: date, rest: int) -> None:
    assert Count(DayCount.ACT_365, day.day).days(day, day + timedelta(rest)) == rest


@pytest.mark.parametrize(
    ("days", "arrears_class"),
    [
        (date(2026, 3, 15), ArrearsClass.NORMAL),
        (date(2026, 4, 15), ArrearsClass.NORMAL),
        (date(2026, 4, 16), ArrearsClass.WATCH),
        (date(2026, 6, 16), ArrearsClass.SUBSTANDARD),
        (date(2026, 9, 16), ArrearsClass.DOUBTFUL),
        (date(2027, 3, 15), ArrearsClass.DOUBTFUL),
        (date(2027, 3, 16), ArrearsClass.LOST),
    ],
)
def test_classes_begin_after_full_months(days: date, arrears_class: ArrearsClass) -> None:
    assert by_timeliness(date(2026, 3, 15), days, RULES) is arrears_class


def test_the_worse_of_timeliness_and_situation_counts() -> None:
    due, day = date(2026, 3, 15), date(2026, 4, 20)
    assert classify(due, ArrearsClass.NORMAL, day, RULES) is ArrearsClass.WATCH
    assert classify(due, ArrearsClass.DOUBTFUL, day, RULES) is ArrearsClass.DOUBTFUL
    assert classify(None, ArrearsClass.NORMAL, day, RULES) is ArrearsClass.NORMAL


def test_a_loan_is_irregular_after_more_than_thirty_days() -> None:
    due = date(2026, 3, 15)
    assert days_past_due(due, date(2026, 4, 14)) == 30
    assert not is_irregular(due, date(2026, 4, 14), RULES)
    assert is_irregular(due, date(2026, 4, 15), RULES)
    assert days_past_due(None, due) == days_past_due(due, date(2026, 1, 1)) == 0


@pytest.mark.parametrize(
    "waterfall",
    [
        (),
        tuple(Tier),
        (Tier.PREPAYMENT, *RULES.waterfalls["ancillary_first_hold"].root[0].value),
        RULES.waterfalls["ancillary_first"].root[0].value[1:],
        RULES.waterfalls["ancillary_first"].root[0].value[::-1],
        RULES.waterfalls["ancillary_first"].root[0].value[:1] * 2,
    ],
)
def test_a_waterfall_leaves_nothing_out_and_puts_arrears_first(waterfall: tuple[Tier, ...]) -> None:
    with pytest.raises(ValueError, match="waterfall"):
        require_sound(waterfall)
