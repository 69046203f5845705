"""The same person twice in one file."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_bytes
from typing import Self

from shared.contracts.registry.vocabulary import OtherId
from shared.runtime.tables.columns import Path

PESEL: Path = ("personal", "identity", "pesel")
OTHER_ID: Path = ("personal", "identity", "other_id", "number")
REFERENCE: Path = ("reference",)


@dataclass(frozen=True)
class MatchKeys:
    """By what a row finds the record of a person who is registered already."""

    pesel: str | None = None
    other_id: OtherId | None = None
    reference: tuple[str, str] | None = None
    """Partner and the partner's own file number."""

    def given(self) -> Iterator[tuple[Path, str]]:
        """Each key that is there, with the column it stands in."""
        if self.pesel:
            yield PESEL, self.pesel
        if self.other_id:
            yield OTHER_ID, self.other_id.model_dump_json()
        if self.reference:
            yield REFERENCE, "\n".join(self.reference)


class Repeated:
    """The keys seen so far, as digests under a key of this reading, in a temporary database file.

    On disk, because a file may have hundreds of thousands of rows; as digests, because what lies on
    disk in clear would be personal data.
    """

    def __init__(self) -> None:
        self._secret = token_bytes(16)
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._seen.close()

    def first(self, path: Path, key: str, row: int) -> int:
        """The row in which a key stood first; `row` itself if it is new."""
        digest = blake2b(
            "\0".join((*path, key)).encode(), key=self._secret, digest_size=16
        ).digest()
        self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, row))
        return int(
            self._seen.execute("SELECT row FROM seen WHERE key = ?", (digest,)).fetchone()[0]
        )
