"""What is hidden by which rule: examples small enough to be checked by hand."""

import numpy as np
import pytest

from services.research.domain.disclosure.needs import primary, thin
from services.research.domain.disclosure.rounding import controlled, ifs_2023
from services.research.domain.disclosure.suppression import Pattern, suppress, unread
from services.research.domain.disclosure.tables import Cube, Units, lines, with_margins
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.kernel.errors import Rejected
from tests.research.domain.disclosing import (
    PARAMETERS,
    cube_of,
    dimensions,
    found_in,
    pattern_of,
    units_of,
)


def hidden_cells(pattern: Pattern) -> set[tuple[int, ...]]:
    return {tuple(int(i) for i in cell) for cell in np.argwhere(pattern.hidden)}


def enterprises(*turnovers: tuple[int, ...]) -> Cube:
    """A category per group of enterprises, by their turnovers."""
    codes = [[place] for place, group in enumerate(turnovers) for _ in group]
    amounts = [each for group in turnovers for each in group]
    units = Units(np.array(codes, dtype=np.int64), amounts=np.array(amounts, dtype=np.int64))
    return Cube.count(dimensions(len(turnovers)), units)


def test_a_small_cell_takes_a_rectangle_with_it() -> None:
    """The least that can be hidden of a two-way table: two rows, two columns."""
    cube = cube_of([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
    hidden = hidden_cells(pattern_of(cube, found_in(cube)))
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_rectangle_without_room_is_not_enough() -> None:
    """Beside the zeros the cell could not rise to five: the cheapest rectangle has none below 2."""
    cube = cube_of([[3, 0, 30], [0, 9, 60], [30, 60, 90]])
    pattern = pattern_of(cube, found_in(cube))
    assert {(0, 0), (0, 2), (2, 0)} <= hidden_cells(pattern)


def test_a_small_margin_is_hidden_with_what_it_sums_up() -> None:
    cube = cube_of([[1, 2], [30, 40], [50, 60]])
    hidden = hidden_cells(pattern_of(cube, found_in(cube)))
    assert {(0, 0), (0, 1), (0, 2)} <= hidden
    assert (-1 % 4, -1 % 3) not in hidden


def test_zeros_are_shown_unless_they_tell_what_a_member_is_not() -> None:
    counts = [[0, 20, 30], [40, 50, 60]]
    plain, sensitive = cube_of(counts), cube_of(counts, sensitive=(1,))
    assert not found_in(plain).hidden.any()
    assert found_in(sensitive).hidden[0, 0]
    assert not found_in(cube_of([[0, 0], [40, 50]], sensitive=(1,))).hidden.any()


def test_a_structural_zero_is_shown_even_then() -> None:
    units = units_of(np.array([[0, 20, 30], [40, 50, 60]]))
    cube = Cube.count(dimensions(2, 3, sensitive=(1,)), units, [(0, 0)])
    assert not found_in(cube).hidden.any()


def test_a_structural_zero_with_somebody_in_it_is_an_error() -> None:
    with pytest.raises(Rejected, match=r"research\.structural_zero_occupied"):
        Cube.count(dimensions(2), units_of(np.array([1, 9])), [(0,)])


def test_a_large_group_with_one_sensitive_value_is_hidden() -> None:
    """Homogeneity attack (Machanavajjhala et al. 2007): who is in the group has the value."""
    cube = cube_of([[40, 0], [25, 30], [35, 45]], sensitive=(1,))
    found = found_in(cube)
    assert found.hidden[0, 0]
    assert not found.hidden[0, -1]
    assert found.measures[0].low[0, 0] == 35
    assert {(0, 0), (0, 1)} <= hidden_cells(pattern_of(cube, found))


@pytest.mark.parametrize(
    ("audience", "sensitive", "least"),
    [
        (Audience.INTERNAL, (), 5),
        (Audience.INTERNAL, (0,), 5),
        (Audience.PUBLIC, (), 5),
        (Audience.PUBLIC, (0,), 10),
    ],
)
def test_thresholds_of_persons(audience: Audience, sensitive: tuple[int, ...], least: int) -> None:
    cube = cube_of([least - 1, least, 30], sensitive=sensitive)
    assert found_in(cube, audience).hidden.tolist() == [True, False, False, False]


def test_the_rule_of_official_statistics_for_entities() -> None:
    """Fewer than three, or one with more than three quarters; exactly three quarters may pass."""
    cube = enterprises((50, 50), (75, 15, 10), (76, 14, 10), (30, 30, 40))
    found = primary(cube, UnitKind.ENTITIES, Audience.PUBLIC, PARAMETERS)
    assert found.hidden.tolist() == [True, False, True, False, False]


def test_amounts_are_protected_by_a_third_upwards_and_a_quarter_downwards() -> None:
    cube = enterprises((80, 10, 10), (300, 300, 300), (500, 500, 500))
    found = primary(cube, UnitKind.ENTITIES, Audience.PUBLIC, PARAMETERS)
    amount = found.measures[1]
    assert (int(amount.low[0]), int(amount.high[0])) == (75, 134)


def test_thresholds_count_units_not_weights() -> None:
    units = units_of(np.array([4, 5]))
    weights = np.array([9_000] * 4 + [100] * 5, dtype=np.int64)
    cube = Cube.count(dimensions(2), Units(units.codes, weights=weights))
    assert found_in(cube).hidden.tolist() == [True, False, False]


def test_linked_tables_are_protected_over_what_they_share() -> None:
    """Tables d0 x d1 and d0 x d2, published together: the cuboid over all three is not part."""
    rng = np.random.default_rng(5)
    cube = cube_of(rng.integers(0, 9, size=(3, 3, 3)))
    tables = cube.closure([("d0", "d1"), ("d2", "d0")])
    assert tables == ((), (0,), (1,), (2,), (0, 1), (0, 2))
    pattern = suppress(cube, tables, [unread(cube, found_in(cube))], PARAMETERS.thin)
    assert not (pattern.shown & ~cube.mask(tables)).any()


def test_a_margin_that_is_mostly_small_is_withheld_with_all_finer_ones() -> None:
    cube = cube_of(np.full((3, 4, 2), 2))
    found = found_in(cube)
    withheld = thin(cube, cube.cuboids, found, 0.5)
    assert withheld == ((0, 1), (0, 1, 2))


def test_too_few_units_for_any_number() -> None:
    cube = cube_of([1, 3])
    with pytest.raises(Rejected, match=r"research\.population_too_small"):
        pattern_of(cube, found_in(cube))


def test_nothing_is_left_to_publish() -> None:
    cube = cube_of([1, 2, 2, 3])
    with pytest.raises(Rejected, match=r"research\.nothing_publishable"):
        pattern_of(cube, found_in(cube))


@pytest.mark.parametrize("sizes", [(), (2, 2, 2, 2, 2, 2)])
def test_tables_have_one_to_five_dimensions(sizes: tuple[int, ...]) -> None:
    units = Units(np.zeros((3, len(sizes)), dtype=np.int64))
    with pytest.raises(Rejected, match=r"research\.table_too_wide"):
        Cube.count(dimensions(*sizes), units)


def test_a_table_beyond_all_reading_is_refused() -> None:
    units = Units(np.zeros((3, 3), dtype=np.int64))
    with pytest.raises(Rejected, match=r"research\.table_too_large"):
        Cube.count(dimensions(99, 99, 99), units)


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(Rejected, match=r"research\.amount_negative"):
        Cube.count(dimensions(2), Units(np.array([[0], [1]]), amounts=np.array([5, -1])))


def test_rounding_of_ifs_2023() -> None:
    values = np.array([0, 1, 7, 8, 14, 15, 24, 25, 104])
    assert ifs_2023(values).tolist() == [0, 5, 5, 10, 10, 20, 20, 30, 100]


@pytest.mark.parametrize("shape", [(7,), (4, 5), (2, 9)])
def test_controlled_rounding_adds_up_and_stays_near(shape: tuple[int, ...]) -> None:
    for seed in range(20):
        inner = np.random.default_rng(seed).integers(0, 40, size=shape)
        values = with_margins(inner)
        rounded = controlled(values)
        assert not (rounded % 5).any()
        assert (np.abs(rounded - values) < 5).all()
        assert (rounded[values % 5 == 0] == values[values % 5 == 0]).all()
        assert all(rounded[line][:-1].sum() == rounded[line][-1] for line in lines(values.shape))


def test_controlled_rounding_of_three_dimensions_is_refused() -> None:
    with pytest.raises(Rejected, match=r"research\.rounding_too_wide"):
        controlled(cube_of(np.full((2, 2, 2), 9)).counts)
