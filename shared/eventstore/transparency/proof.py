"""Proofs that leave the machine (C2SP tlog-proof): an entry's place, its path, and the checkpoint.

c2sp.org/tlog-proof@v1
index 73894
base64(hash) …

the signed checkpoint
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from shared.eventstore.transparency.note import (
    Note,
    NoteRefused,
    VerifierKey,
    from_base64,
    to_base64,
)

_HEADER: Final = "c2sp.org/tlog-proof@v1"
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_HASHES: Final = 64


@dataclass(frozen=True, slots=True)
class EntryProof:
    """`extra` is told with the proof, and is not proven."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    @classmethod
    def parse(cls, document: bytes) -> Self:
        """As it stands; nothing is verified yet. Raises `NoteRefused`."""
        head, separator, checkpoint = document.partition(b"\n\n")
        try:
            header, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise NoteRefused("a proof is written in ASCII") from None
        if header != _HEADER or not separator:
            raise NoteRefused(f"a proof begins with {_HEADER}, and ends with a checkpoint")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0).removeprefix("extra "))
        match = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if match is None:
            raise NoteRefused("a proof tells the index of its entry")
        hashes = tuple(map(from_base64, lines))
        if len(hashes) > _MAX_HASHES or any(len(each) != HASH_SIZE for each in hashes):
            raise NoteRefused(f"a proof has at most {_MAX_HASHES} hashes of {HASH_SIZE} bytes")
        return cls(int(match[1]), hashes, Note.parse(checkpoint), extra)

    def __bytes__(self) -> bytes:
        extra = [f"extra {to_base64(self.extra)}"] if self.extra else []
        lines = [_HEADER, *extra, f"index {self.index}", *map(to_base64, self.hashes)]
        return "\n".join(lines).encode() + b"\n\n" + bytes(self.checkpoint)

    def verify(self, entry: bytes, origin: str, keys: Iterable[VerifierKey]) -> Checkpoint:
        """That the entry stands at the index in the log, by a checkpoint that it signed.

        Raises `NoteRefused`, `merkle.ProofRefused`.
        """
        self.checkpoint.require_signed(keys)
        checkpoint = Checkpoint.parse(self.checkpoint.text)
        if checkpoint.origin != origin:
            raise NoteRefused("the checkpoint is of another log")
        verify_inclusion(
            leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root
        )
        return checkpoint
