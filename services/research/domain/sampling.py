"""Drawing: a pure function of the frame, the size and the seed, which anybody can repeat.

Rule `sha256_lowest.v1`: within a stratum the units with the lowest SHA-256 of `SEED|UNIT` (UTF-8) are
drawn. The size is shared among the strata in proportion to theirs by largest remainder; of equal
remainders the stratum whose values sort first is given the unit.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from shared.kernel.errors import Rejected

Values = tuple[str, ...]
"""What a stratum is made by, one value for each of the strata."""
GroupT = TypeVar("GroupT", int, Values)


class Unit(NamedTuple):
    id: str
    values: Values


class Draw(NamedTuple):
    """Sizes by stratum in order of their values, and the units drawn, in order of their ids."""

    sizes: Mapping[Values, tuple[int, int]]
    """Units of the frame, and how many of them were drawn."""
    units: tuple[Unit, ...]


def allocated(sizes: Mapping[Values, int], size: int) -> dict[Values, int]:
    """How many units each stratum gives. Raises `research.frame_too_small`."""
    whole = sum(sizes.values())
    if size > whole:
        raise Rejected("research.frame_too_small", {"frame": whole, "size": size}, "/size")
    shares = {values: divmod(size * count, whole) for values, count in sorted(sizes.items())}
    given = {values: share for values, (share, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda values: -shares[values][1])
    for values in by_remainder[: size - sum(given.values())]:
        given[values] += 1
    return given


def drawn(frame: Iterable[Unit], size: int, seed: str) -> Draw:
    """Raises `research.frame_too_small`."""
    strata: defaultdict[Values, list[str]] = defaultdict(list)
    for unit in frame:
        strata[unit.values].append(unit.id)
    sizes = {values: len(ids) for values, ids in sorted(strata.items())}
    given = allocated(sizes, size)
    units = [
        Unit(each, values)
        for values, count in given.items()
        for each in sorted(strata[values], key=lambda unit: rank(seed, unit))[:count]
    ]
    return Draw(
        {values: (count, given[values]) for values, count in sizes.items()}, tuple(sorted(units))
    )


def rank(seed: str, unit: str) -> str:
    return hashlib.sha256(f"{seed}|{unit}".encode()).hexdigest()


def frame_digest(frame: Iterable[Unit]) -> str:
    """SHA-256 over the frame in order of the ids: what was drawn from can be checked later."""
    lines = "\n".join("|".join((unit.id, *unit.values)) for unit in sorted(frame))
    return hashlib.sha256(lines.encode()).hexdigest()


def sizes_of(frame: Iterable[Unit]) -> dict[Values, int]:
    return dict(sorted(Counter(unit.values for unit in frame).items()))


def tellable(
    sizes: Mapping[GroupT, int], smallest: int
) -> tuple[Sequence[GroupT], Sequence[GroupT]]:
    """The groups that may be told of on their own, and those that are told of together.

    A group below the threshold joins the others; while these together are below it too, the smallest
    of the rest joins them. So every number that is told is of `smallest` units or more, and what is
    left when those told are taken from the whole is as well; unless the whole itself is smaller: then
    nothing is told.
    """
    together = [values for values, size in sizes.items() if size < smallest]
    alone = sorted((v for v in sizes if v not in together), key=lambda values: sizes[values])
    while together and sum(sizes[values] for values in together) < smallest:
        if not alone:
            return (), ()
        together.append(alone.pop(0))
    return tuple(sorted(alone)), tuple(sorted(together))
