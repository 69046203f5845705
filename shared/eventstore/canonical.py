"""JSON in the one form of RFC 8785 (JCS), for everything that is recorded, sealed or hashed."""

import json
from typing import Any, Final

LARGEST: Final = 2**53 - 1
"""Largest integer that every reader of JSON keeps exact (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_json(value: Any) -> bytes:
    """The canonical UTF-8 text of a JSON value without fractions.

    Floats are refused, because amounts and shares are decimals written as text. What remains of
    RFC 8785 is exactly what the standard library's encoder does in C: no white space, members
    sorted, only the necessary escapes.

    Raises `ValueError` or `TypeError` with the place, never the value, of what cannot be written.
    """
    _check(value, "")
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise ValueError("A text that is recorded must not contain lone surrogates") from None


def _check(value: Any, place: str) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{place or '/'}: an integer beyond 2^53 - 1; write it as text")
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_name(name, place)
            _check(member, f"{place}/{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _check(item, f"{place}/{index}")
    else:
        kind = type(value).__name__
        raise TypeError(f"{place or '/'}: JSON without fractions expected, got {kind}")


def _check_name(name: object, place: str) -> None:
    """Below U+D800 the order of code points is the order of UTF-16 units that RFC 8785 asks for."""
    if not isinstance(name, str) or (not name.isascii() and max(name) >= "\ud800"):
        raise ValueError(f"{place or '/'}: member names are texts of letters below U+D800")
