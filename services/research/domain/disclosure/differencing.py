"""Differencing: what two publications tell that neither tells alone.

Publications of one dataset are compared by the units they count. Whoever knows the numbers of two
groups, one within the other, knows the number of those between them. Three comparisons, all of
which need a difference of 0, or of at least k units, whichever group is the greater:

- the population of a query with that of an earlier one, nested or not, and with the unions and
  differences that can be computed from two earlier ones (disjoint ones add, nested ones subtract);
- each number shown with each number shown earlier, where one group lies within the other;
- each number shown with the sum of those shown earlier, in one table, that lie within it, or that
  it lies within; and the other way about.

Within one population, tables are linked by their margins, and suppression itself sees to them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import numpy as np
from scipy.sparse import csr_array

from services.research.domain.disclosure.tables import Cube, Flags, Ints
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Groups:
    """What a release tells of: its population, and per table the groups whose numbers it shows.

    Flags over the units of the dataset, versions of a response counted as units of their own; a
    table (units): the number of the unit's group among those shown, -1 where that is hidden.
    """

    release_id: UUID
    population: Flags
    tables: tuple[Ints, ...]


def groups(release_id: UUID, cube: Cube, codes: Ints, population: Flags, shown: Flags) -> Groups:
    """`codes` (units of the population x dimensions), as they were counted."""
    tables = []
    for cuboid in cube.cuboids:
        place = tuple(
            codes[:, axis] if axis in cuboid else np.full(len(codes), size - 1)
            for axis, size in enumerate(cube.shape)
        )
        if not shown[cube.cells_of(cuboid)].any():
            continue
        number = np.where(shown[place], np.ravel_multi_index(place, cube.shape), -1)
        table = np.full(population.size, -1, dtype=np.int64)
        table[population] = number
        tables.append(table)
    return Groups(release_id, population, tuple(tables))


def require_apart(new: Groups, earlier: Sequence[Groups], least: int) -> None:
    """Raises `research.differs_too_little`, naming the earlier release, and the second of two."""
    for population, releases in _derivable(earlier):
        differing = int((new.population ^ population).sum())
        if 0 < differing < least:
            _refuse(releases, least)
    for other in earlier:
        if np.array_equal(new.population, other.population):
            continue
        for mine in new.tables:
            for theirs in other.tables:
                if _tells(mine, theirs, least):
                    _refuse([other.release_id], least)


def _refuse(releases: Iterable[UUID], least: int) -> None:
    named = [str(each) for each in releases]
    raise Rejected("research.differs_too_little", {"releases": named, "least": least}, "/filters")


def _derivable(earlier: Sequence[Groups]) -> Iterator[tuple[Flags, list[UUID]]]:
    for one in earlier:
        yield one.population, [one.release_id]
    for one, other in combinations(earlier, 2):
        both = [one.release_id, other.release_id]
        common = one.population & other.population
        if not common.any():
            yield one.population | other.population, both
        elif np.array_equal(common, one.population) or np.array_equal(common, other.population):
            yield one.population ^ other.population, both


def _tells(mine: Ints, theirs: Ints, least: int) -> bool:
    shared = _overlaps(mine, theirs)
    return _covered(shared, _sizes(mine), _sizes(theirs), least) or _covered(
        csr_array(shared.T), _sizes(theirs), _sizes(mine), least
    )


def _covered(shared: csr_array, sizes: Ints, parts: Ints, least: int) -> bool:
    """Whether groups differ by too few from a part of them, from all parts within, or from all
    parts that touch them.
    """
    pairs = shared.tocoo()
    row, column = pairs.coords
    whole = pairs.data == parts[column]
    single = sizes[row[whole]] - parts[column[whole]]
    within = np.bincount(row[whole], weights=parts[column[whole]], minlength=sizes.size)
    around = np.bincount(row, weights=parts[column], minlength=sizes.size)
    filled = np.bincount(row, weights=pairs.data, minlength=sizes.size) == sizes
    differences = [
        single,
        (sizes - within)[within > 0],
        (around - sizes)[filled & (sizes > 0)],
    ]
    return any(bool(((each > 0) & (each < least)).any()) for each in differences)


def _sizes(table: Ints) -> Ints:
    _, sizes = np.unique(table[table >= 0], return_counts=True)
    return np.asarray(sizes)


def _overlaps(mine: Ints, theirs: Ints) -> csr_array:
    """Units in common, of groups numbered as `_sizes` orders them."""
    rows, columns = (
        np.searchsorted(np.unique(table[table >= 0]), table) for table in (mine, theirs)
    )
    both = (mine >= 0) & (theirs >= 0)
    shape = (len(_sizes(mine)), len(_sizes(theirs)))
    ones = np.ones(int(both.sum()), dtype=np.int64)
    return csr_array((ones, (rows[both], columns[both])), shape=shape)
