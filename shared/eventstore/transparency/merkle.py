"""The Merkle tree of RFC 9162 §2.1 over SHA-256: its hashes, its proofs, and how they are verified.

A tree is a list of entries. A subtree is named by the range of its leaves; whoever holds the tree
answers with the hash of a range (`Hashes`). Verifying needs no tree.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Hashes = Callable[[range], bytes]
"""The Merkle tree hash of a non-empty range of leaves."""


class ProofRefused(ValueError):
    """The proof does not show what it was given for."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size` (from 2): leaves of the left subtree."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1, from the leaf's sibling to the root's child.

    Raises `ValueError` unless `index` is one of the `size` leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            proof.append(hashes(range(middle, end)))
            end = middle
        else:
            proof.append(hashes(range(start, middle)))
            start = middle
    return proof[::-1]


def consistency_proof(first: int, second: int, hashes: Hashes) -> list[bytes]:
    """PROOF of RFC 9162 §2.1.4.1: that the tree of `second` leaves begins with that of `first`.

    Raises `ValueError` unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no tree of {first} leaves begins one of {second}")
    proof: list[bytes] = []
    start, end, known = 0, second, True
    while first != end:
        middle = start + split(end - start)
        if first <= middle:
            proof.append(hashes(range(middle, end)))
            end = middle
        else:
            proof.append(hashes(range(start, middle)))
            start, known = middle, False
    if not known:
        proof.append(hashes(range(start, end)))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """That the leaf of this hash stands at `index` in the tree (RFC 9162 §2.1.3.2).

    Raises `ProofRefused`.
    """
    if not 0 <= index < size:
        raise ProofRefused(f"leaf {index} is not in a tree of {size}")
    _require_hashes(leaf, *proof)
    node, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise ProofRefused("the proof has hashes to spare")
        if node & 1 or node == last:
            found = node_hash(other, found)
            node, last = _climb(node, last)
        else:
            found = node_hash(found, other)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofRefused("the proof is too short")
    if found != root:
        raise ProofRefused("the proof leads to another root")


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> None:
    """That the first tree is a beginning of the second (RFC 9162 §2.1.4.2).

    An empty tree has no proof: it begins every tree, which says nothing. Raises `ProofRefused`.
    """
    if not 0 < first <= second:
        raise ProofRefused(f"no tree of {first} leaves begins one of {second}")
    _require_hashes(*proof)
    if first == second:
        if proof:
            raise ProofRefused("the proof has hashes to spare")
        old, new = first_root, first_root
    else:
        old, new = _roots(first, second, proof, first_root)
    if old != first_root:
        raise ProofRefused("the proof leads to another first root")
    if new != second_root:
        raise ProofRefused("the proof leads to another second root")


def _roots(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes
) -> tuple[bytes, bytes]:
    """The two roots that a proof leads to."""
    if not proof:
        raise ProofRefused("the proof is too short")
    whole = first & (first - 1) == 0  # then the first root is itself a node of the second tree
    old, *others = [first_root, *proof] if whole else proof
    new = old
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    for other in others:
        if last == 0:
            raise ProofRefused("the proof has hashes to spare")
        if node & 1 or node == last:
            old, new = node_hash(other, old), node_hash(other, new)
            node, last = _climb(node, last)
        else:
            new = node_hash(new, other)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise ProofRefused("the proof is too short")
    return old, new


def _climb(node: int, last: int) -> tuple[int, int]:
    """Over the levels on which the node, a last one without sibling, is its own parent."""
    while not node & 1 and node:
        node, last = node >> 1, last >> 1
    return node, last


def _require_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_SIZE for each in hashes):
        raise ProofRefused(f"a hash has {HASH_SIZE} bytes")
