"""Optimistic concurrency: the ETag of an aggregate is its version (RFC 9110 §8.8.3, §13.1.1)."""

import re

from starlette.datastructures import Headers

from gateway.problems import Problem

_ONE_STRONG_ETAG = re.compile(r'"(0|[1-9][0-9]{0,17})"')


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(headers: Headers) -> int:
    """The version that a command expects; 0 where nothing is recorded yet.

    Exactly one strong tag: with `*` or a list the command would not say what its author has seen.
    Raises `Problem`: `if_match_missing`, `if_match_invalid`.
    """
    value = headers.get("if-match")
    if value is None:
        raise Problem("if_match_missing")
    match = _ONE_STRONG_ETAG.fullmatch(value.strip())
    if match is None:
        raise Problem("if_match_invalid")
    return int(match[1])
