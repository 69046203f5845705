"""Trees by the definition of the standard, and kept in memory: what the tests compare with."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from shared.eventstore.transparency.tiles import Tile, Tree


def defined_root(entries: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1, word for word."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + defined_root(entries[:k]) + defined_root(entries[k:])).digest()


class MemoryStore(dict[Tile, bytes]):
    """A tile store that counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def read(self, tiles: Iterable[Tile]) -> Mapping[Tile, bytes]:
        wanted = list(tiles)
        self.reads += len(wanted)
        return {tile: self[tile] for tile in wanted if tile in self}

    def put(self, tiles: Mapping[Tile, bytes]) -> None:
        self.update(tiles)


def tree_of(entries: Iterable[bytes]) -> Tree:
    return Tree(MemoryStore(), 0).grown(sha256(b"\x00" + entry).digest() for entry in entries)
