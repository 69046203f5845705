"""Checkpoints as files, apart from the database: what they say holds, whatever a restored database
says.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.note import Note, VerifierKey


class PublishedFiles:
    """`FOLDER/LEDGER.checkpoint`: the latest of each log; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder: Final = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def read(self, ledger: str, keys: Sequence[VerifierKey]) -> Checkpoint | None:
        """Raises `NoteRefused` for a file that no key of this log has signed."""
        if self._folder is None or not self._file(self._folder, ledger).exists():
            return None
        note = Note.parse(self._file(self._folder, ledger).read_bytes())
        note.require_signed(keys)
        return Checkpoint.parse(note.text)

    def write(self, ledger: str, note: bytes) -> None:
        """Whole or not at all, and on the disk when this returns."""
        if self._folder is None:
            return
        file = self._file(self._folder, ledger)
        fresh = file.with_suffix(".new")
        with fresh.open("wb") as stream:
            stream.write(note)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)

    @staticmethod
    def _file(folder: Path, ledger: str) -> Path:
        return folder / f"{ledger}.checkpoint"
