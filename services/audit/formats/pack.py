"""The pack as a file: a zip archive that is the same bytes from the same content, with a manifest that
lists every file by its digest and is signed.
"""

import zipfile
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import IO, Final, Self

MANIFEST: Final = "manifest"
BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first one that a zip archive can say."""


class PackWriter:
    """Files are written one after the other; `sign` adds the manifest. Close it in the end."""

    def __init__(self, stream: IO[bytes], origin: str) -> None:
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._origin = origin
        self._listed: list[str] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest, size = sha256(), 0
        with self._archive.open(_entry(name), "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        self._listed.append(f"{digest.hexdigest()} {size} {name}")

    def sign(self, sign: Callable[[str], bytes]) -> None:
        """`sign` makes a signed note of a text."""
        text = "".join(f"{line}\n" for line in (f"{self._origin}/pack", *self._listed))
        self.add(MANIFEST, [sign(text)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o644 << 16
    return entry
