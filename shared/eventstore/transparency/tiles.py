"""A Merkle tree kept in tiles of 256 hashes (C2SP tlog-tiles): it grows at its right edge, and any
proof reads a few tiles, however large it is.

Tile (level, number) has the hashes of the subtrees of 256^level leaves from leaf
number * 256^(level + 1) on. Full tiles never change.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from shared.eventstore.transparency.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    consistency_proof,
    inclusion_proof,
    node_hash,
    split,
)

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT


class Tile(NamedTuple):
    level: int
    number: int

    def path(self, width: int) -> str:
        """As a log serves it: `tile/0/x001/x234/067` and, while it is not full, `….p/12`."""
        groups: list[str] = []
        rest = self.number
        while rest or not groups:
            rest, group = divmod(rest, 1000)
            groups.append(f"{group:03}")
        elements = [f"x{group}" for group in reversed(groups[1:])] + groups[:1]
        partial = f".p/{width}" if width < WIDTH else ""
        return f"tile/{self.level}/{'/'.join(elements)}{partial}"


_PATH: Final = re.compile(r"((?:x\d{3}/){0,5}\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


def parse_number(path: str) -> tuple[int, int] | None:
    """Number and width of the tile with this path below its level; nothing for what is no path."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    number = int(re.sub(r"[x/]", "", match[1]))
    width = int(match[2] or WIDTH)
    canonical = Tile(0, number).path(width) == f"tile/0/{path}"
    return (number, width) if canonical else None


class TileStore(Protocol):
    """What was put is what is read; a tile that was never put reads as nothing."""

    def read(self, tiles: Iterable[Tile]) -> Mapping[Tile, bytes]: ...

    def put(self, tiles: Mapping[Tile, bytes]) -> None: ...


class TreeDamaged(Exception):
    """A tile that the tree's size calls for is missing or too short."""


class Tree:
    """The tree of the first `size` leaves. The store may hold more: a tree never looks past its
    size, so a growth that was cut off is simply done again.
    """

    def __init__(self, store: TileStore, size: int) -> None:
        self._store = store
        self.size = size

    def root(self) -> bytes:
        return self._hashes().of(range(self.size)) if self.size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Raises `ValueError` for a leaf or a size that the tree does not have."""
        size = self._require(self.size if size is None else size)
        return inclusion_proof(index, size, self._hashes().of)

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """Raises `ValueError` unless 0 < first <= second <= size."""
        second = self._require(self.size if second is None else second)
        return consistency_proof(first, second, self._hashes().of)

    def grown(self, leaves: Iterable[bytes]) -> "Tree":
        """The tree with more leaf hashes at its end; the tiles are put before this returns."""
        grown = _Growth(self._store, self.size)
        for leaf in leaves:
            grown.add(leaf)
        grown.put()
        return Tree(self._store, grown.size)

    def _require(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {size}")
        return size

    def _hashes(self) -> "_Hashes":
        return _Hashes(self._store, self.size)


class _Growth:
    """The tiles at the right edge, while leaves are added."""

    def __init__(self, store: TileStore, size: int) -> None:
        self._store = store
        self.size = size
        self._full: dict[Tile, bytes] = {}
        edge = list(_edge(size))
        known = store.read(tile for tile, _ in edge)
        self._edge = [bytearray(_hashes_of(tile, width, known)) for tile, width in edge]

    def add(self, leaf: bytes) -> None:
        self.size += 1
        self._append(0, leaf)
        if len(self._full) >= WIDTH:
            self._flush()

    def put(self) -> None:
        edge = {tile: bytes(self._edge[tile.level]) for tile, width in _edge(self.size) if width}
        self._store.put(self._full | edge)

    def _append(self, level: int, node: bytes) -> None:
        if level == len(self._edge):
            self._edge.append(bytearray())
        edge = self._edge[level]
        edge += node
        if len(edge) == WIDTH * HASH_SIZE:
            number = (self.size >> HEIGHT * (level + 1)) - 1
            tile = bytes(edge)
            self._full[Tile(level, number)] = tile
            edge.clear()
            self._append(level + 1, _top(tile))

    def _flush(self) -> None:
        self._store.put(self._full)
        self._full = {}


class _Hashes:
    """Hashes of ranges of leaves, out of the tiles; a tile is read once."""

    def __init__(self, store: TileStore, size: int) -> None:
        self._store = store
        self._size = size
        self._tiles: dict[Tile, bytes] = {}

    def of(self, leaves: range) -> bytes:
        start, count = leaves.start, len(leaves)
        if count & (count - 1) == 0 and start % count == 0:
            return self._subtree(count.bit_length() - 1, start // count)
        middle = start + split(count)
        left, right = range(start, middle), range(middle, leaves.stop)
        return node_hash(self.of(left), self.of(right))

    def _subtree(self, level: int, index: int) -> bytes:
        """The node over 2^level leaves: hashed from those of the tile that has it."""
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        tile = Tile(tile_level, first // WIDTH)
        offset, count = first % WIDTH, 1 << above
        nodes = self._tile(tile)[offset * HASH_SIZE : (offset + count) * HASH_SIZE]
        if len(nodes) < count * HASH_SIZE:
            raise TreeDamaged(f"tile {tile.level}/{tile.number} is too short")
        return _top(nodes)

    def _tile(self, tile: Tile) -> bytes:
        if tile not in self._tiles:
            subtrees = self._size >> HEIGHT * tile.level
            width = min(WIDTH, subtrees - tile.number * WIDTH)
            self._tiles[tile] = _hashes_of(tile, width, self._store.read([tile]))
        return self._tiles[tile]


def _edge(size: int) -> Iterator[tuple[Tile, int]]:
    """The last tile of each level, and how many hashes of it belong to the tree."""
    level = 0
    while subtrees := size >> HEIGHT * level:
        yield Tile(level, subtrees // WIDTH), subtrees % WIDTH
        level += 1


def _hashes_of(tile: Tile, width: int, known: Mapping[Tile, bytes]) -> bytes:
    found = known.get(tile, b"")[: width * HASH_SIZE]
    if len(found) < width * HASH_SIZE:
        raise TreeDamaged(f"tile {tile.level}/{tile.number} has less than {width} hashes")
    return found


def _top(nodes: bytes) -> bytes:
    """The root over a power of two of hashes."""
    level = [nodes[at : at + HASH_SIZE] for at in range(0, len(nodes), HASH_SIZE)]
    while len(level) > 1:
        level = [node_hash(*level[at : at + 2]) for at in range(0, len(level), 2)]
    return level[0]
