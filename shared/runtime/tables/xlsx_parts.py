"""The parts of a workbook around its sheet: which sheet, which styles are dates, shared strings."""

import os
import posixpath
import struct
import zipfile
from array import array
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from tempfile import TemporaryFile
from typing import IO, BinaryIO, Self

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from shared.runtime.tables.cells import Cell, text_cell
from shared.runtime.tables.errors import refused
from shared.runtime.tables.xml_stream import Attributes, Texts, pieces, start_parser

UNPACKED_LIMIT = 512 << 20
"""Bytes; a workbook of 200 000 rows and 30 columns unpacks to about 400 MB. `zipfile` never reads
more of an entry than its directory declares, so the declared sizes bind."""
SMALL_PART_LIMIT = 8 << 20
"""Bytes of workbook, relations and styles, which are kept in memory."""
DIRECTORY_LIMIT = 1 << 20
"""Bytes of the archive's directory, which `zipfile` reads whole: some ten thousand entries."""
END_OF_DIRECTORY = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
CACHED_STRINGS = 10_000


@dataclass(frozen=True)
class Sheet:
    """A worksheet, and where it lies in the archive; an empty part where its relation is lost."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Workbook:
    """Where the sheets, at least one of them visible, and their strings lie, and how their numbers
    are to be read.
    """

    sheets: tuple[Sheet, ...]
    strings_part: str | None
    date_styles: frozenset[int]
    epoch: datetime


def check_directory(stream: BinaryIO) -> None:
    """Refuse an archive whose directory alone would fill the memory (APPNOTE.TXT 4.3.16)."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - (1 << 16) - 22))
    tail = stream.read()
    stream.seek(0)
    plain = tail[-22:].startswith(END_OF_DIRECTORY) and tail.endswith(b"\0\0")
    end = len(tail) - 22 if plain else tail.rfind(END_OF_DIRECTORY)
    if end < 0 or len(tail) - end < 22:
        raise refused("unreadable")
    (directory_size,) = struct.unpack_from("<L", tail, end + 12)
    if directory_size > DIRECTORY_LIMIT or tail[:end][-20:].startswith(ZIP64_LOCATOR):
        raise refused("file_too_large", limit=UNPACKED_LIMIT >> 20)


def open_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Read what is around the sheet. Raises `ImportRefused` for bombs and what is no workbook."""
    if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT:
        raise refused("file_too_large", limit=UNPACKED_LIMIT >> 20)
    main = _targets(archive, "_rels/.rels").by_type("officeDocument")
    if main is None:
        raise refused("file_type")
    relations = _targets(archive, _relations_of(main))
    description = _read(archive, main)
    sheets = tuple(_sheet(a, relations) for name, a in description if name == "sheet")
    if not any(sheet.visible for sheet in sheets):
        raise refused("empty")
    styles = relations.by_type("styles")
    dated_1904 = any(
        name == "workbookPr" and a.get("date1904") in {"1", "true"} for name, a in description
    )
    return Workbook(
        sheets=sheets,
        strings_part=relations.by_type("sharedStrings"),
        date_styles=_date_styles(_read(archive, styles)) if styles else frozenset(),
        epoch=MAC_EPOCH if dated_1904 else WINDOWS_EPOCH,
    )


Elements = list[tuple[str, Attributes]]


def _read(archive: zipfile.ZipFile, part: str) -> Elements:
    """The elements of a small part in document order."""
    if archive.getinfo(part).file_size > SMALL_PART_LIMIT:
        raise refused("file_too_large", limit=SMALL_PART_LIMIT >> 20)
    elements: Elements = []
    path: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        path.append(name)
        elements.append(("/".join(path[-2:]) if name == "xf" else name, attributes))

    def end(_: str) -> None:
        path.pop()

    parser = start_parser(start, end, Texts())
    with archive.open(part) as stream:
        for _ in pieces(stream, parser):
            pass
    return elements


@dataclass(frozen=True)
class _Relations:
    by_id: dict[str, str]
    types: dict[str, str]

    def by_type(self, kind: str) -> str | None:
        return self.types.get(kind)


def _sheet(attributes: Attributes, relations: _Relations) -> Sheet:
    relation = next((value for name, value in attributes.items() if " id" in name), "")
    return Sheet(
        attributes.get("name", ""),
        relations.by_id.get(relation, ""),
        attributes.get("state", "visible") == "visible",
    )


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _targets(archive: zipfile.ZipFile, part: str) -> _Relations:
    """The parts a relations part points to; relative targets start at the folder of its owner."""
    home = posixpath.dirname(posixpath.dirname(part))
    by_id: dict[str, str] = {}
    types: dict[str, str] = {}
    for name, attributes in _read(archive, part):
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", home, attributes["Target"]))[1:]
            by_id[attributes["Id"]] = target
            types.setdefault(attributes["Type"].rpartition("/")[2], target)
    return _Relations(by_id, types)


def _date_styles(styles: Elements) -> frozenset[int]:
    """Indexes of the cell formats (`cellXfs`) that show numbers as dates."""
    own = {
        int(attributes["numFmtId"]): attributes["formatCode"]
        for name, attributes in styles
        if name == "numFmt"
    }
    formats = [int(a.get("numFmtId", 0)) for name, a in styles if name == "cellXfs/xf"]
    return frozenset(
        index
        for index, number in enumerate(formats)
        if is_date_format(own.get(number) or BUILTIN_FORMATS.get(number))
    )


class SharedStrings:
    """The table of shared strings in a temporary file; in memory eight bytes for each."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._ends = array("Q", [0])
        self._text = Texts()
        self._cached = lru_cache(CACHED_STRINGS)(self._read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def load(self, part: IO[bytes]) -> None:
        for _ in pieces(part, start_parser(self._start, self._end, self._text)):
            pass

    def __getitem__(self, index: int) -> Cell:
        return self._cached(index)

    def _read(self, index: int) -> Cell:
        if not 0 <= index < len(self._ends) - 1:
            raise LookupError(index)
        begin, end = self._ends[index], self._ends[index + 1]
        self._file.seek(begin)
        return text_cell(self._file.read(end - begin).decode())

    def _start(self, name: str, _: Attributes) -> None:
        if name == "si":
            self._text.clear()
        elif name == "t":
            self._text.open = True
        elif name == "rPh":
            self._text.muted = True

    def _end(self, name: str) -> None:
        if name == "t":
            self._text.open = False
        elif name == "rPh":
            self._text.muted = False
        elif name == "si":
            self._ends.append(self._ends[-1] + self._file.write(self._text.value().encode()))
