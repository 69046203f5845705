"""The attacker's linear programme: what can be concluded from everything that is shown.

For each cell the least and the greatest value over all tables of units that agree with the shown
numbers: the feasibility interval (Hundepool et al. 2012, §4.3; tau-ARGUS calls it audit). Solved by
HiGHS. It knows nothing of how cells were chosen, so it checks the suppression from outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from services.research.domain.disclosure.needs import Measure
from services.research.domain.disclosure.tables import Cell, Flags, Floats, Ints

TIME_LIMIT: Final = 10.0
"""Seconds for one programme."""
UNBOUNDED: Final = 3
"""A status of `milp`."""


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True)
class Breach:
    """A need that somebody can refute; `unit` is the inner cell of the one who can, None for all."""

    measure: str
    cell: Cell
    interval: Interval
    unit: Cell | None


class Knowledge:
    """The shown cells of a full table as equations over its inner cells.

    `integral`: whether the attacker uses that units are whole (a mixed-integer programme).
    """

    def __init__(
        self, values: Ints, shown: Flags, structural: Flags, *, integral: bool = False
    ) -> None:
        self.shape = values.shape
        self.inner = tuple(size - 1 for size in values.shape)
        places = np.argwhere(shown)
        self._sums = csc_array(np.array([self._row(tuple(each)) for each in places]))
        self._shown = values[shown].astype(float)
        inner = tuple(slice(0, size) for size in self.inner)
        self._impossible = structural[inner].ravel()
        self._integral = integral
        self._tables: list[Floats] = [values[inner].ravel().astype(float)]

    def interval(self, cell: Cell, unit: Cell | None = None, known: int = 0) -> Interval:
        """What an outsider concludes of a cell; or one who knows an inner cell to be `known` or more."""
        least = np.zeros(self._impossible.size)
        if unit is not None:
            least[np.ravel_multi_index(unit, self.inner)] = known
        row = self._row(cell)
        low, high = (self._extreme(sign * row, least) for sign in (1.0, -1.0))
        return Interval(low, -high)

    def _row(self, cell: Cell) -> Floats:
        marked = np.zeros(self.inner)
        marked[
            tuple(
                slice(None) if place == size else place
                for place, size in zip(cell, self.inner, strict=True)
            )
        ] = 1.0
        return marked.ravel()

    def _extreme(self, objective: Floats, least: Floats) -> float:
        most = np.where(self._impossible, 0.0, np.inf)
        found = milp(
            objective,
            integrality=np.full(objective.size, int(self._integral)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self._sums, self._shown, self._shown),
            options={"time_limit": TIME_LIMIT},
        )
        if found.status == UNBOUNDED:
            return -np.inf
        if found.x is None:
            raise ArithmeticError(f"no solution: {found.message}")
        self._tables.append(found.x)
        return float(found.fun)

    def allows(self, cell: Cell, need: Interval, unit: Cell | None, known: int) -> bool:
        """Whether tables found so far show that both ends of the need are possible."""
        tables = np.array(self._tables)
        if unit is not None:
            tables = tables[tables[:, np.ravel_multi_index(unit, self.inner)] >= known]
        values = tables @ self._row(cell)
        return bool((values <= need.low).any() and (values >= need.high).any())


def breaches(
    measure: Measure, shown: Flags, cells: Flags, structural: Flags, *, integral: bool = False
) -> Iterator[Breach]:
    """The needs among `cells` that everything shown refutes, for outsiders and for every unit."""
    knowledge = Knowledge(measure.values, shown, structural, integral=integral)
    inner = tuple(slice(0, size) for size in knowledge.inner)
    known = measure.known[inner]
    units = [_place(each) for each in np.argwhere((known > 0) & ~shown[inner])]
    for each in np.argwhere(measure.needy & cells):
        cell = _place(each)
        need = _need(measure, cell)
        for unit in (None, *units):
            least = 0 if unit is None else int(known[unit])
            if unit is not None and _knows_it(cell, unit, measure) and least > measure.low[cell]:
                continue  # the cell's own secret is what this unit is
            if knowledge.allows(cell, need, unit, least):
                continue  # most needs: a table found for another one serves
            interval = knowledge.interval(cell, unit, least)
            if interval.low > need.low or interval.high < need.high:
                yield Breach(measure.name, cell, interval, unit)


def _place(row: Ints) -> Cell:
    return tuple(int(each) for each in row)


def _need(measure: Measure, cell: Cell) -> Interval:
    """With the solver's tolerance."""
    slack = 1e-6 * max(1.0, float(measure.values[cell]))
    return Interval(measure.low[cell] + slack, measure.high[cell] - slack)


def _knows_it(cell: Cell, unit: Cell, measure: Measure) -> bool:
    return all(
        place in {own, size - 1}
        for place, own, size in zip(cell, unit, measure.values.shape, strict=True)
    )
