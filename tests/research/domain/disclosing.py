"""Small populations for tests of disclosure control, and the parameters in force."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from services.research.domain.disclosure.needs import Primary, primary
from services.research.domain.disclosure.suppression import Pattern, suppress, unread
from services.research.domain.disclosure.tables import Cube, Dimension, Ints, Units
from services.research.domain.rules.disclosure import DisclosureRules
from shared.contracts.research.vocabulary.disclosure import Audience, UnitKind
from shared.kernel.parameters import read_toml

FOLDER = Path(__file__).parents[3] / "services/research/rules/disclosure"
RULES = DisclosureRules.model_validate(
    read_toml(path.read_text() for path in sorted(FOLDER.glob("*.toml")))
)
DAY = date(2025, 3, 1)
PARAMETERS = RULES.on(DAY)


def dimensions(*sizes: int, sensitive: Sequence[int] = ()) -> tuple[Dimension, ...]:
    return tuple(
        Dimension(f"d{axis}", tuple(f"c{place}" for place in range(size)), axis in sensitive)
        for axis, size in enumerate(sizes)
    )


def units_of(inner: Ints) -> Units:
    """One row per unit of an inner table."""
    places = np.argwhere(inner >= 0)
    return Units(np.repeat(places, inner.ravel(), axis=0).astype(np.int64))


def cube_of(inner: object, *, sensitive: Sequence[int] = ()) -> Cube:
    counts = np.asarray(inner, dtype=np.int64)
    return Cube.count(dimensions(*counts.shape, sensitive=sensitive), units_of(counts))


def found_in(
    cube: Cube, audience: Audience = Audience.INTERNAL, kind: UnitKind = UnitKind.PERSONS
) -> Primary:
    return primary(cube, kind, audience, PARAMETERS)


def pattern_of(cube: Cube, found: Primary) -> Pattern:
    return suppress(cube, cube.cuboids, [unread(cube, found)], PARAMETERS.thin)


@st.composite
def inner_tables(draw: st.DrawFn, *, dimensions: int = 4, cells: int = 36) -> Ints:
    """Counts as surveys have them: many small ones, some large, some zeros."""
    sizes: list[int] = []
    for _ in range(draw(st.integers(1, dimensions))):
        sizes.append(draw(st.integers(2, max(2, min(6, cells // int(np.prod(sizes)))))))
    count = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 9]) | st.integers(10, 40)
    size = int(np.prod(sizes))
    values = draw(st.lists(count, min_size=size, max_size=size))
    return np.array(values, dtype=np.int64).reshape(sizes)
