"""Trees and proofs against the standard's definition, and against proofs that were tampered with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore.transparency.merkle import (
    EMPTY_ROOT,
    ProofRefused,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from shared.eventstore.transparency.tiles import Tree
from tests.eventstore.transparency.trees import MemoryStore, defined_root, tree_of

ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
] + [bytes(range(0x60, 0x70))]
"""The eight entries on which implementations of RFC 6962 have been tested from its beginning."""
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

SIZES = st.integers(1, 300)


def numbered(size: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(size)]


def test_the_empty_tree_has_the_root_of_the_standard() -> None:
    assert Tree(MemoryStore(), 0).root() == EMPTY_ROOT == defined_root([])


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    assert tree_of(ENTRIES[:size]).root().hex() == ROOTS[size] == defined_root(ENTRIES[:size]).hex()


@given(SIZES)
def test_the_root_is_the_defined_one(size: int) -> None:
    assert tree_of(numbered(size)).root() == defined_root(numbered(size))


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_a_tree_may_grow_in_any_steps(steps: list[int]) -> None:
    entries = numbered(sum(steps))
    tree = Tree(MemoryStore(), 0)
    for step in steps:
        more = entries[tree.size : tree.size + step]
        tree = tree.grown(map(leaf_hash, more))
        assert tree.root() == defined_root(entries[: tree.size])


@given(SIZES, st.data())
def test_every_leaf_is_proven(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = tree_of(numbered(size))
    proof = tree.inclusion(index)
    assert len(proof) <= max(size - 1, 0).bit_length()
    verify_inclusion(leaf_hash(numbered(size)[index]), index, size, proof, tree.root())


@given(SIZES, st.data())
def test_an_older_tree_is_proven_out_of_a_larger_one(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, size))
    second = data.draw(st.integers(first, size))
    tree, entries = tree_of(numbered(size)), numbered(size)
    old, new = defined_root(entries[:first]), defined_root(entries[:second])
    verify_consistency(first, second, tree.consistency(first, second), old, new)
    index = data.draw(st.integers(0, second - 1))
    verify_inclusion(leaf_hash(entries[index]), index, second, tree.inclusion(index, second), new)


@given(st.integers(2, 300), st.data())
def test_a_tampered_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = tree_of(numbered(size))
    leaf, root = leaf_hash(numbered(size)[index]), tree.root()
    proof = data.draw(tampered(tree.inclusion(index)))
    with pytest.raises(ProofRefused):
        verify_inclusion(leaf, index, size, proof, root)


@given(st.integers(2, 300), st.data())
def test_a_tampered_consistency_proof_is_refused(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, size - 1))
    tree = tree_of(numbered(size))
    old, new = defined_root(numbered(first)), tree.root()
    proof = data.draw(tampered(tree.consistency(first)))
    with pytest.raises(ProofRefused):
        verify_consistency(first, size, proof, old, new)


@given(st.integers(2, 300), st.data())
def test_no_proof_serves_another_place_size_or_root(size: int, data: st.DataObject) -> None:
    tree, entries = tree_of(numbered(size)), numbered(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-2, size + 2).filter(lambda each: each != index))
    proof, root = tree.inclusion(index), tree.root()
    with pytest.raises(ProofRefused):
        verify_inclusion(leaf_hash(entries[index]), other, size, proof, root)
    with pytest.raises(ProofRefused):
        verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)
    first = data.draw(st.integers(1, size - 1))
    forked = defined_root([*entries[: first - 1], b"forged"])
    with pytest.raises(ProofRefused):
        verify_consistency(first, size, tree.consistency(first), forked, root)


@given(st.integers(1, 300), st.integers(1, 300))
def test_a_rolled_back_tree_cannot_pass_for_a_later_one(first: int, second: int) -> None:
    """Whatever is given as proof: the later size is what counts."""
    if first > second:
        with pytest.raises(ProofRefused):
            verify_consistency(first, second, [], EMPTY_ROOT, EMPTY_ROOT)
    elif first < second:
        root = defined_root(numbered(first))
        with pytest.raises(ProofRefused):
            verify_consistency(first, second, [], root, root)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (-1, 3), (4, 3)])
def test_there_is_no_proof_from_an_empty_tree_or_backwards(first: int, second: int) -> None:
    with pytest.raises(ProofRefused):
        verify_consistency(first, second, [], EMPTY_ROOT, EMPTY_ROOT)
    with pytest.raises(ValueError, match="begins"):
        tree_of(numbered(3)).consistency(first, second)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (7, 3)])
def test_there_is_no_proof_for_a_leaf_outside_of_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(leaf_hash(b""), index, size, [], leaf_hash(b""))
    with pytest.raises(ValueError, match="not in a tree"):
        tree_of(numbered(3)).inclusion(index, size)


def test_two_roots_of_one_size_contradict_each_other() -> None:
    one, other = leaf_hash(b"one"), leaf_hash(b"other")
    verify_consistency(1, 1, [], one, one)
    for proof in ([], [one]):
        with pytest.raises(ProofRefused):
            verify_consistency(1, 1, proof, one, other)


@st.composite
def tampered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """The proof with a bit turned, a hash dropped, added, doubled, shortened or moved."""
    changed = list(proof)
    place = draw(st.integers(0, len(proof) - 1))
    match draw(st.sampled_from(["flip", "drop", "add", "double", "shorten", "swap"])):
        case "flip":
            flipped = bytearray(proof[place])
            flipped[draw(st.integers(0, 31))] ^= 1 << draw(st.integers(0, 7))
            changed[place] = bytes(flipped)
        case "drop":
            del changed[place]
        case "add":
            changed.insert(
                draw(st.integers(0, len(proof))), draw(st.binary(min_size=32, max_size=32))
            )
        case "double":
            changed.insert(place, proof[place])
        case "shorten":
            changed[place] = proof[place][:31]
        case _:
            changed[place], changed[-1] = changed[-1], changed[place]
            if changed == proof:
                changed.append(proof[0])
    return changed
