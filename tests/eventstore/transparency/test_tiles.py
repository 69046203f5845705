"""Trees in tiles: the layout of the specification, growth that is cut off, few reads."""

import pytest

from shared.eventstore.transparency.merkle import leaf_hash, verify_consistency, verify_inclusion
from shared.eventstore.transparency.tiles import Tile, Tree, TreeDamaged
from tests.eventstore.transparency.trees import MemoryStore

SIZE = 70_000


@pytest.fixture(scope="module")
def large() -> Tree:
    leaves = (leaf_hash(b"%d" % number) for number in range(SIZE))
    return Tree(MemoryStore(), 0).grown(leaves)


def test_the_tiles_of_70_000_leaves_are_those_of_the_specification(large: Tree) -> None:
    tiles = {tile: len(hashes) // 32 for tile, hashes in large._store.items()}  # type: ignore[attr-defined]
    partial = {tile: width for tile, width in tiles.items() if width < 256}
    assert partial == {Tile(0, 273): 112, Tile(1, 1): 17, Tile(2, 0): 1}
    assert sum(1 for tile in tiles if tile.level == 0) == 274
    assert tiles[Tile(1, 0)] == 256


def test_a_full_tile_begins_the_level_above() -> None:
    store = MemoryStore()
    Tree(store, 0).grown(leaf_hash(b"%d" % number) for number in range(256))
    assert {tile: len(hashes) // 32 for tile, hashes in store.items()} == {
        Tile(0, 0): 256,
        Tile(1, 0): 1,
    }


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/1/000"),
        (5, 3, "tile/1/005.p/3"),
        (1234067, 256, "tile/1/x001/x234/067"),
        (1000, 255, "tile/1/x001/000.p/255"),
    ],
)
def test_paths_are_those_of_the_specification(number: int, width: int, path: str) -> None:
    assert Tile(1, number).path(width) == path


def test_a_proof_reads_a_few_tiles_only(large: Tree) -> None:
    store = large._store
    assert isinstance(store, MemoryStore)
    root = large.root()
    for index in (0, 255, 256, 65_535, 65_536, SIZE - 1):
        store.reads = 0
        proof = large.inclusion(index)
        assert store.reads <= 6
        verify_inclusion(leaf_hash(b"%d" % index), index, SIZE, proof, root)
    for first in (1, 256, 65_536, SIZE - 1):
        old = Tree(store, first).root()
        store.reads = 0
        proof = large.consistency(first)
        assert store.reads <= 6
        verify_consistency(first, SIZE, proof, old, root)


def test_growth_that_was_cut_off_is_done_again() -> None:
    """The store is ahead of the recorded size; other leaves than those first meant take the place."""
    store = MemoryStore()
    tree = Tree(store, 0).grown(leaf_hash(b"%d" % number) for number in range(300))
    tree.grown(leaf_hash(b"lost %d" % number) for number in range(600))
    again = tree.grown(leaf_hash(b"%d" % number) for number in range(300, 1000))
    leaves = [leaf_hash(b"%d" % number) for number in range(1000)]
    assert again.root() == Tree(MemoryStore(), 0).grown(leaves).root()
    assert tree.root() == Tree(MemoryStore(), 0).grown(leaves[:300]).root()


@pytest.mark.parametrize("keep", [0, 31, 255 * 32])
def test_a_tile_that_is_missing_or_short_is_named(keep: int) -> None:
    store = MemoryStore()
    tree = Tree(store, 0).grown(leaf_hash(b"%d" % number) for number in range(600))
    store[Tile(0, 1)] = store[Tile(0, 1)][:keep]
    with pytest.raises(TreeDamaged, match="tile 0/1"):
        tree.inclusion(300)


def test_a_tree_tells_of_no_size_beyond_its_own() -> None:
    tree = Tree(MemoryStore(), 0).grown([leaf_hash(b"one")])
    with pytest.raises(ValueError, match="has 1 leaves"):
        tree.consistency(1, 2)
