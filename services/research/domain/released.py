"""From what disclosure control let out to tables as they are published.

Every figure here is computed from numbers that are shown; nothing hidden is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from services.research.domain.analysis.axes import Axis
from services.research.domain.analysis.estimates import LEVEL, share
from services.research.domain.disclosure.publication import Publication
from shared.contracts.research.vocabulary.publication import (
    TOTAL,
    CellStatus,
    Measure,
    PublishedTable,
    TableAxis,
    TableCategory,
    TableCell,
)
from shared.contracts.research.vocabulary.tables import Filter, Label

ALL: Final = TableCategory(code=TOTAL, label=Label(pl="Razem", en="Total"))
PER_CENT: Final = Label(pl="%", en="%")
PERSONS: Final = Label(pl="osoby", en="persons")
TENTH: Final = Decimal("0.1")


@dataclass(frozen=True)
class Wanted:
    """One table of a release: its axes by name in the order of reading, the last one its parts."""

    number: int
    title: Label
    dimensions: tuple[str, ...]
    measure: Measure
    """A count or a share."""


def published_table(
    release: Publication,
    axes: Mapping[str, Axis],
    wanted: Wanted,
    filters: Sequence[Filter] = (),
    *,
    design_effect: float = 1.0,
) -> PublishedTable:
    """Shares are those of the last axis within the others; their intervals are Wilson's, of the count
    by the design effect: how many answers one answer is worth less for the weights of all of them.
    """
    if wanted.measure not in {Measure.COUNT, Measure.SHARE}:
        raise ValueError(f"a release holds no {wanted.measure}")
    named = [each.name for each in release.dimensions]
    order = tuple(named.index(name) for name in wanted.dimensions)
    reading = _Reading(release, order, wanted.measure, design_effect)
    shown_axes = tuple(
        TableAxis(
            name=axes[name].name,
            label=axes[name].label,
            categories=(
                *(
                    TableCategory(code=each.code, label=each.label)
                    for each in axes[name].categories
                ),
                ALL,
            ),
        )
        for name in wanted.dimensions
    )
    return PublishedTable(
        number=wanted.number,
        title=wanted.title,
        measure=wanted.measure,
        unit=PER_CENT if wanted.measure is Measure.SHARE else PERSONS,
        axes=shown_axes,
        cells=tuple(_cells(shown_axes, reading)),
        filters=tuple(filters),
        level=Decimal(str(LEVEL * 100)).normalize() if wanted.measure is Measure.SHARE else None,
    )


def _cells(axes: Sequence[TableAxis], reading: "_Reading") -> Iterator[TableCell]:
    for place in product(*(range(len(axis.categories)) for axis in axes)):
        at = tuple(axis.categories[index].code for axis, index in zip(axes, place, strict=True))
        yield reading.cell(at, place)


@dataclass(frozen=True)
class _Reading:
    """Places are by the axes of the table; the last index of an axis is its total."""

    release: Publication
    order: tuple[int, ...]
    measure: Measure
    design_effect: float

    def cell(self, at: tuple[str, ...], place: tuple[int, ...]) -> TableCell:
        here = self._index(place)
        if not self.release.shown[here]:
            return TableCell(at=at, status=CellStatus.SUPPRESSED)
        n = int(self.release.counts[here])
        if self.measure is Measure.COUNT:
            value = self._weight(here).quantize(Decimal(1))
            return TableCell(at=at, status=CellStatus.SHOWN, n=n, value=value)
        return self._share(
            at, here, self._index((*place[:-1], self.release.counts.shape[self.order[-1]] - 1)), n
        )

    def _share(
        self, at: tuple[str, ...], here: tuple[int, ...], whole: tuple[int, ...], n: int
    ) -> TableCell:
        if not self.release.shown[whole]:
            return TableCell(at=at, status=CellStatus.SUPPRESSED)
        base = self._weight(whole)
        if not base:
            return TableCell(at=at, status=CellStatus.EMPTY, n=n)
        part = self._weight(here) / base
        bounds = share(float(part), int(self.release.counts[whole]) / self.design_effect)
        low, high = (None, None) if bounds is None or here == whole else map(_per_cent, bounds)
        return TableCell(
            at=at, status=CellStatus.SHOWN, n=n, value=_per_cent(part), low=low, high=high
        )

    def _weight(self, place: tuple[int, ...]) -> Decimal:
        weights = self.release.weights
        if weights is None:
            return Decimal(int(self.release.counts[place]))
        return Decimal(int(weights[place])) / 1000

    def _index(self, place: tuple[int, ...]) -> tuple[int, ...]:
        """Over the axes that the table does not have stands their total."""
        full = [-1] * len(self.release.dimensions)
        for axis, index in zip(self.order, place, strict=True):
            full[axis] = index
        return tuple(full)


def _per_cent(part: Decimal | float) -> Decimal:
    return (Decimal(part) * 100).quantize(TENTH)
