"""The pack as a file, and its manifest."""

import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from services.audit.formats.verifier.texts import Faults, Note, Refused

MANIFEST: Final = "manifest"
NAME: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*")
LISTED: Final = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) (\S+)")
SMALL: Final = 64 * 1024 * 1024
"""Bytes of a file that is read whole."""
LONGEST: Final = 32 * 1024 * 1024
"""Bytes of one line: a commit has at most 15 MiB, and its text may be escaped."""


class Pack:
    """The files of a pack; nothing is written to the disk, so no name can lead anywhere."""

    def __init__(self, archive: zipfile.ZipFile, faults: Faults) -> None:
        self._archive = archive
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            if not NAME.fullmatch(info.orig_filename) or info.filename != info.orig_filename:
                faults.add(repr(info.orig_filename)[:80], "name that no pack has")
            elif info.filename in self._infos:
                faults.add(info.filename, "entry given twice")
            self._infos[info.filename] = info
        if archive.comment:
            faults.add("the archive", "comment that no pack has")

    @property
    def names(self) -> set[str]:
        return set(self._infos)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Raises `Refused`."""
        info = self._infos.get(name)
        if info is None:
            raise Refused("missing")
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(1 << 20):
                    yield piece
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ):
            raise Refused("unreadable") from None
        except zipfile.zlib.error:  # type: ignore[attr-defined]
            raise Refused("unreadable") from None

    def read(self, name: str) -> bytes:
        found = bytearray()
        for piece in self.pieces(name):
            found += piece
            if len(found) > SMALL:
                raise Refused("too long")
        return bytes(found)

    def lines(self, name: str) -> Iterator[bytes]:
        """Whole lines without their ends. Raises `Refused`."""
        rest = b""
        for piece in self.pieces(name):
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > LONGEST:
                raise Refused("a line is too long")
        if rest:
            raise Refused("cut off")


def check_manifest(pack: Pack, note: Note, origin: str, faults: Faults) -> None:
    """Every file is listed with its digest, and nothing else is there."""
    header, *lines = note.text[:-1].split("\n")
    if header != f"{origin}/pack":
        faults.add(MANIFEST, "manifest of another pack")
    listed: dict[str, tuple[str, int]] = {}
    for line in lines:
        match = LISTED.fullmatch(line)
        if match is None or match[3] in listed:
            faults.add(MANIFEST, "line that no manifest has")
        else:
            listed[match[3]] = (match[1], int(match[2]))
    for name in sorted(listed.keys() - pack.names):
        faults.add(name, "file missing")
    for name in sorted(pack.names - listed.keys() - {MANIFEST}):
        faults.add(name, "file that the manifest does not list")
    for name in sorted(listed.keys() & pack.names):
        if _digest(pack, name, listed[name][1]) != listed[name][0]:
            faults.add(name, "file changed")


def _digest(pack: Pack, name: str, size: int) -> str | None:
    digest, count = sha256(), 0
    try:
        for piece in pack.pieces(name):
            digest.update(piece)
            count += len(piece)
            if count > size:
                return None
    except Refused:
        return None
    return digest.hexdigest() if count == size else None
