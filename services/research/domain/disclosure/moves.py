"""The hypercube method, with witnesses.

A move takes a cell and, along each dimension, a partner: another category (sign -) or the total
(sign +). It adds the product of the signs to the 2^n corners so spanned. Every row of the full
table keeps its sum, so a table that was moved within hidden cells agrees with everything shown: it
is a witness that what it says of the cell cannot be excluded. Moves are whole numbers and no cell
becomes negative, so a witness stands against integrality too, in any number of dimensions, where a
feasible point of the linear relaxation would not.

The choice of the cheapest hypercube is that of GHMITER (Repsilber 1994; Giessing & Repsilber 2002);
that the protection of every cell is checked by value, and several hypercubes add up where one is
too tight, is what turns the heuristic into a proof.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from services.research.domain.disclosure.tables import Cell, Floats, Ints

SLIGHT: Final = 1e-3
"""What a corner that is hidden already counts in the choice: fewest corners, all else equal."""


@dataclass(frozen=True)
class Move:
    partners: Cell
    room: int


class Moving:
    """A table on its way to a witness. `price` is shared: what a move touches costs nothing after.

    `floor` is the least that each cell may come down to.
    """

    def __init__(self, values: Ints, floor: Ints, price: Floats) -> None:
        self.values = values.copy()
        self.floor = floor
        self.price = price
        self.touched = np.zeros(values.shape, dtype=bool)

    def reach(self, cell: Cell, goal: int) -> bool:
        """Bring the cell to the goal, or beyond; False when what may not be hidden forbids it."""
        upward = goal > self.values[cell]
        while missing := abs(goal - int(self.values[cell])):
            move = self._cheapest(cell, missing, upward=upward)
            if move is None:
                return False
            self._make(cell, move, upward=upward)
        return True

    def _cheapest(self, cell: Cell, missing: int, *, upward: bool) -> Move | None:
        room, cost = self._room(cell, missing, upward=upward), self._cost(cell)
        score = np.where(room > 0, cost / np.maximum(room, 1), np.inf)
        best = np.unravel_index(int(np.argmin(score)), score.shape)
        if not np.isfinite(score[best]):
            return None
        return Move(tuple(int(each) for each in best), int(room[best]))

    def _cost(self, cell: Cell) -> Floats:
        """Of hiding the corners, for each choice of partners; the cell is no partner of its own."""
        cost = self.price + SLIGHT
        for axis, place in enumerate(cell):
            own = (slice(None),) * axis + (slice(place, place + 1),)
            cost = cost + cost[own]
            cost[own] = np.inf
        return cost

    def _room(self, cell: Cell, missing: int, *, upward: bool) -> Ints:
        """How far the move may go before a corner that sinks comes to its floor."""
        free = np.full(self.values.shape, missing, dtype=np.int64)
        bound = np.minimum(self.values - self.floor, missing)
        rises, sinks = (free, bound) if upward else (bound, free)
        if not upward:
            rises = rises.copy()
            rises[cell] = missing
        for axis, place in enumerate(cell):
            alike = (slice(None),) * axis + (
                slice(-1 if place < rises.shape[axis] - 1 else 0, None),
            )
            turned_rises, turned_sinks = sinks.copy(), rises.copy()
            turned_rises[alike], turned_sinks[alike] = rises[alike], sinks[alike]
            own = (slice(None),) * axis + (slice(place, place + 1),)
            rises, sinks = (
                np.minimum(turned_rises, rises[own]),
                np.minimum(turned_sinks, sinks[own]),
            )
        return rises

    def _make(self, cell: Cell, move: Move, *, upward: bool) -> None:
        totals = [size - 1 for size in self.values.shape]
        ends = [((a, True), (b, False)) for a, b in zip(cell, move.partners, strict=True)]
        for corner in product(*ends):
            place = tuple(index for index, _ in corner)
            turns = sum(
                not own and total not in {index, home}
                for (index, own), total, home in zip(corner, totals, cell, strict=True)
            )
            step = move.room if upward else -move.room
            self.values[place] += -step if turns % 2 else step
            self.price[place] = 0
            self.touched[place] = True
