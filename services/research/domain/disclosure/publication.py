"""From a query to what may be published of it: the whole way out, as one pure function."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from services.research.domain.disclosure.asking import Query
from services.research.domain.disclosure.differencing import Groups, groups, require_apart
from services.research.domain.disclosure.linking import Earlier, attacker, shares_hidden
from services.research.domain.disclosure.microdata import Microdata
from services.research.domain.disclosure.needs import primary
from services.research.domain.disclosure.rounding import controlled, ifs_2023
from services.research.domain.disclosure.sequence import Told, require_silent
from services.research.domain.disclosure.suppression import Pattern, suppress
from services.research.domain.disclosure.tables import (
    Cube,
    Cuboid,
    Dimension,
    Flags,
    Ints,
    Units,
)
from services.research.domain.rules.disclosure import DisclosureParameters
from shared.contracts.research.vocabulary.disclosure import Audience, Rounding
from shared.kernel.errors import Rejected

HIDDEN: Final = -1
"""In the place of a number that is not shown."""


@dataclass(frozen=True)
class Released:
    """An earlier release. `asked` and `shown` are flags over the full table of its query."""

    release_id: UUID
    query: Query
    position: int
    asked: Flags
    shown: Flags


@dataclass(frozen=True)
class Publication:
    """Tables that may go out, and nothing that may not: arrays of the full table's shape.

    Numbers are `HIDDEN` where nothing is shown; `hidden` are the cells of the published tables for
    which that is to be said. `amounts` and `weights` (thousandths) are as `Units` has them.
    """

    query: Query
    position: int
    dimensions: tuple[Dimension, ...]
    tables: tuple[Cuboid, ...]
    withheld: tuple[Cuboid, ...]
    shown: Flags
    hidden: Flags
    counts: Ints
    amounts: Ints | None
    weights: Ints | None


def publish(
    release_id: UUID,
    query: Query,
    data: Microdata,
    position: int,
    earlier: Sequence[Released],
    parameters: DisclosureParameters,
) -> Publication:
    """Seconds of computation for a large table: for a job, never for a request.

    Raises `research.rounding_of_counts`, and what `Microdata`, `Cube.count`, `suppress`,
    `require_apart` and `controlled` raise.
    """
    if query.rounding is not Rounding.NONE and (query.weighted or query.amount is not None):
        raise Rejected("research.rounding_of_counts", pointer="/rounding")
    population = data.population(query, position)
    dimensions, axes = data.asked(query)
    cube = Cube.count(dimensions, data.units(query, population), data.impossible(dimensions))
    tables = cube.closure(query.tables)
    linked = [each for each in earlier if _same_units(each, query, position)]
    before = [_earlier(each, data) for each in linked]
    attackers = [
        attacker(each, cube, primary(cube, query.kind, each, parameters), before)
        for each in _readers(query, linked)
    ]
    pattern = suppress(cube, tables, attackers, parameters.thin)
    new = groups(release_id, cube, data.codes[population][:, axes], population, pattern.shown)
    least = parameters.least(query.kind, query.audience, sensitive=_sensitive(cube))
    require_apart(new, [_groups(each, data) for each in earlier if each not in linked], least)
    told = Told(query, position, cube.counts, pattern.shown)
    entangled = [
        each for each in earlier if each not in linked or shares_hidden(cube, _earlier(each, data))
    ]
    if pattern.withheld or entangled:
        base = parameters.least(query.kind, query.audience, sensitive=False)
        require_silent(data, [*(_told(each, data) for each in entangled), told], base)
    return _shown(query, position, cube, pattern)


def _shown(query: Query, position: int, cube: Cube, pattern: Pattern) -> Publication:
    def masked(values: Ints) -> Ints:
        return np.where(pattern.shown, values, HIDDEN)

    return Publication(
        query,
        position,
        cube.dimensions,
        pattern.tables,
        pattern.withheld,
        pattern.shown,
        pattern.hidden,
        masked(_rounded(cube.counts, query.rounding)),
        None if cube.amounts is None else masked(cube.amounts.sums),
        None if cube.weights is None else masked(cube.weights.sums),
    )


def _same_units(each: Released, query: Query, position: int) -> bool:
    same = (each.query.filters, each.query.kind) == (query.filters, query.kind)
    return same and each.position == position


def _readers(query: Query, linked: Sequence[Released]) -> list[Audience]:
    """Whose knowledge a release adds to; the first is the one that it is made for."""
    inside = any(each.query.audience is Audience.INTERNAL for each in linked)
    if query.audience is Audience.PUBLIC and inside:
        return [Audience.PUBLIC, Audience.INTERNAL]
    return [query.audience]


def _earlier(release: Released, data: Microdata) -> Earlier:
    dimensions, _ = data.asked(release.query)
    return Earlier(release.query.audience, dimensions, release.asked, release.shown)


def _groups(release: Released, data: Microdata) -> Groups:
    population = data.population(release.query, release.position)
    dimensions, axes = data.asked(release.query)
    codes = data.codes[population][:, axes]
    cube = Cube.count(dimensions, Units(codes))
    return groups(release.release_id, cube, codes, population, release.shown)


def _told(release: Released, data: Microdata) -> Told:
    population = data.population(release.query, release.position)
    dimensions, axes = data.asked(release.query)
    cube = Cube.count(dimensions, Units(data.codes[population][:, axes]))
    return Told(release.query, release.position, cube.counts, release.shown)


def _sensitive(cube: Cube) -> bool:
    return any(each.sensitive for each in cube.dimensions)


def _rounded(counts: Ints, rounding: Rounding) -> Ints:
    match rounding:
        case Rounding.NONE:
            return counts
        case Rounding.IFS_2023:
            return ifs_2023(counts)
        case Rounding.CONTROLLED:
            return controlled(counts)
