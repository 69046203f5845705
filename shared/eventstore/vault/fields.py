"""Commitments to the single fields of a box, so that one can be shown and proven without the others.

Each value has a leaf: the canonical JSON of its salt, its pointer and itself. The root of their Merkle tree
(RFC 9162) stands in clear in the box's header and is hashed with the event. Salts are made from the
subject's key: 256 bits that nobody can guess, so that a leaf tells nothing of a value even where only two
are possible, and that are gone with the key. Leaves are ordered by their hashes and filled up to a
power of two, at least eight: neither place nor number tells which fields were given.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from shared.eventstore.canonical import canonical_json
from shared.eventstore.transparency.frontier import Frontier
from shared.eventstore.transparency.merkle import inclusion_proof, leaf_hash

LEAST: Final = 8
"""Leaves of a box."""


@dataclass(frozen=True, slots=True)
class FieldProof:
    """That a value stands in a box; `salt` and `path` are base64."""

    pointer: str
    value: Any
    salt: str
    index: int
    size: int
    path: tuple[str, ...]


class Fields:
    """The leaves of one box. `secret` is the subject's, `place` the box's associated data."""

    def __init__(self, secret: bytes, place: bytes, values: Mapping[str, Any]) -> None:
        self._secret = secret
        self._place = place
        self._values = dict(pointers(values))
        hashes = [self._leaf(pointer) for pointer in self._values]
        wanted = max(LEAST, 1 << (len(hashes) - 1).bit_length())
        fill = range(wanted - len(hashes))
        self._leaves = sorted([*hashes, *(self._prf(b"fill", str(each)) for each in fill)])

    def root(self) -> str:
        return _base64(self._hash(range(len(self._leaves))))

    def proof(self, pointer: str) -> FieldProof:
        """Raises `KeyError` for what is not in the box."""
        value = self._values[pointer]
        index, size = self._leaves.index(self._leaf(pointer)), len(self._leaves)
        path = inclusion_proof(index, size, self._hash)
        salt = _base64(self._salt(pointer))
        return FieldProof(pointer, value, salt, index, size, tuple(map(_base64, path)))

    def _leaf(self, pointer: str) -> bytes:
        stated = [_base64(self._salt(pointer)), pointer, self._values[pointer]]
        return leaf_hash(canonical_json(stated))

    def _salt(self, pointer: str) -> bytes:
        return self._prf(b"salt", pointer)

    def _prf(self, what: bytes, name: str) -> bytes:
        message = b"\0".join((what, self._place, name.encode()))
        return hmac.digest(self._secret, message, sha256)

    def _hash(self, leaves: range) -> bytes:
        frontier = Frontier()
        for each in leaves:
            frontier.add(self._leaves[each])
        return frontier.root()


def pointers(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The values by JSON pointer (RFC 6901); a list is one value, and so is an empty object."""
    for name, value in values.items():
        pointer = f"{above}/{name.replace('~', '~0').replace('/', '~1')}"
        if isinstance(value, Mapping) and value:
            yield from pointers(value, pointer)
        else:
            yield pointer, value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
