"""Tables of one population over several releases: what they share was shown, or was hidden, before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.research.domain.disclosure.needs import Measure, Primary
from services.research.domain.disclosure.suppression import Attacker
from services.research.domain.disclosure.tables import Cube, Dimension, Flags
from shared.contracts.research.vocabulary.disclosure import Audience


@dataclass(frozen=True)
class Earlier:
    """A release of the same population, as its event keeps it."""

    audience: Audience
    dimensions: tuple[Dimension, ...]
    asked: Flags
    """Cells of the tables that were published; withheld ones are not among them."""
    shown: Flags


def attacker(
    audience: Audience, cube: Cube, primary: Primary, earlier: Sequence[Earlier]
) -> Attacker:
    """A reader of what an audience has seen. Who is inside has read what is public as well."""
    told, asked = np.zeros((2, *cube.shape), dtype=bool)
    for release in earlier:
        if release.audience is Audience.PUBLIC or audience is Audience.INTERNAL:
            _mark(told, cube, release, release.shown)
            _mark(asked, cube, release, release.asked)
    kept = asked & ~told
    measures = tuple(_with_kept(each, kept) for each in primary.measures)
    return Attacker(replace(primary, measures=measures), told, kept)


def shares_hidden(cube: Cube, release: Earlier) -> bool:
    """Whether a cell that the release hid is in this cube too: then their protections depend on
    each other; else tables of both, each with the shared margins as they are, fit together.
    """
    hidden = np.zeros(cube.shape, dtype=bool)
    _mark(hidden, cube, release, release.asked & ~release.shown)
    return bool(hidden.any())


def _mark(flags: Flags, cube: Cube, release: Earlier, marked: Flags) -> None:
    """Copy the cells of the cuboids that both tables have."""
    known = {each.name: (axis, each) for axis, each in enumerate(release.dimensions)}
    for cuboid in cube.cuboids:
        kept = [cube.dimensions[axis] for axis in cuboid]
        if any(known.get(each.name, (0, None))[1] != each for each in kept):
            continue
        theirs = [known[each.name][0] for each in kept]
        place = tuple(
            slice(0, -1) if axis in theirs else -1 for axis in range(len(release.dimensions))
        )
        order = [sorted(theirs).index(axis) for axis in theirs]
        flags[cube.cells_of(cuboid)] |= np.transpose(marked[place], order)


def _with_kept(measure: Measure, kept: Flags) -> Measure:
    """What was hidden before protected something: it is not given away now."""
    quiet = kept & ~measure.needy
    return replace(
        measure,
        low=np.where(quiet, np.maximum(measure.values - 1, 0), measure.low),
        high=np.where(quiet, measure.values + 1, measure.high),
    )
