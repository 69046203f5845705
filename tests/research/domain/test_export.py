"""Microdata that single nobody out: by what others know of a person, and in what they seek."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.research.domain.export.protecting import RARE, WITHHELD, Role, protected
from shared.kernel.errors import Rejected

KEYS = (Role.KEY, Role.KEY, Role.SENSITIVE, Role.OTHER)
LEAST, DIVERSITY = 5, 2


def told(rows: Sequence[Sequence[int]], roles: Sequence[Role] = KEYS) -> list[tuple[int, ...]]:
    found = protected(np.array(rows, dtype=np.int16), roles, LEAST, DIVERSITY)
    return [tuple(int(each) for each in row) for row in found]


def candidates(
    given: Sequence[tuple[int, ...]], known: Sequence[int], rare: Sequence[set[int]]
) -> Iterator[tuple[int, ...]]:
    """The rows that could be somebody's of whom the keys are known."""
    for row in given:
        if all(
            cell in {WITHHELD, value} or (cell == RARE and value in rare[n])
            for n, (cell, value) in enumerate(zip(row, known, strict=False))
        ):
            yield row


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(*(st.integers(0, most) for most in (3, 4, 2, 6))), min_size=LEAST, max_size=70
    )
)
def test_whoever_knows_the_keys_finds_enough_rows_with_more_than_one_value(
    rows: list[tuple[int, ...]],
) -> None:
    given_out = told(rows)
    recoded = [
        {row[n] for row, out in zip(rows, given_out, strict=True) if out[n] == RARE}
        for n in range(2)
    ]
    for row in set(rows):
        mine = list(candidates(given_out, row[:2], recoded))
        assert len(mine) >= LEAST
        sought = {each[2] for each in mine}
        assert len(sought) >= DIVERSITY or sought == {WITHHELD}
    classes = Counter((row[0], row[1]) for row in given_out)
    assert min(classes.values()) >= LEAST
    for column in zip(*given_out, strict=True):
        assert all(count >= LEAST for count in Counter(column).values())


def test_rows_that_are_many_are_told_as_they_are() -> None:
    rows = [(1, 2, n % 2, 3) for n in range(10)]
    assert told(rows) == rows


def test_the_last_key_is_withheld_first_and_only_of_those_who_are_too_few() -> None:
    many = [(key, key, n % 2, 0) for key in (1, 2, 3) for n in range(20)]
    few = [(1, 2, n % 2, 0) for n in range(4)] + [(1, 3, n % 2, 0) for n in range(4)]
    given_out = told(many + few)
    assert given_out[:60] == many
    assert {row[:2] for row in given_out[60:]} == {(1, WITHHELD)}


def test_a_group_of_one_sensitive_value_is_not_told_apart() -> None:
    rows = [(1, 1, n % 2, 0) for n in range(10)] + [(2, 2, 0, 0) for _ in range(10)]
    given_out = told(rows)
    assert {row[:2] for row in given_out} == {(WITHHELD, WITHHELD)}


def test_too_few_are_not_given_out() -> None:
    with pytest.raises(Rejected, match="export_too_small"):
        told([(1, 1, 1, 1)] * (LEAST - 1))
