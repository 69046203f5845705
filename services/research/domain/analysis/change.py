"""Baseline against endline: the same people in two waves, paired by pseudonym.

Who answered in one wave only is counted and left out; nobody is paired in a study without links.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import polars as pl
from scipy.special import chdtrc

from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.estimates import LEVEL, Estimate, mean
from services.research.domain.analysis.frames import ID, WEIGHT, Frame
from services.research.domain.analysis.tables import Cell, CrossTable, Place, require_number
from services.research.domain.analysis.variables import Kind
from shared.contracts.research.vocabulary.tables import Label
from shared.kernel.errors import Rejected

EXACT_BELOW: Final = 25
"""Changes below which the distribution of the statistic is not near enough to chi-squared."""


@dataclass(frozen=True)
class MeanChange:
    """`difference` is endline less baseline over the pairs, with the interval of a paired t test;
    None where there is no pair.
    """

    baseline_only: int
    endline_only: int
    baseline: Estimate | None
    endline: Estimate | None
    difference: Estimate | None


@dataclass(frozen=True)
class Symmetry:
    """Whether as many changed one way as the other.

    Of two categories it is McNemar's test, exact when few changed (`statistic` is None then); of more it
    is Bowker's (J. Amer. Statist. Assoc. 43, 1948).
    """

    changed: int
    statistic: float | None
    degrees: int
    p: float


@dataclass(frozen=True)
class CategoryChange:
    """`table` crosses the category at baseline with that at endline."""

    baseline_only: int
    endline_only: int
    table: CrossTable
    symmetry: Symmetry | None
    """None when nobody changed."""


def mean_change(
    baseline: Frame,
    endline: Frame,
    measure: str,
    *,
    population: float | None = None,
    level: float = LEVEL,
) -> MeanChange:
    """Weighted by the weights of the baseline. Raises `research.measure_not_a_number`."""
    require_number(baseline, measure)
    require_number(endline, measure)
    pairs, before_only, after_only = _paired(baseline, endline, measure)
    weights = pairs[WEIGHT].to_list()
    before, after = (pairs[name].cast(pl.Float64()).to_list() for name in ("before", "after"))
    gains = [late - early for early, late in zip(before, after, strict=True)]
    return MeanChange(
        before_only,
        after_only,
        *(
            mean(each, weights, population=population, level=level)
            for each in (before, after, gains)
        ),
    )


def category_change(baseline: Frame, endline: Frame, variable: str) -> CategoryChange:
    """Raises `research.variable_not_a_choice`."""
    for frame in (baseline, endline):
        if frame.variable(variable, "/variable").kind is not Kind.SELECT_ONE:
            raise Rejected("research.variable_not_a_choice", {"variable": variable}, "/variable")
    pairs, before_only, after_only = _paired(baseline, endline, variable)
    categories = endline.variables[variable].categories
    known = {each.code for each in categories}
    earlier = baseline.variables[variable].categories
    categories = (*(each for each in earlier if each.code not in known), *categories)
    axes = (
        Axis("baseline", Label(pl="na początku", en="at baseline"), categories),
        Axis("endline", Label(pl="na końcu", en="at endline"), categories),
    )
    codes = [each.code for each in categories]
    cells: dict[Place, Cell] = {(early, late): Cell() for early in codes for late in codes}
    for early, late, weight in pairs.select("before", "after", WEIGHT).iter_rows():
        cells[early, late] += Cell(1, weight, weight**2)
    table = CrossTable(axes, cells)
    return CategoryChange(before_only, after_only, table, symmetry_of(table))


def symmetry_of(table: CrossTable) -> Symmetry | None:
    """Over the counts of a square table, not its weights."""
    codes = table.axes[0].codes
    changes = [
        (table.cells[one, other].count, table.cells[other, one].count)
        for one, other in combinations(codes, 2)
    ]
    changes = [(there, back) for there, back in changes if there + back]
    changed = sum(map(sum, changes))
    if not changed:
        return None
    if len(codes) == 2 and changed < EXACT_BELOW:
        fewer = min(changes[0])
        tail = sum(comb(changed, each) for each in range(fewer + 1)) / 2**changed
        return Symmetry(changed, None, 1, min(1.0, 2 * tail))
    statistic = sum((there - back) ** 2 / (there + back) for there, back in changes)
    return Symmetry(changed, statistic, len(changes), float(chdtrc(len(changes), statistic)))


def _paired(baseline: Frame, endline: Frame, variable: str) -> tuple[pl.DataFrame, int, int]:
    """Who answered in both waves, and how many in the first and in the second only."""
    answered = pl.col(variable).is_not_null()
    before = baseline.data.filter(answered).select(ID, WEIGHT, pl.col(variable).alias("before"))
    after = endline.data.filter(answered).select(ID, pl.col(variable).alias("after"))
    pairs = before.join(after, on=ID, how="inner", validate="1:1").sort(ID)
    return pairs, before.height - pairs.height, after.height - pairs.height
