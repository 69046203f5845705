"""The attacker of a whole sequence of releases, as a linear programme before the next one goes out.

Everything that was ever shown of a dataset is a system of equations over the combinations of all
dimensions by which was counted or filtered (and of the editions that a unit was in). The next
release is let out when for no combination with 1 to k - 1 units, and for no hidden number of that
size, the system excludes 1 or less, or k or more. So it sees what comparing releases in pairs does
not: sums over several, and the cells of withheld cuboids, which no suppression pattern speaks of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, csr_array

from services.research.domain.disclosure.asking import Query
from services.research.domain.disclosure.microdata import Microdata
from services.research.domain.disclosure.tables import Cell, Flags, Floats, Ints
from shared.kernel.errors import Rejected

MOST_COMBINATIONS: Final = 20_000
TIME_LIMIT: Final = 10.0
"""Seconds for one programme."""
SLACK: Final = 1e-6
INFEASIBLE: Final = 2
UNBOUNDED: Final = 3
"""Statuses of `milp`."""


@dataclass(frozen=True)
class Told:
    """What one release shows, and what it hides, over the full table of its query."""

    query: Query
    position: int
    counts: Ints
    shown: Flags


class Combinations:
    """The joint table of everything that the releases count and filter by, flat."""

    def __init__(self, data: Microdata, told: Sequence[Told]) -> None:
        names = {name for each in told for name in each.query.dimensions}
        names |= {chosen.dimension for each in told for chosen in each.query.filters}
        self._data = data
        self._axes = [axis for axis, each in enumerate(data.dimensions) if each.name in names]
        self._positions = sorted({each.position for each in told})
        editions = np.array([data.editions[each] for each in self._positions])
        self._editions, pattern = np.unique(editions, axis=1, return_inverse=True)
        sizes = [len(data.dimensions[axis].categories) for axis in self._axes]
        self.shape = (*sizes, self._editions.shape[1])
        self._codes = (*data.codes[:, self._axes].T, pattern.ravel())

    @property
    def size(self) -> int:
        return int(np.prod([float(each) for each in self.shape]))

    @cached_property
    def occupied(self) -> Ints:
        places = np.ravel_multi_index(self._codes, self.shape)
        return np.bincount(places, minlength=self.size)

    def row(self, told: Told, cell: Cell) -> Flags:
        """The combinations that one number of a release counts."""
        chosen = {each.dimension: each.categories for each in told.query.filters}
        placed = dict(zip(told.query.dimensions, cell, strict=True))
        allowed: list[Flags] = []
        for axis in self._axes:
            dimension = self._data.dimensions[axis]
            kept = np.isin(dimension.categories, chosen.get(dimension.name, dimension.categories))
            place = placed.get(dimension.name, len(kept))
            if place < len(kept):
                kept &= np.arange(len(kept)) == place
            allowed.append(kept)
        allowed.append(self._editions[self._positions.index(told.position)])
        return np.asarray(_outer(allowed).ravel())


def _outer(factors: Sequence[Flags]) -> Flags:
    product = factors[0]
    for each in factors[1:]:
        product = product[..., None] & each
    return product


def require_silent(data: Microdata, told: Sequence[Told], least: int) -> None:
    """Raises `research.releases_tell_together`, `research.releases_too_entangled`."""
    joint = Combinations(data, told)
    if joint.size > MOST_COMBINATIONS:
        facts = {"most": MOST_COMBINATIONS, "combinations": joint.size}
        raise Rejected("research.releases_too_entangled", facts)
    rows, sums = _equations(joint, told)
    system = _System(rows, sums, joint.occupied)
    if not system.allow(_targets(joint, told, least), least):
        raise Rejected("research.releases_tell_together", {"least": least})


def _equations(joint: Combinations, told: Sequence[Told]) -> tuple[csc_array, Floats]:
    rows, sums = [], []
    for each in told:
        for place in np.argwhere(each.shown):
            cell = tuple(int(i) for i in place)
            rows.append(np.flatnonzero(joint.row(each, cell)))
            sums.append(float(each.counts[cell]))
    starts = np.cumsum([0, *map(len, rows)])
    ones = np.ones(starts[-1])
    system = csr_array((ones, np.concatenate(rows), starts), shape=(len(rows), joint.size))
    return csc_array(system), np.array(sums)


def _targets(joint: Combinations, told: Sequence[Told], least: int) -> Flags:
    """(targets x combinations): the small combinations first, then the small hidden numbers."""
    small = np.flatnonzero((joint.occupied > 0) & (joint.occupied < least))
    single = np.zeros((len(small), joint.size), dtype=bool)
    single[np.arange(len(small)), small] = True
    hidden = list(_hidden(joint, told, least))
    return np.concatenate([single, np.array(hidden)]) if hidden else single


def _hidden(joint: Combinations, told: Sequence[Told], least: int) -> Iterator[Flags]:
    for each in told:
        small = (each.counts > 0) & (each.counts < least) & ~each.shown
        for place in np.argwhere(small):
            yield joint.row(each, tuple(int(i) for i in place))


class _System:
    def __init__(self, rows: csc_array, sums: Floats, occupied: Ints) -> None:
        self._constraint = LinearConstraint(rows, sums, sums)
        self._tables: list[Floats] = [occupied.astype(float)]

    def allow(self, targets: Flags, least: int) -> bool:
        """Whether 1 or less, and `least` or more, is possible of each target."""
        self._explore(targets, least)
        for target in targets.astype(float):
            values = np.array(self._tables) @ target
            if values.max() < least - SLACK and self._most(target) < least - SLACK:
                return False
            if values.min() > 1 + SLACK and -self._most(-target) > 1 + SLACK:
                return False
        return True

    def _explore(self, targets: Flags, least: int) -> None:
        """Tables in which many single combinations hold k at once, while that shows new ones."""
        single = targets[targets.sum(axis=1) == 1].any(axis=0)
        reached = np.zeros_like(single)
        while (open_ := single & ~reached).any():
            table = self._table(open_.astype(float), np.where(open_, float(least), np.inf))
            new = open_ & (table >= least - SLACK) if table is not None else reached
            if table is None or not new.any():
                return
            reached |= new

    def _most(self, target: Floats) -> float:
        table = self._table(target, np.full(target.size, np.inf))
        return np.inf if table is None else float(table @ target)

    def _table(self, target: Floats, most: Floats) -> Floats | None:
        """The table with the greatest sum over a target; None when there is no bound (or,
        bounded so, no table).
        """
        found = milp(
            -target,
            bounds=Bounds(0.0, most),
            constraints=self._constraint,
            options={"time_limit": TIME_LIMIT},
        )
        if found.status in {INFEASIBLE, UNBOUNDED}:
            return None
        if found.x is None:
            raise ArithmeticError(f"no table: {found.message}")
        self._tables.append(found.x)
        return np.asarray(found.x)
