"""Frequency and cross tables, and tables of sums.

What is counted here is not yet fit to be shown: every table passes through disclosure control, which
is why each cell tells how many it holds and, where sums are shown, who dominates them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from services.research.domain.analysis.axes import NUMBERS, Axis, axis_of, chosen_by, coded
from services.research.domain.analysis.frames import WEIGHT, Frame
from shared.contracts.research.vocabulary.tables import HIDDEN, MISSING, Dimension, Filter
from shared.kernel.errors import Rejected

Place = tuple[str, ...]
"""A cell by the codes of its categories, in the order of the axes."""
LARGEST: Final = 2
"""So many contributions to a sum are told: one for the rule of the share, two for the p% rule."""


@dataclass(frozen=True)
class Cell:
    """How many, the sum of their weights, and of the squares of their weights."""

    count: int = 0
    weighted: float = 0.0
    squared: float = 0.0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            self.count + other.count,
            self.weighted + other.weighted,
            self.squared + other.squared,
        )

    @property
    def effective(self) -> float:
        """Kish's effective size (Survey Sampling, 1965, §11.7): what the weights leave of the count."""
        return self.weighted**2 / self.squared if self.squared else 0.0


@dataclass(frozen=True)
class CrossTable:
    """`cells` hold every combination of categories, also those that nobody is in."""

    axes: tuple[Axis, ...]
    cells: Mapping[Place, Cell]

    @property
    def total(self) -> Cell:
        return sum(self.cells.values(), Cell())

    def margin(self, names: Collection[str]) -> "CrossTable":
        """The table over some of its axes; over none, it is the total."""
        kept = [number for number, axis in enumerate(self.axes) if axis.name in names]
        cells: dict[Place, Cell] = {}
        for place, cell in self.cells.items():
            at = tuple(place[number] for number in kept)
            cells[at] = cells.get(at, Cell()) + cell
        return CrossTable(tuple(self.axes[number] for number in kept), cells)

    def shares(self, within: Collection[str] = ()) -> Mapping[Place, float | None]:
        """The weighted share of each cell among those of the same categories of the axes `within`.

        None where there is nobody to have a share of.
        """
        groups = self.margin(within).cells
        kept = [number for number, axis in enumerate(self.axes) if axis.name in within]
        return {
            place: cell.weighted / whole if whole else None
            for place, cell in self.cells.items()
            for whole in [groups[tuple(place[number] for number in kept)].weighted]
        }


@dataclass(frozen=True)
class Sum:
    """How many contribute, what they sum to, weighted, and the largest contributions (unweighted, by
    their absolute value, the largest first).
    """

    count: int = 0
    total: float = 0.0
    weighted: float = 0.0
    largest: tuple[float, ...] = ()


@dataclass(frozen=True)
class MagnitudeTable:
    axes: tuple[Axis, ...]
    measure: str
    cells: Mapping[Place, Sum]


def cross_table(
    frame: Frame,
    dimensions: Sequence[Dimension],
    filters: Sequence[Filter] = (),
    *,
    absent: bool = False,
) -> CrossTable:
    """At least one dimension, which gives a frequency table. Who did not answer, or was not asked, is counted in
    categories of their own if `absent`, and left out otherwise.

    Raises `research.variable_unknown`, `research.dimension_not_fitting`, `research.category_unknown`.
    """
    axes, coding = placed(frame, dimensions, filters, absent=absent)
    weight = pl.col(WEIGHT)
    counted = _grouped(coding, len(axes)).agg(
        pl.len().alias("count"), weight.sum().alias("weighted"), (weight**2).sum().alias("squared")
    )
    cells = dict.fromkeys(product(*(axis.codes for axis in axes)), Cell())
    for *place, count, weighted, squared in counted.iter_rows():
        cells[tuple(place)] = Cell(count, weighted, squared)
    return CrossTable(axes, cells)


def magnitude_table(
    frame: Frame,
    dimensions: Sequence[Dimension],
    measure: str,
    filters: Sequence[Filter] = (),
    *,
    absent: bool = False,
) -> MagnitudeTable:
    """Sums of a number over those who gave it. Raises as `cross_table`, and
    `research.measure_not_a_number`.
    """
    require_number(frame, measure)
    given = frame.where(pl.col(measure).is_not_null())
    axes, coding = placed(given, dimensions, filters, absent=absent)
    value = pl.col(measure)
    summed = _grouped(coding, len(axes)).agg(
        value.count().alias("count"),
        value.sum().cast(pl.Float64()).alias("total"),
        (value * pl.col(WEIGHT)).sum().alias("weighted"),
        value.cast(pl.Float64())
        .sort_by(value.abs(), descending=True)
        .head(LARGEST)
        .alias("largest"),
    )
    cells = dict.fromkeys(product(*(axis.codes for axis in axes)), Sum())
    for *place, count, total, weighted, largest in summed.iter_rows():
        cells[tuple(place)] = Sum(count, total, weighted, tuple(largest))
    return MagnitudeTable(axes, measure, cells)


def require_number(frame: Frame, measure: str) -> None:
    """Raises `research.measure_not_a_number`."""
    if frame.variable(measure, "/measure").kind not in NUMBERS:
        raise Rejected("research.measure_not_a_number", {"variable": measure}, "/measure")


def placed(
    frame: Frame, dimensions: Sequence[Dimension], filters: Sequence[Filter], *, absent: bool
) -> tuple[tuple[Axis, ...], pl.DataFrame]:
    """The axes, and the data with the code of each respondent on axis `i` in column `at_axis(i)`."""
    if len({each.name for each in dimensions}) < len(dimensions):
        raise Rejected("research.dimension_doubled", {}, "/dimensions")
    axes = tuple(
        axis_of(frame, each, f"/dimensions/{number}", absent=absent)
        for number, each in enumerate(dimensions)
    )
    chosen = chosen_by(frame, filters, "/filters")
    data = chosen.data.with_columns(
        coded(chosen, each).alias(at_axis(number)) for number, each in enumerate(dimensions)
    )
    if dimensions and not absent:
        data = data.filter(
            ~pl.col(at_axis(number)).is_in([MISSING, HIDDEN]) for number in range(len(dimensions))
        )
    return axes, data


@dataclass(frozen=True)
class Microdata:
    """A row per respondent, as disclosure control counts it.

    `codes` (respondents x axes): the number of the category on each axis. `weights` are in thousandths;
    `amounts` in the smallest of `places` decimal places.
    """

    axes: tuple[Axis, ...]
    codes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int64]
    amounts: npt.NDArray[np.int64] | None


def microdata(
    frame: Frame,
    dimensions: Sequence[Dimension],
    filters: Sequence[Filter] = (),
    *,
    absent: bool = False,
    measure: str | None = None,
    places: int = 2,
) -> Microdata:
    """Of the same respondents as `cross_table`, or as `magnitude_table` with a `measure`."""
    if measure is not None:
        require_number(frame, measure)
        frame = frame.where(pl.col(measure).is_not_null())
    axes, data = placed(frame, dimensions, filters, absent=absent)
    numbered = [
        data[at_axis(number)].replace_strict(
            {code: index for index, code in enumerate(axis.codes)}, return_dtype=pl.Int64()
        )
        for number, axis in enumerate(axes)
    ]
    codes = np.column_stack([each.to_numpy() for each in numbered]).astype(np.int64)
    weights = np.rint(data[WEIGHT].to_numpy() * 1000).astype(np.int64)
    amounts = None
    if measure is not None:
        values = data[measure].cast(pl.Float64()).to_numpy()
        amounts = np.rint(values * 10**places).astype(np.int64)
    return Microdata(axes, codes, weights, amounts)


def _grouped(data: pl.DataFrame, axes: int) -> "pl.dataframe.group_by.GroupBy":
    """Sorted, so that the sums of weights are added in one order always."""
    names = [at_axis(number) for number in range(axes)]
    return data.sort(names, maintain_order=True).group_by(names, maintain_order=True)


def at_axis(number: int) -> str:
    """The column with each respondent's code on an axis."""
    return f"?axis{number}"
