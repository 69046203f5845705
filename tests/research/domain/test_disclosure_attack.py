"""The attacker's test: with every published table and margin, linear programming (HiGHS) finds no
hidden cell within its protected interval; neither do units who know that their own cell is
occupied, nor do those who also use that units are whole.
"""

from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.research.domain.disclosure.audit import Knowledge, breaches
from services.research.domain.disclosure.needs import Primary
from services.research.domain.disclosure.suppression import Pattern
from services.research.domain.disclosure.tables import Cube, Ints, Units
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.kernel.errors import Rejected
from tests.research.domain.disclosing import (
    cube_of,
    dimensions,
    found_in,
    inner_tables,
    pattern_of,
    units_of,
)

SLOW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def protected(cube: Cube, found: Primary) -> Pattern:
    try:
        return pattern_of(cube, found)
    except Rejected as refusal:
        assume(
            refusal.code not in {"research.population_too_small", "research.nothing_publishable"}
        )
        raise


def require_no_breach(
    cube: Cube, found: Primary, pattern: Pattern, *, integral: bool = False
) -> None:
    published = cube.mask(pattern.tables)
    for measure in found.measures:
        told = breaches(measure, pattern.shown, published, cube.structural, integral=integral)
        assert next(told, None) is None


@given(inner_tables(cells=24), st.sampled_from(Audience), st.integers(-1, 3))
@SLOW
def test_nothing_shown_bounds_a_hidden_cell(
    inner: Ints, audience: Audience, sensitive: int
) -> None:
    cube = cube_of(inner, sensitive=(sensitive,))
    found = found_in(cube, audience)
    pattern = protected(cube, found)
    assert not (pattern.shown & found.hidden).any()
    require_no_breach(cube, found, pattern)


@given(inner_tables(dimensions=3, cells=18))
@settings(SLOW, max_examples=10)
def test_nor_does_it_when_the_attacker_knows_that_units_are_whole(inner: Ints) -> None:
    cube = cube_of(inner)
    found = found_in(cube)
    require_no_breach(cube, found, protected(cube, found), integral=True)


@given(inner_tables(dimensions=3, cells=18), st.randoms(use_true_random=False))
@SLOW
def test_amounts_of_entities_are_not_estimated(inner: Ints, random: Random) -> None:
    units = units_of(np.minimum(inner, 6))
    amounts = [random.choice([0, 1, 10, 100, 1_000, 5_000]) for _ in units.codes]
    cube = Cube.count(
        dimensions(*inner.shape), Units(units.codes, amounts=np.array(amounts, dtype=np.int64))
    )
    found = found_in(cube, Audience.PUBLIC, UnitKind.ENTITIES)
    require_no_breach(cube, found, protected(cube, found))


@given(inner_tables(dimensions=3, cells=18), st.randoms(use_true_random=False))
@settings(SLOW, max_examples=10)
def test_weighted_numbers_tell_no_more(inner: Ints, random: Random) -> None:
    units = units_of(inner)
    weights = [random.choice([400, 1_000, 1_700]) for _ in units.codes]
    cube = Cube.count(
        dimensions(*inner.shape), Units(units.codes, weights=np.array(weights, dtype=np.int64))
    )
    found = found_in(cube)
    require_no_breach(cube, found, protected(cube, found))


@given(inner_tables())
@SLOW
def test_the_same_table_is_hidden_in_the_same_way_and_adds_up(inner: Ints) -> None:
    cube = cube_of(inner)
    one, other = (protected(cube_of(inner), found_in(cube_of(inner))) for _ in range(2))
    assert np.array_equal(one.shown, other.shown)
    for axis in range(inner.ndim):
        parts = np.take(cube.counts, range(inner.shape[axis]), axis=axis).sum(axis=axis)
        assert np.array_equal(parts, np.take(cube.counts, inner.shape[axis], axis=axis))


@given(inner_tables())
@SLOW
def test_nothing_is_hidden_where_nothing_is_small(inner: Ints) -> None:
    cube = cube_of(np.where(inner < 5, 5, inner))
    pattern = pattern_of(cube, found_in(cube))
    assert not pattern.hidden.any()
    assert not pattern.withheld


def test_the_audit_finds_what_suppression_of_small_cells_alone_leaves_open() -> None:
    cube = cube_of([[3, 20, 30], [20, 30, 40], [30, 40, 50]])
    found = found_in(cube)
    told = list(breaches(found.measures[0], ~found.hidden, found.hidden, cube.structural))
    assert {(each.cell, each.interval.low, each.interval.high) for each in told} == {
        ((0, 0), 3.0, 3.0)
    }


def test_the_audit_finds_two_single_units_who_know_of_each_other() -> None:
    """Hundepool et al. 2012, §4.2.2: the singleton problem."""
    cube = cube_of([1, 1, 30])
    found = found_in(cube)
    told = list(breaches(found.measures[0], ~found.hidden, found.hidden, cube.structural))
    assert any(each.unit == (1,) and each.interval.high == 1.0 for each in told)


@pytest.mark.parametrize("integral", [False, True])
def test_an_interval_is_what_can_be_computed_by_hand(integral: bool) -> None:
    """Row sums 10 and 12, column sums 9 and 13, all cells hidden: 0 to 9 in the corner."""
    cube = cube_of([[4, 6], [5, 7]])
    shown = np.ones(cube.shape, dtype=bool)
    shown[:2, :2] = False
    knowledge = Knowledge(cube.counts, shown, cube.structural, integral=integral)
    interval = knowledge.interval((0, 0))
    assert (interval.low, interval.high) == (0.0, 9.0)
