"""Our canonical JSON against an independent implementation of RFC 8785."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.canonical import canonical_json

names = st.text(st.characters(max_codepoint=0xD7FF))
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
)


@given(values)
def test_it_is_rfc_8785(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": [0, 1.5]}, "/a/1: JSON without fractions expected, got float"),
        (float("nan"), "/: JSON without fractions expected, got float"),
        ({"a": {1, 2}}, "/a: JSON without fractions expected, got set"),
        ({"a": 2**53}, "/a: an integer beyond"),
        ({1: "a"}, "member names"),
        ({"a": {"\U0001f600": 1}}, "/a: member names"),
        ("\ud800", "lone surrogates"),
        ({"\ud800": 1}, "member names"),
    ],
)
def test_what_cannot_be_exact_is_refused(value: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        canonical_json(value)
