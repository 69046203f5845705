"""What the gateway needs of the file store: files pass through it piece by piece, never whole."""

from collections.abc import AsyncIterator
from typing import Protocol


class FileMissing(Exception):
    """The file never existed or has expired."""


class Files(Protocol):
    async def store(self, pieces: AsyncIterator[bytes], filename: str) -> str:
        """Keep a file; the id is its claim check. Nothing is kept when `pieces` raises."""
        ...

    async def open(self, file_id: str) -> AsyncIterator[bytes]:
        """Raises `FileMissing`, before the first piece."""
        ...
