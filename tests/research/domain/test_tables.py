"""Tables count what a person counting by hand would count."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.analysis.estimates import mean
from services.research.domain.analysis.means import estimate_table
from services.research.domain.analysis.tables import (
    Cell,
    CrossTable,
    Sum,
    cross_table,
    magnitude_table,
    microdata,
)
from services.research.domain.analysis.variables import Respondent
from shared.contracts.research.vocabulary.tables import (
    HIDDEN,
    MISSING,
    Dimension,
    Filter,
    Span,
)
from shared.kernel.errors import Rejected
from tests.research.domain.answers import frame, respondent

BY_SEX = Dimension(variable="sex")
BY_AGE = Dimension(variable="age", edges=(Decimal(18), Decimal(30)))
BY_CARE = Dimension(variable="services", option="care")


def counts(table: CrossTable) -> dict[tuple[str, ...], int]:
    return {place: cell.count for place, cell in table.cells.items() if cell.count}


def survey() -> Any:
    return frame(
        respondent("a", {"sex": "woman", "age": 17, "services": frozenset({"care"})}, weight=2.0),
        respondent("b", {"sex": "woman", "age": 18, "services": frozenset()}, weight=3.0),
        respondent("c", {"sex": "man", "age": 30, "income": Decimal("100.50")}, "services"),
        respondent("d", {"sex": "man", "income": Decimal("20.25")}, "services"),
        respondent("e", {"age": 29, "since": date(2026, 4, 1), "income": Decimal(1)}),
    )


def test_a_frequency_table_has_every_category_and_its_weights() -> None:
    table = cross_table(survey(), [BY_SEX])
    assert table.cells == {("woman",): Cell(2, 5.0, 13.0), ("man",): Cell(2, 2.0, 2.0)}


def test_a_missing_answer_and_a_hidden_question_are_two_categories() -> None:
    table = cross_table(survey(), [BY_CARE], absent=True)
    assert counts(table) == {("yes",): 1, ("no",): 1, (HIDDEN,): 2, (MISSING,): 1}


def test_bands_hold_their_lower_edge() -> None:
    table = cross_table(survey(), [BY_AGE])
    assert counts(table) == {("..18",): 1, ("18..30",): 2, ("30..",): 1}
    labels = [each.label.en for each in table.axes[0].categories]
    assert labels == ["below 18", "18\N{EN DASH}29", "30 and more"]


@pytest.mark.parametrize(
    ("span", "code"), [(Span.YEAR, "2026"), (Span.QUARTER, "2026-Q2"), (Span.MONTH, "2026-04")]
)
def test_dates_are_gathered_by_periods(span: Span, code: str) -> None:
    assert counts(cross_table(survey(), [Dimension(variable="since", span=span)])) == {(code,): 1}


def test_filters_leave_those_in_any_of_the_categories() -> None:
    young = Filter(dimension=BY_AGE, any_of=("..18", "18..30"))
    assert counts(cross_table(survey(), [BY_SEX], [young], absent=True)) == {
        ("woman",): 2,
        (MISSING,): 1,
    }


def test_shares_are_weighted_within_the_axes_named() -> None:
    table = cross_table(survey(), [BY_SEX, BY_AGE])
    shares = table.shares(within=["sex"])
    assert shares["woman", "..18"] == pytest.approx(2 / 5)
    assert shares["man", "30.."] == 1.0
    alone = cross_table(survey(), [BY_SEX, BY_CARE]).shares(within=["sex"])
    assert alone["man", "yes"] is None


def test_a_sum_tells_its_two_largest_contributions() -> None:
    table = magnitude_table(survey(), [BY_SEX], "income", absent=True)
    assert table.cells["man",] == Sum(2, 120.75, 120.75, (100.5, 20.25))
    assert table.cells["woman",] == Sum()
    assert table.cells[MISSING,] == Sum(1, 1.0, 1.0, (1.0,))


def test_means_stand_in_the_cells_of_a_table() -> None:
    table = estimate_table(survey(), [BY_SEX], "age", mean)
    women = table.cells["woman",]
    assert women is not None
    assert women.value == pytest.approx((2 * 17 + 3 * 18) / 5)
    assert estimate_table(survey(), [], "age", mean).cells.keys() == {()}


def test_disclosure_control_gets_the_same_respondents_as_the_table() -> None:
    units = microdata(survey(), [BY_SEX, BY_AGE], absent=True)
    table = cross_table(survey(), [BY_SEX, BY_AGE], absent=True)
    axes = [axis.codes for axis in units.axes]
    named = Counter((axes[0][one], axes[1][two]) for one, two in units.codes)
    assert named == counts(table)
    assert units.weights.sum() == 1000 * 8
    amounts = microdata(survey(), [BY_SEX], measure="income").amounts
    assert amounts is not None
    assert sorted(amounts.tolist()) == [2025, 10050]
    assert units.codes.dtype == np.int64


@pytest.mark.parametrize(
    ("dimension", "code"),
    [
        (Dimension(variable="nobody"), "research.variable_unknown"),
        (Dimension(variable="sex", edges=(Decimal(1),)), "research.dimension_not_fitting"),
        (Dimension(variable="services"), "research.dimension_not_fitting"),
        (Dimension(variable="services", option="boat"), "research.dimension_not_fitting"),
        (Dimension(variable="age"), "research.dimension_not_fitting"),
        (Dimension(variable="since"), "research.dimension_not_fitting"),
    ],
)
def test_a_question_is_cut_in_its_own_way_only(dimension: Dimension, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        cross_table(survey(), [BY_CARE, dimension])
    assert refusal.value.code == code
    assert str(refusal.value.pointer).startswith("/dimensions/1")


def test_what_no_table_can_be_made_of_is_refused() -> None:
    with pytest.raises(Rejected, match="category_unknown"):
        cross_table(survey(), [BY_SEX], [Filter(dimension=BY_SEX, any_of=("nobody",))])
    with pytest.raises(Rejected, match="measure_not_a_number"):
        magnitude_table(survey(), [BY_SEX], "sex")
    with pytest.raises(Rejected, match="dimension_doubled"):
        cross_table(survey(), [BY_SEX, BY_SEX])


@pytest.mark.parametrize(
    "row",
    [
        respondent("a", {"sex": "woman"}, "sex"),
        respondent("a", {"sex": "neither"}),
        respondent("a", {"services": frozenset({"boat"})}),
        respondent("a", {"age": "17"}),
        respondent("a", {"age": True}),
        respondent("a", {}, weight=0.0),
        respondent("a", {}, weight=float("nan")),
    ],
)
def test_answers_that_were_never_judged_do_not_get_in(row: Respondent) -> None:
    with pytest.raises(ValueError, match=r"sex|services|age|weight"):
        frame(row)


def test_a_respondent_comes_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        frame(respondent("a", {}), respondent("a", {}))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["woman", "man", None]),
        st.one_of(st.none(), st.frozensets(st.sampled_from(["care", "bus"]))),
        st.one_of(st.none(), st.integers(0, 99)),
        st.sampled_from([0.5, 1.0, 2.0]),
    ),
    max_size=40,
)


@given(ROWS)
def test_the_cells_and_margins_are_those_of_counting_one_by_one(rows: list[Any]) -> None:
    people = frame(
        *(
            respondent(
                str(number),
                {
                    name: answer
                    for name, answer in (("sex", sex), ("services", chosen), ("age", age))
                    if answer is not None
                },
                weight=weight,
            )
            for number, (sex, chosen, age, weight) in enumerate(rows)
        )
    )
    table = cross_table(people, [BY_SEX, BY_CARE, BY_AGE], absent=True)
    by_hand = Counter(
        (
            sex or MISSING,
            MISSING if chosen is None else ("yes" if "care" in chosen else "no"),
            MISSING if age is None else "..18" if age < 18 else "18..30" if age < 30 else "30..",
        )
        for sex, chosen, age, _ in rows
    )
    assert counts(table) == by_hand
    assert table.total.weighted == sum(row[3] for row in rows)
    for names in (["sex"], ["services/care", "age"], []):
        assert table.margin(names).total == table.total
    assert table.margin(["sex"]).cells == cross_table(people, [BY_SEX], absent=True).cells
