"""Primary suppression: which cells disclose by themselves, and what must stay possible of them.

A cell with a need `[low, high]` is hidden, and is protected when somebody who knows every shown
number, and that units are whole and not negative, can exclude neither a value of at most `low` nor
one of at least `high`. Cells:

- Small: 1 to k - 1 units. Need [1, k]: neither that there is a single unit nor that there are
  enough can be excluded. Whoever is one of the units and takes himself off is left with 0 to k - 1
  others.
- A zero in a table with a sensitive dimension, in a group that has members: it says of each member
  what he is not. Need [0, 1]. Other zeros are shown: of nobody they say anything. A structural zero
  is shown always.
- Not diverse (l-diversity): a group with fewer than l different values of a sensitive dimension; all
  its occupied cells are hidden, however large, each with need [n - k, n].
- Amounts (dominance, fewer than three entities): need [s X, X / s] for the amount X and the greatest
  share s allowed. X / s is the upper protection level of the (1, k)-dominance rule (Hundepool et al.
  2012, table 4.2) for the worst case that one entity has it all.
- Weighted numbers: the need of the unweighted cell, in the weight of its average unit.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.research.domain.disclosure.tables import Cube, Cuboid, Flags, Ints, Totals
from services.research.domain.rules.disclosure import DisclosureParameters
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind


@dataclass(frozen=True)
class Measure:
    """One number per cell, and its needs.

    `known`: what the best informed unit of the cell knows it to be at least: itself. Cells whose
    `low` and `high` both equal their value have no need. All arrays have the cube's shape.
    """

    name: str
    values: Ints
    known: Ints
    low: Ints
    high: Ints

    @property
    def needy(self) -> Flags:
        return np.asarray((self.low < self.values) | (self.high > self.values))


@dataclass(frozen=True)
class Primary:
    """`small` counts against the thinness of a cuboid; `hidden` are all that disclose."""

    least: Ints
    """The threshold that holds for each cell."""
    small: Flags
    hidden: Flags
    measures: tuple[Measure, ...]


def primary(
    cube: Cube, kind: UnitKind, audience: Audience, parameters: DisclosureParameters
) -> Primary:
    """What must be hidden in the full table, whatever of it is shown."""
    counts = cube.counts
    least = _least(cube, kind, audience, parameters)
    small = (counts > 0) & (counts < least)
    zero = _telling_zeros(cube)
    uniform = _not_diverse(cube, parameters.diversity) & ~small
    low = np.where(small, 1, np.where(uniform, np.maximum(counts - least, 1), counts))
    high = np.where(small, least, np.where(zero, 1, counts))
    measures = [Measure("count", counts, np.minimum(counts, 1), low, high)]
    hidden = small | zero | uniform
    if cube.amounts is not None:
        concentrated = _dominated(cube.amounts, parameters) | small
        measures.append(_amount(cube.amounts, concentrated, parameters))
        hidden = hidden | concentrated
    if cube.weights is not None:
        measures.append(_weighted(measures[0], cube.weights))
    return Primary(least, small, hidden, tuple(measures))


def thin(cube: Cube, asked: tuple[Cuboid, ...], found: Primary, share: float) -> tuple[Cuboid, ...]:
    """The cuboids asked for that are withheld whole, with all finer ones."""
    withheld: list[Cuboid] = []
    for cuboid in asked:
        place = cube.cells_of(cuboid)
        occupied, small = (cube.counts[place] > 0).sum(), found.small[place].sum()
        below = any(set(each) <= set(cuboid) for each in withheld)
        if below or (len(cuboid) > 1 and small > share * occupied):
            withheld.append(cuboid)
    return tuple(withheld)


def _sensitive(cube: Cube) -> list[int]:
    return [axis for axis, each in enumerate(cube.dimensions) if each.sensitive]


def _least(
    cube: Cube, kind: UnitKind, audience: Audience, parameters: DisclosureParameters
) -> Ints:
    """By cell: sensitive where a cuboid keeps a sensitive dimension."""
    marked = cube.mask([each for each in cube.cuboids if set(each) & set(_sensitive(cube))])
    strict = parameters.least(kind, audience, sensitive=True)
    return np.where(marked, strict, parameters.least(kind, audience, sensitive=False))


def _telling_zeros(cube: Cube) -> Flags:
    telling = np.zeros(cube.shape, dtype=bool)
    for axis in _sensitive(cube):
        occupied = np.take(cube.counts, [-1], axis=axis) > 0
        telling |= (cube.counts == 0) & occupied & ~cube.structural
    return telling


def _not_diverse(cube: Cube, values: int) -> Flags:
    """Occupied cells of groups with fewer than that many values of a sensitive dimension."""
    uniform = np.zeros(cube.shape, dtype=bool)
    for axis in _sensitive(cube):
        kinds = np.take(cube.counts, range(cube.shape[axis] - 1), axis=axis)
        few = ((kinds > 0).sum(axis=axis, keepdims=True) < values) & (cube.counts > 0)
        np.moveaxis(few, axis, 0)[-1] = False  # the group's own number is not its distribution
        uniform |= few
    return uniform


def _dominated(amounts: Totals, parameters: DisclosureParameters) -> Flags:
    top, bottom = parameters.dominance.as_integer_ratio()
    return np.asarray(amounts.largest * bottom > amounts.sums * top)


def _amount(amounts: Totals, concentrated: Flags, parameters: DisclosureParameters) -> Measure:
    share = Fraction(*parameters.dominance.as_integer_ratio())
    low = amounts.sums * share.numerator // share.denominator
    high = -(-amounts.sums * share.denominator // share.numerator)
    return Measure(
        "amount",
        amounts.sums,
        amounts.largest,
        np.where(concentrated, low, amounts.sums),
        np.where(concentrated, high, amounts.sums),
    )


def _weighted(counted: Measure, weights: Totals) -> Measure:
    units = np.maximum(counted.values, 1)
    mean = -(-weights.sums // units)  # of a zero cell: nothing is known, nothing needed
    low = np.where(counted.low < counted.values, mean * counted.low, weights.sums)
    high = np.where(counted.high > counted.values, mean * counted.high, weights.sums)
    return Measure(
        "weight",
        weights.sums,
        weights.largest,
        np.minimum(low, weights.sums),
        np.maximum(high, weights.sums),
    )
