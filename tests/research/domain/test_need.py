"""Indicators by hand, and what a need index must never do."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.research.domain.need.facts import Enterprise, JobPlace, counted, inputs_of
from services.research.domain.need.index import need_index
from services.research.domain.need.indicators import indicator, indicators, rounded
from services.research.domain.rules.indicators import (
    Component,
    Direction,
    IndicatorRules,
    NeedIndexRule,
    Normalisation,
)
from shared.contracts.research.vocabulary.diagnoses import Fact, NeedIndex
from shared.contracts.research.vocabulary.tables import Label
from shared.kernel.errors import Rejected
from shared.kernel.parameters import read_toml
from tests.research.domain.rules import RULES, TEXTS

ON = date(2026, 3, 1)
INPUTS = {
    name: Decimal(value)
    for name, value in {
        "population": "8000",
        "entities": "7",
        "employment_fte": "41.25",
        "employed": "52",
        "employed_excluded": "17",
        "income_market": "300000",
        "income_public": "500000",
        "income_gifts": "200000",
        "cohort_12": "3",
        "survived_12": "2",
        "cohort_36": "0",
        "survived_36": "0",
        "service_need": "210",
        "service_supply": "150",
        "procurements": "40",
        "procurements_with_clauses": "3",
        "capital_need": "700000",
        "loan_demand": "250000",
        "unemployed_long": "330",
        "supported_enterprises": "2",
        "supported_job_places": "7.5",
    }.items()
}
BY_HAND = {
    "entities_per_10000": "8.75",
    "employment_fte": "41.3",
    "excluded_share": "32.7",
    "income_market_share": "30.0",
    "income_public_share": "50.0",
    "income_gifts_share": "20.0",
    "survival_12": "66.7",
    "survival_36": None,
    "coverage_gap": "60",
    "coverage_gap_per_1000": "7.50",
    "clauses_share": "7.5",
    "capital_need_per_entity": "100000",
    "loan_demand": "250000",
    "unemployed_long_share": "4.13",
    "supported_per_10000": "2.50",
    "supported_job_places": "7.5",
}
"""On paper, half up: 41.25 is 41.3, 17/52 is 32.7%, 330/8000 is 4.125%; of no founded entity nothing
can survive."""


def test_every_indicator_gives_what_it_gives_on_paper() -> None:
    found = indicators(RULES, {"2611011": INPUTS}, ON)["2611011"]
    assert {code: each.value for code, each in found.items()} == {
        code: None if value is None else Decimal(value) for code, value in BY_HAND.items()
    }


def test_a_missing_input_is_named() -> None:
    rule = RULES.indicators["clauses_share"].on(ON)
    value = indicator(rule, {"procurements": Decimal(4)})
    assert (value.value, value.missing) == (None, ("procurements_with_clauses",))


def test_more_supply_than_need_is_a_gap_below_zero() -> None:
    rule = RULES.indicators["coverage_gap"].on(ON)
    supplied = {"service_need": Decimal(10), "service_supply": Decimal(14)}
    assert indicator(rule, supplied).value == Decimal(-4)


def test_halves_are_rounded_away_from_zero_from_the_exact_value() -> None:
    assert rounded(Fraction(1, 8), 2) == Decimal("0.13")
    assert rounded(Fraction(-1, 8), 2) == Decimal("-0.13")
    assert rounded(Fraction(10**30, 3), 0) == Decimal(10**30 // 3)


def test_kasa_is_counted_as_of_the_last_day_of_the_year() -> None:
    one, other = UUID(int=1), UUID(int=2)
    enterprises = [
        Enterprise(one, "2611011", date(2025, 12, 31)),
        Enterprise(other, "2611022", date(2026, 1, 1)),
    ]
    places = [
        JobPlace(one, Decimal("0.5"), date(2025, 12, 31)),
        JobPlace(one, Decimal(1), date(2025, 1, 1), date(2025, 12, 31)),
        JobPlace(one, Decimal(1), date(2025, 1, 1), date(2026, 1, 1)),
        JobPlace(other, Decimal(1), date(2025, 1, 1)),
    ]
    facts = counted(["2611011", "2611022"], enterprises, places, 2025)
    assert inputs_of(facts, 2025) == {
        "2611011": {"supported_enterprises": 1, "supported_job_places": Decimal("1.5")},
        "2611022": {"supported_enterprises": 0, "supported_job_places": 0},
    }
    assert inputs_of(facts, 2024) == {}


def test_the_later_fact_on_the_same_input_counts() -> None:
    facts = [
        Fact(teryt="2611011", input="population", year=2025, value=Decimal(value), source="GUS")
        for value in (8000, 8100)
    ]
    assert inputs_of(facts, 2025) == {"2611011": {"population": 8100}}


def rule(how: Normalisation = Normalisation.MIN_MAX, least_weight: str = "1") -> NeedIndexRule:
    more, less = Direction.MORE_IS_NEED, Direction.LESS_IS_NEED
    return NeedIndexRule(
        code="TEST",
        version=1,
        name=Label(pl="próba", en="test"),
        normalisation=how,
        least_weight=Decimal(least_weight),
        components=(
            Component(indicator="gap", direction=more, weight=Decimal("0.5")),
            Component(indicator="entities", direction=less, weight=Decimal("0.3")),
            Component(indicator="clauses", direction=less, weight=Decimal("0.2")),
        ),
    )


def values(*rows: tuple[Any, Any, Any]) -> dict[str, dict[str, Decimal | None]]:
    names = ("gap", "entities", "clauses")
    return {
        f"{number:07}": {
            name: None if value is None else Decimal(value)
            for name, value in zip(names, row, strict=True)
        }
        for number, row in enumerate(rows)
    }


def by_commune(index: NeedIndex) -> dict[str, Decimal | None]:
    return {need.teryt: need.index for need in index.communes}


def test_the_index_of_three_communes_on_paper() -> None:
    """Of the second: gap (5-2)/(11-2) = 1/3, entities (4-3)/(4-1) = 1/3, clauses alike everywhere, so
    in the middle: 100 (0.5/3 + 0.3/3 + 0.2/2) = 36.67.
    """
    index = need_index(rule(), values((2, 4, 1), (5, 3, 1), (11, 1, 1)), 2025)
    assert by_commune(index) == {
        "0000000": Decimal("10.00"),
        "0000001": Decimal("36.67"),
        "0000002": Decimal("90.00"),
    }
    second = index.communes[1]
    assert [each.points for each in second.contributions] == [
        Decimal("16.67"),
        Decimal("10.00"),
        Decimal("10.00"),
    ]
    assert [need.rank for need in index.communes] == [3, 2, 1]


def test_ranks_do_not_care_how_far_apart_communes_are() -> None:
    index = need_index(rule(Normalisation.RANK), values((1, 9, 5), (2, 9, 5), (999, 9, 5)), 2025)
    assert list(by_commune(index).values()) == [Decimal(25), Decimal(50), Decimal(75)]


def test_an_unknown_indicator_leaves_its_weight_to_the_others_or_leaves_the_commune_out() -> None:
    known = values((0, 1, 1), (10, 0, 0), (10, None, 0))
    assert by_commune(need_index(rule(), known, 2025))["0000002"] is None
    shared = need_index(rule(least_weight="0.7"), known, 2025).communes[2]
    assert (shared.index, shared.missing) == (Decimal(100), ("entities",))
    assert [each.points for each in shared.contributions] == [Decimal("71.43"), Decimal("28.57")]


def test_without_data_there_is_no_index() -> None:
    with pytest.raises(Rejected, match="need_index_empty"):
        need_index(rule(), values((None, 1, 1), (1, None, 1)), 2025)


CELLS = st.one_of(st.none(), st.integers(-50, 50))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=7)
HOWS = st.sampled_from(list(Normalisation))
LEAST = st.sampled_from(["0.2", "0.7", "1"])


def index_of(how: Normalisation, least: str, rows: Any) -> NeedIndex:
    try:
        return need_index(rule(how, least), values(*rows), 2025)
    except Rejected:
        assume(condition=False)
        raise


@given(HOWS, LEAST, ROWS)
def test_an_index_lies_within_0_and_100_and_is_the_sum_of_its_contributions(
    how: Normalisation, least: str, rows: Any
) -> None:
    for need in index_of(how, least, rows).communes:
        if need.index is None:
            assert (need.rank, need.contributions) == (None, ())
        else:
            assert 0 <= need.index <= 100
            assert sum(each.points for each in need.contributions) == need.index


@given(HOWS, LEAST, ROWS, st.data())
def test_more_need_in_one_indicator_never_lowers_the_index(
    how: Normalisation, least: str, rows: Any, data: st.DataObject
) -> None:
    before = index_of(how, least, rows)
    commune = data.draw(st.integers(0, len(rows) - 1))
    which = data.draw(st.integers(0, 2))
    assume(rows[commune][which] is not None)
    step = data.draw(st.integers(0, 60)) * (1 if which == 0 else -1)
    changed = [list(row) for row in rows]
    changed[commune][which] += step
    after = index_of(how, least, changed)
    one, other = before.communes[commune].index, after.communes[commune].index
    if one is not None and other is not None:
        assert other >= one


@given(HOWS, LEAST, ROWS, st.decimals("0.001", "1000", places=3), st.integers(-9, 9))
def test_the_unit_of_an_indicator_does_not_matter(
    how: Normalisation, least: str, rows: Any, scale: Decimal, shift: int
) -> None:
    rescaled = [
        (None if first is None else first * scale + shift, *others) for first, *others in rows
    ]
    one, other = index_of(how, least, rows), index_of(how, least, rescaled)
    assert by_commune(one) == by_commune(other)


@given(HOWS, LEAST, ROWS, st.randoms(use_true_random=False))
def test_neither_the_order_of_communes_nor_of_components_matters(
    how: Normalisation, least: str, rows: Any, lots: Any
) -> None:
    one = index_of(how, least, rows)
    shuffled = list(values(*rows).items())
    lots.shuffle(shuffled)
    asked = rule(how, least)
    assert need_index(asked, dict(shuffled), 2025) == one
    turned = asked.model_copy(update={"components": asked.components[::-1]})
    assert by_commune(need_index(turned, dict(shuffled), 2025)) == by_commune(one)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('weight = "0.35"', 'weight = "0.36"', "do not sum to 1"),
        ('indicator = "clauses_share"', 'indicator = "survival_12"', "twice"),
        ('indicator = "clauses_share"', 'indicator = "nobody_knows"', "nobody_knows"),
        ('numerator = ["entities"]', 'numerator = ["nobody_knows"]', "nobody_knows"),
    ],
)
def test_definitions_that_contradict_themselves_are_refused(
    was: str, becomes: str, told: str
) -> None:
    assert any(was in text for text in TEXTS)
    changed = [text.replace(was, becomes) for text in TEXTS]
    with pytest.raises(ValidationError, match=told):
        IndicatorRules.model_validate(read_toml(changed))
