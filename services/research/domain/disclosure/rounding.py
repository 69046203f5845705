"""Rounding, as an option beside suppression.

IFS 2023 (Eurostat's rules for the farm structure survey): 1 to 7 becomes 5, from 8 on the nearest
multiple of ten (a five rounds up). Guarantee: one published number by itself leaves at least seven
values possible, and 5 tells nothing between 1 and 7. Totals are rounded like cells, so they need not
add up; whoever combines many of them may learn more.

Controlled rounding (Cox 1982; zero-restricted, base 5): every number becomes one of its two
neighbouring multiples, so that all totals add up; exact multiples stay. In one and two dimensions
there always is such a table, and the linear programme's vertices are whole, because the matrix of a
two-way table is totally unimodular; from three dimensions on there may be none. Guarantee: each true
number lies less than 5 from the published one, and a published 0 may stand for 0 to 4.

Rounding takes the place of no suppression: it is applied to what suppression shows.
"""

from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from services.research.domain.disclosure.tables import Ints, lines
from shared.kernel.errors import Rejected

BASE: Final = 5
CONTROLLED_DIMENSIONS: Final = 2


def ifs_2023(values: Ints) -> Ints:
    nearest = (values + 5) // 10 * 10
    return np.where(values == 0, 0, np.where(values < 8, 5, nearest))


def controlled(values: Ints) -> Ints:
    """A full table, rounded so that its totals add up and as near as can be.

    Raises `research.rounding_too_wide` for more than two dimensions.
    """
    if values.ndim > CONTROLLED_DIMENSIONS:
        raise Rejected("research.rounding_too_wide", {"most": CONTROLLED_DIMENSIONS}, "/rounding")
    down, rest = values // BASE * BASE, (values % BASE).ravel()
    equations, sums = _equations(values, down)
    found = milp(
        (BASE - 2 * rest).astype(float),  # what rounding up adds to the distance
        integrality=np.zeros(rest.size, dtype=np.int64),
        bounds=Bounds(0.0, (rest > 0).astype(float)),
        constraints=LinearConstraint(equations, sums, sums),
    )
    if found.x is None:
        raise ArithmeticError(f"no rounding: {found.message}")
    raised = np.rint(found.x).astype(np.int64).reshape(values.shape)
    return np.asarray(down + BASE * raised)


def _equations(values: Ints, down: Ints) -> tuple[csr_array, Ints]:
    """That each row's roundings up make its total's: over 0/1 variables, in multiples of the base."""
    places = np.arange(values.size).reshape(values.shape)
    rows, sums = [], []
    for line in lines(values.shape):
        row = np.zeros(values.size)
        row[places[line][:-1]], row[places[line][-1]] = 1.0, -1.0
        rows.append(row)
        sums.append((down[line][-1] - down[line][:-1].sum()) // BASE)
    return csr_array(np.array(rows)), np.array(sums)
