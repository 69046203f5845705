"""Checkpoints (C2SP tlog-checkpoint): the head of a tree as the text of a signed note.

origin
size
base64(root)
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from shared.eventstore.transparency.merkle import EMPTY_ROOT, HASH_SIZE
from shared.eventstore.transparency.note import NoteRefused, from_base64, to_base64

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the log `origin`: the root of its tree at a size.

    `extensions` are opaque lines of other logs; ours sign none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `NoteRefused`."""
        if not text.endswith("\n"):
            raise NoteRefused("a checkpoint ends with a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            raise NoteRefused("a checkpoint has at least three lines, none of them empty")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size):
            raise NoteRefused("the size of a tree is a decimal number")
        checkpoint = cls(origin, int(size), from_base64(root), tuple(extensions))
        if len(checkpoint.root) != HASH_SIZE:
            raise NoteRefused(f"a root has {HASH_SIZE} bytes")
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise NoteRefused("an empty tree has one root only")
        return checkpoint

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)
