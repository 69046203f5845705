"""The root of a tree that only passes by: what a verifier keeps of any number of leaves."""

from shared.eventstore.transparency.merkle import EMPTY_ROOT, node_hash


class Frontier:
    """The roots of the full subtrees of the leaves so far, the largest first: one per bit of `size`."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """`leaf` is a leaf's hash."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._nodes.pop(), node)
            size >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self._nodes:
            return EMPTY_ROOT
        *larger, root = self._nodes
        for node in reversed(larger):
            root = node_hash(node, root)
        return root
