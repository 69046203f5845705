"""A mean or a median for each cell of a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.estimates import Estimate
from services.research.domain.analysis.frames import WEIGHT, Frame
from services.research.domain.analysis.tables import Place, at_axis, placed, require_number
from shared.contracts.research.vocabulary.tables import Dimension, Filter

Estimator = Callable[[Sequence[float], Sequence[float]], Estimate | None]


@dataclass(frozen=True)
class EstimateTable:
    """Each estimate tells its `n`, which disclosure control counts; None where nobody answered."""

    axes: tuple[Axis, ...]
    measure: str
    cells: Mapping[Place, Estimate | None]


def estimate_table(
    frame: Frame,
    dimensions: Sequence[Dimension],
    measure: str,
    estimator: Estimator,
    filters: Sequence[Filter] = (),
    *,
    absent: bool = False,
) -> EstimateTable:
    """`estimator` is `mean` or `median`. No dimension gives one cell, that of all.

    Raises as `magnitude_table`.
    """
    require_number(frame, measure)
    given = frame.where(pl.col(measure).is_not_null())
    axes, data = placed(given, dimensions, filters, absent=absent)
    cells: dict[Place, Estimate | None] = dict.fromkeys(product(*(axis.codes for axis in axes)))
    for place, values, weights in _gathered(data, len(axes), measure):
        cells[place] = estimator(values, weights)
    return EstimateTable(axes, measure, cells)


def _gathered(
    data: pl.DataFrame, axes: int, measure: str
) -> Sequence[tuple[Place, Sequence[float], Sequence[float]]]:
    """Values and weights by cell."""
    found: dict[Place, tuple[list[float], list[float]]] = {}
    names = [at_axis(number) for number in range(axes)]
    for *place, value, weight in data.select(*names, measure, WEIGHT).iter_rows():
        values, weights = found.setdefault(tuple(place), ([], []))
        values.append(float(value))
        weights.append(weight)
    return [(place, *gathered) for place, gathered in found.items()]
