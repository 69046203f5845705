"""The tree of one ledger, kept beside it: it grows with it, and finds out when it is not the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import structlog

from services.audit.domain.log import Log
from shared.contracts.audit.vocabulary import WIDTH, Fault
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.frontier import Frontier
from shared.eventstore.transparency.merkle import HASH_SIZE
from shared.eventstore.transparency.stored import StoredLedger, Unsound, leaves_of
from shared.eventstore.transparency.tiles import Tile, TileStore, Tree, TreeDamaged

log = structlog.get_logger(__name__)

GROWTH: Final = 50_000
"""Leaves after which a head is recorded, whole commits always."""
SAMPLE: Final = 256
"""Positions that are read again at the right edge, and as many at a place left to chance."""


@dataclass(frozen=True)
class Grown:
    """The tree of a ledger as it is now; `proof` shows that the recorded head begins it."""

    size: int
    root: bytes
    proof: list[bytes]


class Book:
    """A ledger and its tree."""

    def __init__(self, ledger: StoredLedger, tiles: TileStore) -> None:
        self.ledger: Final = ledger
        self._tiles = tiles

    @property
    def name(self) -> str:
        return self.ledger.name

    def look(self, recorded: Log, published: Checkpoint | None) -> Grown | None:
        """What the ledger has become since the recorded head; nothing, when it has not grown.

        `published` is the last checkpoint that left the database. Raises `Unsound` for a ledger that
        does not begin with what was recorded, or does not lead to what was published.
        """
        least = max(recorded.size, published.size if published else 0)
        head = self.ledger.head()
        if head < least:
            raise Unsound(Fault.SHORTER, head + 1)
        tree = self._sound(recorded)
        if head > recorded.size:
            tree = tree.grown(self._next(recorded.size, max(GROWTH, least - recorded.size)))
        if published and self.tree(published.size).root() != published.root:
            raise Unsound(Fault.FORKED, recorded.size + 1 if published.size > recorded.size else 1)
        if tree.size == recorded.size:
            return None
        proof = tree.consistency(recorded.size) if recorded.size else []
        return Grown(tree.size, tree.root(), proof)

    def tree(self, size: int) -> Tree:
        return Tree(self._tiles, size)

    def rebuilt(self, size: int, root: bytes) -> None:
        """Make the tiles anew from the events, which must lead to the root.

        Raises `Unsound`, and leaves the tiles as they are, when they do not.
        """
        frontier = Frontier()
        for hashed in islice(self.ledger.leaves(0), size):
            frontier.add(hashed)
        if frontier.size < size:
            raise Unsound(Fault.SHORTER, frontier.size + 1)
        if frontier.root() != root:
            raise Unsound(Fault.ROOT, 1)
        Tree(self._tiles, 0).grown(islice(self.ledger.leaves(0), size))

    def _sound(self, recorded: Log) -> Tree:
        """The tree of the recorded head, after some of its events were read again."""
        tree = self.tree(recorded.size)
        try:
            _require(tree, recorded.root)
            self._read_again(recorded.size)
        except (TreeDamaged, Unsound) as doubt:
            self._decide(recorded, doubt)
        return tree

    def _decide(self, recorded: Log, doubt: TreeDamaged | Unsound) -> None:
        """Whether the tiles were damaged, and are mended, or the ledger was, which is told."""
        try:
            self.rebuilt(recorded.size, recorded.root)
        except Unsound as found:
            if found.fault is Fault.ROOT and isinstance(doubt, Unsound):
                self._compare(1, recorded.size)
            raise
        log.warning("tiles_made_anew", ledger=self.name, size=recorded.size, cause=str(doubt))

    def _read_again(self, size: int) -> None:
        """The events at the right edge, and others by chance, against the leaves of the tree.

        Raises `Unsound` at the first that differs.
        """
        if size:
            starts = {max(0, size - SAMPLE), random.randrange(size)}  # noqa: S311 - a sample
            for start in sorted(starts):
                self._compare(start + 1, min(start + SAMPLE, size))

    def _compare(self, first: int, last: int) -> None:
        stored = self.ledger.at(first)
        if stored is None or stored.commit is None:
            raise Unsound(Fault.MISSING, first)
        position = stored.first - 1
        known = leaves_from(self._tiles, position)
        for hashed in islice(self.ledger.leaves(position), last - position):
            position += 1
            if hashed != next(known):
                raise Unsound(Fault.CHANGED, position)
        if position < last:
            raise Unsound(Fault.SHORTER, position + 1)

    def _next(self, after: int, leaves: int) -> Iterator[bytes]:
        """The leaves of whole commits, at least `leaves` of them where there are as many."""
        count = 0
        for commit in self.ledger.commits(after):
            yield from leaves_of(self.name, commit)
            count += len(commit.events)
            if count >= leaves:
                return


def _require(tree: Tree, root: bytes) -> None:
    if tree.root() != root:
        raise TreeDamaged("the tiles do not lead to the recorded head")


def leaves_from(tiles: TileStore, index: int) -> Iterator[bytes]:
    """The leaf hashes that the tiles hold, from an index on, without end: empty where they end."""
    while True:
        number, offset = divmod(index, WIDTH)
        tile = Tile(0, number)
        hashes = tiles.read([tile]).get(tile, b"")
        for at in range(offset, WIDTH):
            yield hashes[at * HASH_SIZE : (at + 1) * HASH_SIZE]
        index += WIDTH - offset
