"""Contingency tables of one to five dimensions with all their margins.

A full table is one array: along each axis the categories and, last, their total. So the cell
`[i, j, -1]` of a three-way table stands in its margin over the third dimension, and `[-1, -1, -1]`
is the grand total. What is kept of units beside their number (weights, amounts) has the same shape.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from shared.kernel.errors import Rejected

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Cell = tuple[int, ...]
Cuboid = tuple[int, ...]
"""The axes that one of the linked tables keeps; over the others it is summed. () is the total."""

MOST_DIMENSIONS: Final = 5
MOST_CELLS: Final = 250_000


@dataclass(frozen=True)
class Dimension:
    """A variable by which units are counted. `sensitive`: a special category of data (GDPR art. 9
    and 10), or what a unit would not want known of it.
    """

    name: str
    categories: tuple[str, ...]
    sensitive: bool = False


@dataclass(frozen=True)
class Units:
    """The microdata of a query, a row per unit.

    `codes` (units x dimensions): the category of each unit by its index. `weights` are in
    thousandths, `amounts` in the smallest unit of the currency: whole numbers, so that sums are
    exact.
    """

    codes: Ints
    weights: Ints | None = None
    amounts: Ints | None = None


@dataclass(frozen=True)
class Totals:
    """Sums of what units carry, and the largest share of one unit, by cell of the full table."""

    sums: Ints
    largest: Ints


@dataclass(frozen=True)
class Cube:
    """The full table of a query before disclosure control.

    `structural` marks inner cells in which no unit can be (a pupil aged 70): such a zero is
    everybody's knowledge, is always shown and protects nothing.
    """

    dimensions: tuple[Dimension, ...]
    counts: Ints
    weights: Totals | None
    amounts: Totals | None
    structural: Flags

    @classmethod
    def count(
        cls, dimensions: Sequence[Dimension], units: Units, structural: Iterable[Cell] = ()
    ) -> Self:
        """Raises `research.table_too_wide`, `research.table_too_large`,
        `research.amount_negative`, `research.structural_zero_occupied`.
        """
        shape = tuple(len(each.categories) for each in dimensions)
        _require_size(shape)
        places = np.ravel_multi_index(tuple(units.codes.T), shape)
        inner = np.bincount(places, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)
        impossible = np.zeros(shape, dtype=bool)
        for cell in structural:
            impossible[cell] = True
        if (inner[impossible] > 0).any():
            raise Rejected("research.structural_zero_occupied", pointer="/structural_zeros")
        return cls(
            tuple(dimensions),
            with_margins(inner),
            _totals(units.weights, places, shape, "/weight"),
            _totals(units.amounts, places, shape, "/amount"),
            with_margins(impossible, np.logical_and),
        )

    @property
    def shape(self) -> tuple[int, ...]:
        return self.counts.shape

    @cached_property
    def cuboids(self) -> tuple[Cuboid, ...]:
        """From the grand total to the inner table."""
        axes = range(len(self.dimensions))
        return tuple(chain.from_iterable(combinations(axes, n) for n in range(len(axes) + 1)))

    def cells_of(self, cuboid: Cuboid) -> tuple[slice | int, ...]:
        """The index of the cells of one cuboid in the full table, without its own margins."""
        return tuple(
            slice(0, size - 1) if axis in cuboid else size - 1
            for axis, size in enumerate(self.shape)
        )

    def mask(self, cuboids: Collection[Cuboid]) -> Flags:
        marked = np.zeros(self.shape, dtype=bool)
        for cuboid in cuboids:
            marked[self.cells_of(cuboid)] = True
        return marked

    def closure(self, tables: Iterable[Collection[str]]) -> tuple[Cuboid, ...]:
        """The cuboids of tables given by the names of their dimensions, with all their margins.

        Tables that are published together are cuboids of the one cube over all their dimensions:
        so what they share is protected once, over all of them. Raises `research.dimension_unknown`.
        """
        names = [each.name for each in self.dimensions]
        asked = []
        for number, table in enumerate(tables):
            if unknown := sorted(set(table) - set(names)):
                facts = {"dimension": unknown[0]}
                raise Rejected("research.dimension_unknown", facts, f"/tables/{number}")
            asked.append({names.index(name) for name in table})
        return tuple(each for each in self.cuboids if any(set(each) <= table for table in asked))


def with_margins(inner: npt.NDArray[np.generic], reduce: np.ufunc = np.add) -> npt.NDArray:  # type: ignore[type-arg]
    full = inner
    for axis in range(inner.ndim):
        full = np.concatenate([full, reduce.reduce(full, axis=axis, keepdims=True)], axis=axis)
    return full


def lines(shape: tuple[int, ...]) -> Iterator[tuple[slice | int, ...]]:
    """Every row of a full table along every axis: its last cell is the sum of the others."""
    for axis in range(len(shape)):
        others = shape[:axis] + shape[axis + 1 :]
        for place in np.ndindex(others):
            yield (*place[:axis], slice(None), *place[axis:])


def _require_size(shape: tuple[int, ...]) -> None:
    if not 1 <= len(shape) <= MOST_DIMENSIONS:
        raise Rejected("research.table_too_wide", {"most": MOST_DIMENSIONS}, "/tables")
    cells = int(np.prod([size + 1 for size in shape]))
    if cells > MOST_CELLS:
        raise Rejected("research.table_too_large", {"most": MOST_CELLS, "cells": cells}, "/tables")


def _totals(values: Ints | None, places: Ints, shape: tuple[int, ...], at: str) -> Totals | None:
    if values is None:
        return None
    if (values < 0).any():
        raise Rejected("research.amount_negative", pointer=at)
    sums, largest = np.zeros((2, int(np.prod(shape))), dtype=np.int64)
    np.add.at(sums, places, values)
    np.maximum.at(largest, places, values)
    return Totals(
        with_margins(sums.reshape(shape)), with_margins(largest.reshape(shape), np.maximum)
    )
