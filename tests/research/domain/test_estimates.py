"""Estimates against vectors that were published, or computed on paper."""

from decimal import Decimal
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.analysis.change import category_change, mean_change, symmetry_of
from services.research.domain.analysis.estimates import mean, median, share
from services.research.domain.analysis.frames import Frame, answer_frame
from services.research.domain.analysis.tables import CrossTable
from services.research.domain.analysis.variables import Kind, Respondent, Variable
from services.research.domain.analysis.weighting import post_stratified
from shared.kernel.errors import Rejected
from tests.research.domain.answers import choices, label

EXTRA_SLEEP = (
    (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
"""Student, The probable error of a mean, Biometrika 6 (1908): hours gained by two drugs."""


def wave(values: Any, *, first: int = 0, kind: Kind = Kind.DECIMAL) -> Frame:
    asked = Variable(
        "x", kind, label("x"), choices("a", "b", "c") if kind is Kind.SELECT_ONE else ()
    )
    return answer_frame(
        [asked],
        [
            Respondent(
                f"p{number}", {"x": value if kind is Kind.SELECT_ONE else Decimal(str(value))}
            )
            for number, value in enumerate(values, start=first)
        ],
    )


def test_baseline_and_endline_are_compared_as_student_compared_them() -> None:
    one, other = EXTRA_SLEEP
    change = mean_change(wave(one), wave(other), "x")
    assert change.difference is not None
    assert change.baseline is not None
    assert change.baseline.value == pytest.approx(0.75)
    # Mean 1.58, t = 4.0621, 95% from 0.7001142 to 2.4598858: R, help("sleep"), paired t test.
    assert change.difference.value == pytest.approx(1.58)
    assert change.difference.low == pytest.approx(0.7001142, abs=1e-7)
    assert change.difference.high == pytest.approx(2.4598858, abs=1e-7)


def test_who_answered_in_one_wave_only_is_counted_and_left_out() -> None:
    before, after = wave((1, 2, 3)), wave((5, 6, 7, 8), first=1)
    change = mean_change(before, after, "x")
    assert (change.baseline_only, change.endline_only) == (1, 2)
    assert change.difference is not None
    assert (change.difference.n, change.difference.value) == (2, 3.0)
    assert mean_change(before, wave((1,), first=9), "x").difference is None


def test_a_weighted_mean_has_the_precision_of_its_effective_size() -> None:
    """On paper: mean 9/4; effective size 16/6; spread 11/16; variance 11/16 by 5/3 = 0.4125."""
    estimate = mean([1, 2, 3], [1, 1, 2])
    assert estimate is not None
    assert estimate.value == 2.25
    assert estimate.effective == pytest.approx(16 / 6)
    assert estimate.standard_error == pytest.approx(sqrt(0.4125))


def test_a_sample_that_is_most_of_the_population_is_more_precise() -> None:
    """Cochran 1977, §2.6: by the root of 1 - n/N; here 1 - 4/10."""
    free, finite = mean([1, 2, 3, 4]), mean([1, 2, 3, 4], population=10)
    assert free is not None
    assert finite is not None
    assert free.standard_error == pytest.approx(sqrt(5 / 3 / 4))
    assert finite.standard_error == pytest.approx(sqrt(5 / 3 / 4 * 0.6))
    census = mean([1, 2, 3, 4], population=4)
    assert census is not None
    assert census.low == census.high == 2.5
    with pytest.raises(ValueError, match="population"):
        mean([1, 2], population=1)


def test_one_answer_has_no_interval_and_none_has_no_mean() -> None:
    alone = mean([7])
    assert alone is not None
    assert (alone.value, alone.low, alone.high) == (7, None, None)
    assert mean([]) is None
    assert median([]) is None


def test_the_median_of_one_to_a_hundred() -> None:
    """On paper: t(99) 1.9842 by the root of 1/400 is 0.0992; so the 40.08th and the 59.92nd."""
    estimate = median(list(range(1, 101)))
    assert estimate is not None
    assert (estimate.value, estimate.low, estimate.high) == (50.5, 41, 60)


def test_a_heavy_answer_pulls_the_median() -> None:
    estimate = median([1, 2, 3], [1, 1, 4])
    assert estimate is not None
    assert estimate.value == 3


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_the_intervals_that_newcombe_printed(
    part: int, n: int, low: float, high: float
) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion, Stat. Med. 17 (1998), table I."""
    assert share(part / n, n) == pytest.approx((low, high), abs=5e-5)


def test_mcnemar_on_the_approval_of_a_prime_minister() -> None:
    """Agresti, Categorical Data Analysis (2002), §10.1: 150 and 86 changed; 64²/236 = 17.36."""
    ratings = [("a", "a")] * 794 + [("a", "b")] * 150 + [("b", "a")] * 86 + [("b", "b")] * 570
    change = _change(ratings)
    assert change.table.cells["a", "b"].count == 150
    assert change.symmetry is not None
    assert change.symmetry.statistic == pytest.approx(64**2 / 236)
    assert change.symmetry.p == pytest.approx(3.1e-5, rel=0.01)


def test_few_changes_of_two_categories_are_tested_exactly() -> None:
    """On paper: 1 of 9 changes one way: 2 (1 + 9) / 2**9."""
    square = _two_by_two(one=1, other=8)
    exact = symmetry_of(square)
    assert exact is not None
    assert (exact.statistic, exact.p) == (None, 20 / 512)


def test_nobody_changed_and_nothing_is_tested() -> None:
    assert symmetry_of(_two_by_two(one=0, other=0)) is None


def test_bowker_on_three_categories() -> None:
    """On paper: (6-2)²/8 + (4-0)²/4 + (1-1)²/2 = 6 with three degrees; p = 0.1116 (tables of chi²)."""
    moves = [("a", "b", 6), ("b", "a", 2), ("a", "c", 4), ("b", "c", 1), ("c", "b", 1)]
    change = _change([(one, two) for one, two, times in moves for _ in range(times)])
    assert change.symmetry is not None
    assert change.symmetry.statistic == 6.0
    assert change.symmetry.degrees == 3
    assert change.symmetry.p == pytest.approx(0.1116, abs=5e-5)


def test_changes_of_numbers_and_of_choices_are_not_confused() -> None:
    numbers = wave((1, 2))
    with pytest.raises(Rejected, match="variable_not_a_choice"):
        category_change(numbers, numbers, "x")
    words = wave(("a", "b"), kind=Kind.SELECT_ONE)
    with pytest.raises(Rejected, match="measure_not_a_number"):
        mean_change(words, words, "x")


def test_each_stratum_counts_for_as_many_as_it_has() -> None:
    weights = post_stratified(
        {"town": 900, "village": 100}, {"a": "town", "b": "town", "c": "village"}
    )
    assert weights == {"a": 450, "b": 450, "c": 100}


def test_a_stratum_without_an_answer_is_merged_or_refused() -> None:
    population, strata = {"town": 900, "village": 100, "empty": 0}, {"a": "town", "b": "town"}
    with pytest.raises(Rejected) as refusal:
        post_stratified(population, strata)
    assert (refusal.value.code, refusal.value.details) == (
        "research.stratum_unanswered",
        {"strata": ["village"]},
    )
    merged = post_stratified(population, strata, merged={"village": "town"})
    assert merged == {"a": 500, "b": 500}
    with pytest.raises(Rejected, match="stratum_not_drawn"):
        post_stratified(population, {"a": "moon"})


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.01, 100)), min_size=2, max_size=30))
def test_an_interval_holds_its_estimate_and_does_not_care_for_the_scale_of_weights(
    pairs: list[tuple[float, float]],
) -> None:
    values, weights = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for estimator in (mean, median):
        one, other = estimator(values, weights), estimator(values, [4 * each for each in weights])
        assert one is not None
        assert other is not None
        assert one.effective <= len(values) * (1 + 1e-9)
        assert other.value == pytest.approx(one.value, rel=1e-9, abs=1e-6)
        if one.low is not None and one.high is not None:
            assert one.low <= one.value + 1e-6
            assert one.value <= one.high + 1e-6


def _change(pairs: list[tuple[str, str]]) -> Any:
    codes = sorted({code for pair in pairs for code in pair})
    asked = Variable("x", Kind.SELECT_ONE, label("x"), choices(*codes))
    before, after = (
        answer_frame([asked], [Respondent(str(n), {"x": pair[at]}) for n, pair in enumerate(pairs)])
        for at in (0, 1)
    )
    return category_change(before, after, "x")


def _two_by_two(*, one: int, other: int) -> CrossTable:
    pairs = [("a", "b")] * one + [("b", "a")] * other + [("a", "a")] * 3 + [("b", "b")]
    return _change(pairs).table  # type: ignore[no-any-return]
