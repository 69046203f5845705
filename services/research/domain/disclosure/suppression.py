"""Complementary suppression: hiding further cells until no need can be refuted.

Every need of every measure gets its witnesses: tables that agree with all that is shown, in which
the cell is as low, or as high, as the need says. One is not enough against an attacker who is one
of the units and knows that his own cell is not empty: further witnesses leave occupied what the
ones before emptied, until each unit finds one that it cannot refute.

The grand total itself may be hidden, so protection succeeds unless cells were shown before: then the
tables in which a cell cannot be protected are withheld, with all finer ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import numpy as np

from services.research.domain.disclosure.moves import Moving
from services.research.domain.disclosure.needs import Measure, Primary, thin
from services.research.domain.disclosure.tables import Cell, Cube, Cuboid, Flags, Floats, Ints
from shared.kernel.errors import Rejected

REMEMBERED: Final = 96
"""Witnesses kept for the needs that follow: bounded, since each is as large as the table."""


@dataclass(frozen=True)
class Attacker:
    """Somebody who reads some of the earlier releases, and what must stay unknown to him.

    `told`: cells that he has read before. `kept`: cells hidden from him before, which protect
    others there.
    """

    primary: Primary
    told: Flags
    kept: Flags


@dataclass(frozen=True)
class Pattern:
    """What of the full table is shown. `withheld` cuboids are not part of the publication."""

    tables: tuple[Cuboid, ...]
    withheld: tuple[Cuboid, ...]
    shown: Flags
    hidden: Flags
    """Cells of the published tables; primary and complementary ones are not told apart."""


def unread(cube: Cube, primary: Primary) -> Attacker:
    """One before whom nothing was published."""
    nothing = np.zeros(cube.shape, dtype=bool)
    return Attacker(primary, nothing, nothing)


def suppress(
    cube: Cube, asked: tuple[Cuboid, ...], attackers: Sequence[Attacker], thinness: Decimal
) -> Pattern:
    """Hide what each of the attackers must not learn; the first one's thresholds rule.

    Raises `research.population_too_small`, `research.nothing_publishable`,
    `research.earlier_tables_tell`.
    """
    first = attackers[0].primary
    least = int(first.least[(-1,) * len(cube.shape)])
    if cube.counts[(-1,) * len(cube.shape)] < least:
        raise Rejected("research.population_too_small", {"least": least})
    withheld = thin(cube, asked, first, float(thinness))
    price, unprotected = _hide(cube, asked, withheld, attackers)
    while unprotected is not None:
        withheld = tuple(
            each for each in asked if each in withheld or set(unprotected) <= set(each)
        )
        if () in withheld:
            raise Rejected("research.earlier_tables_tell")
        price, unprotected = _hide(cube, asked, withheld, attackers)
    tables = tuple(each for each in asked if each not in withheld)
    published = cube.mask(tables)
    hidden = published & (price == 0)
    shown = published & ~hidden
    if not shown.any() or not _tells(cube, shown):
        raise Rejected("research.nothing_publishable")
    return Pattern(tables, withheld, shown, hidden)


def _hide(
    cube: Cube,
    asked: tuple[Cuboid, ...],
    withheld: tuple[Cuboid, ...],
    attackers: Sequence[Attacker],
) -> tuple[Floats, Cuboid | None]:
    """Prices, 0 where a cell is hidden; and the cuboid in which a cell cannot be protected."""
    published = cube.mask([each for each in asked if each not in withheld])
    price = np.where(published, _prices(cube), 0.0)
    for attacker in attackers:
        price[attacker.primary.hidden & ~attacker.told] = 0
        price[attacker.kept] = 0
    for attacker in attackers:
        unprotected = _protect(cube, published, attacker, price)
        if unprotected is not None:
            return price, unprotected
    return price, None


def _tells(cube: Cube, shown: Flags) -> bool:
    """Whether more is shown than the number of all units."""
    beside = shown.copy()
    beside[(-1,) * len(cube.shape)] = False
    return bool((beside & (cube.counts > 0)).any())


def _prices(cube: Cube) -> Floats:
    """The information in a cell (bits of its number), more for a cell that sums up many."""
    price: Floats = np.log2(cube.counts + 2.0)
    for axis, size in enumerate(cube.shape):
        np.moveaxis(price, axis, 0)[-1] *= size
    return price


def _protect(cube: Cube, published: Flags, attacker: Attacker, price: Floats) -> Cuboid | None:
    """Hides by setting prices to 0, until done or a cell cannot be protected: then, its cuboid."""
    fixed = attacker.told | cube.structural
    own, total = np.where(fixed, np.inf, price), np.array(cube.shape) - 1
    for measure in attacker.primary.measures:
        guard = _Guard(measure, own)
        needy = np.argwhere(measure.needy & published & ~fixed)
        coarse = (needy == total).sum(axis=1)
        for row in needy[np.argsort(-coarse, kind="stable")]:
            cell = tuple(int(each) for each in row)
            for goal in {int(measure.low[cell]), int(measure.high[cell])}:
                if goal != measure.values[cell] and not guard.protect(cell, goal):
                    return tuple(int(axis) for axis in np.flatnonzero(row < total))
    price[~fixed] = own[~fixed]
    return None


@dataclass
class _Guard:
    """Finds the witnesses of one measure's needs, and remembers the last ones."""

    measure: Measure
    price: Floats
    witnesses: list[Moving] = field(default_factory=list)

    def protect(self, cell: Cell, goal: int) -> bool:
        refuting = self._units_not_convinced(cell, goal)
        while refuting is None or refuting.any():
            moving = Moving(self.measure.values, self._floor(cell, goal, refuting), self.price)
            if not moving.reach(cell, goal):
                return False
            self.witnesses = [*self.witnesses[1 - REMEMBERED :], moving]
            emptied = self._emptied(moving, cell, goal)
            refuting = emptied if refuting is None else refuting & emptied
        return True

    def _units_not_convinced(self, cell: Cell, goal: int) -> Flags | None:
        """Inner cells whose units refute all remembered witnesses of this need; None if none is."""
        upward = goal > self.measure.values[cell]
        refuting = None
        for each in self.witnesses:
            value = each.values[cell]
            if value >= goal if upward else value <= goal:
                emptied = self._emptied(each, cell, goal)
                refuting = emptied if refuting is None else refuting & emptied
                if not refuting.any():
                    break
        return refuting

    def _emptied(self, moving: Moving, cell: Cell, goal: int) -> Flags:
        """Inner cells of which a unit there knows better; not those whose units know the cell."""
        inner = (slice(0, -1),) * len(cell)
        known = self.measure.known
        emptied = np.zeros(known.shape, dtype=bool)
        emptied[inner] = moving.values[inner] < known[inner]
        own = _inside(cell, emptied.shape)
        emptied[own] &= known[own] <= goal
        return emptied

    def _floor(self, cell: Cell, goal: int, refuting: Flags | None) -> Ints:
        """Zero, but for the cells whose units are still to be convinced.

        Of those inside the cell itself one at a time, where it must sink: together they are more
        than it may come down to.
        """
        if refuting is None:
            return np.zeros_like(self.measure.known)
        respected = refuting.copy()
        if goal < self.measure.values[cell]:
            for number, place in enumerate(_members(refuting, cell)):
                respected[place] = number == 0
        if not respected.any():
            raise AssertionError("a witness must convince somebody")
        return np.where(respected, self.measure.known, 0)


def _inside(cell: Cell, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """The inner cells that a cell sums up."""
    return tuple(
        slice(0, size - 1) if place == size - 1 else slice(place, place + 1)
        for place, size in zip(cell, shape, strict=True)
    )


def _members(flags: Flags, cell: Cell) -> Iterator[Cell]:
    own = np.zeros_like(flags)
    own[_inside(cell, flags.shape)] = True
    for place in np.argwhere(flags & own):
        yield tuple(int(each) for each in place)
