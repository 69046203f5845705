"""The units that a query asks about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from services.research.domain.disclosure.asking import Query
from services.research.domain.disclosure.tables import Cell, Dimension, Flags, Ints, Units
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Microdata:
    """The units of a dataset, a row each, in every edition that something was released from.

    A unit is one version of one response: an edited response is another unit, so that a change is
    as visible to differencing as a newcomer. `editions`: by position of the ledger, which units
    there were then. `codes`, `weights`, `amounts` as in `Units`.
    """

    dimensions: tuple[Dimension, ...]
    codes: Ints
    editions: Mapping[int, Flags]
    weights: Ints | None = None
    amounts: Mapping[str, Ints] = field(default_factory=dict)
    structural: tuple[Mapping[str, str], ...] = ()
    """Combinations of categories, by dimension, that cannot be."""

    def axis(self, name: str, pointer: str) -> int:
        for axis, each in enumerate(self.dimensions):
            if each.name == name:
                return axis
        raise Rejected("research.dimension_unknown", {"dimension": name}, pointer)

    def population(self, query: Query, position: int) -> Flags:
        """Raises `research.dimension_unknown`, `research.category_unknown`."""
        chosen = self.editions[position].copy()
        for number, each in enumerate(query.filters):
            axis = self.axis(each.dimension, f"/filters/{number}/dimension")
            known = self.dimensions[axis].categories
            if unknown := sorted(set(each.categories) - set(known)):
                facts = {"dimension": each.dimension, "category": unknown[0]}
                raise Rejected("research.category_unknown", facts, f"/filters/{number}/categories")
            chosen &= np.isin(self.codes[:, axis], [known.index(c) for c in each.categories])
        return chosen

    def asked(self, query: Query) -> tuple[tuple[Dimension, ...], list[int]]:
        axes = [self.axis(name, "/tables") for name in query.dimensions]
        return tuple(self.dimensions[axis] for axis in axes), axes

    def units(self, query: Query, population: Flags) -> Units:
        """Raises `research.amount_unknown`, `research.weights_missing`."""
        _, axes = self.asked(query)
        amounts = None
        if query.amount is not None:
            if query.amount not in self.amounts:
                raise Rejected("research.amount_unknown", {"amount": query.amount}, "/amount")
            amounts = self.amounts[query.amount][population]
        weights = None
        if query.weighted:
            if self.weights is None:
                raise Rejected("research.weights_missing", pointer="/weighted")
            weights = self.weights[population]
        return Units(self.codes[population][:, axes], weights, amounts)

    def impossible(self, dimensions: tuple[Dimension, ...]) -> list[Cell]:
        """Inner cells of a table that hold a combination that cannot be."""
        names = [each.name for each in dimensions]
        shape = tuple(len(each.categories) for each in dimensions)
        marked = np.zeros(shape, dtype=bool)
        for combination in self.structural:
            if set(combination) <= set(names):
                place: list[slice | int] = [slice(None)] * len(names)
                for name, category in combination.items():
                    axis = names.index(name)
                    place[axis] = dimensions[axis].categories.index(category)
                marked[tuple(place)] = True
        return [tuple(int(each) for each in cell) for cell in np.argwhere(marked)]
