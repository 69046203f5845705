"""Draws can be repeated by anybody, share the size in proportion, and tell of no small group."""

import hashlib
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.research.domain.sampling import (
    Unit,
    allocated,
    drawn,
    frame_digest,
    sizes_of,
    tellable,
)
from shared.kernel.errors import Rejected

SEED = "0123456789abcdef0123456789abcdef"
FRAMES = st.dictionaries(
    st.uuids().map(str),
    st.tuples(st.sampled_from("FM"), st.sampled_from(("18-29", "30-54", "55+"))),
    min_size=1,
    max_size=80,
).map(lambda found: [Unit(each, values) for each, values in found.items()])


def by_the_documented_rule(frame: list[Unit], size: int, seed: str) -> set[str]:
    """Written anew from the words of the rule, not from the code."""
    groups = sorted({unit.values for unit in frame})
    counts = Counter(unit.values for unit in frame)
    exact = {group: Fraction(size * counts[group], len(frame)) for group in groups}
    given = {group: int(exact[group]) for group in groups}
    order = sorted(groups, key=lambda group: (given[group] - exact[group], group))
    for group in order[: size - sum(given.values())]:
        given[group] += 1
    chosen: set[str] = set()
    for group in groups:
        hashed = sorted(
            (hashlib.sha256((seed + "|" + unit.id).encode("utf-8")).hexdigest(), unit.id)
            for unit in frame
            if unit.values == group
        )
        chosen |= {identity for _, identity in hashed[: given[group]]}
    return chosen


@given(FRAMES, st.data())
def test_anybody_can_repeat_a_draw_whatever_the_order_of_the_frame(
    frame: list[Unit], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(frame)))
    draw = drawn(data.draw(st.permutations(frame)), size, SEED)
    assert {unit.id for unit in draw.units} == by_the_documented_rule(frame, size, SEED)
    assert len(draw.units) == size
    assert frame_digest(frame) == frame_digest(data.draw(st.permutations(frame)))


@given(FRAMES, st.data())
def test_each_stratum_gives_its_share_within_one_unit(
    frame: list[Unit], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(frame)))
    sizes = sizes_of(frame)
    shares = allocated(sizes, size)
    assert sum(shares.values()) == size
    for values, count in sizes.items():
        assert abs(shares[values] - Fraction(size * count, len(frame))) < 1
        assert shares[values] <= count


def test_another_seed_draws_others_and_more_than_there_are_is_refused() -> None:
    frame = [Unit(f"u{number}", ()) for number in range(200)]
    assert drawn(frame, 20, SEED).units != drawn(frame, 20, SEED[::-1]).units
    with pytest.raises(Rejected) as refusal:
        drawn(frame, 201, SEED)
    assert refusal.value.details == {"frame": 200, "size": 201}


@given(
    st.dictionaries(st.tuples(st.integers(0, 40).map(str)), st.integers(1, 30), max_size=12),
    st.integers(2, 10),
)
def test_no_told_number_nor_what_is_left_of_the_whole_is_small(
    sizes: dict[tuple[str, ...], int], smallest: int
) -> None:
    alone, together = tellable(sizes, smallest)
    rest = sum(sizes[values] for values in together)
    assert all(sizes[values] >= smallest for values in alone)
    assert not together or rest >= smallest
    if sum(sizes.values()) >= smallest:
        assert {*alone, *together} == sizes.keys()
    else:
        assert (alone, together) == ((), ())
