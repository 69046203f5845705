"""Rows of an XLSX workbook (ECMA-376), read as a stream of unknown and perhaps hostile origin.

A spreadsheet library holds the table of shared strings, and a row however long, in memory. Here both
stay bounded: expat hands over pieces, texts are cut at the limit, shared strings lie in a temporary
file. Document type declarations, by which XML bombs work, are refused.
"""

import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, BinaryIO
from xml.parsers.expat import ExpatError

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel

from shared.runtime.tables.cells import (
    MAX_COLUMNS,
    Cell,
    ErrorValue,
    Formula,
    Number,
    Row,
    text_cell,
)
from shared.runtime.tables.errors import ImportRefused, refused
from shared.runtime.tables.xlsx_parts import (
    SharedStrings,
    Sheet,
    Workbook,
    check_directory,
    open_workbook,
)
from shared.runtime.tables.xml_stream import Attributes, Texts, pieces, start_parser

SPREADSHEET_ROWS = 1_048_576
"""The last row a spreadsheet can have; a number beyond it is an attack."""
EXACT = 1e15
"""Spreadsheets keep fifteen digits of a number."""


def xlsx_rows(stream: BinaryIO) -> Generator[Row, None, None]:
    """The rows of the first visible sheet, blank ones left out."""
    with _opened(stream) as book:
        first = next(sheet for sheet in book.workbook.sheets if sheet.visible)
        yield from book.rows(first)


def xlsx_sheets(
    stream: BinaryIO, wanted: Callable[[str], bool]
) -> Generator[tuple[str, Row], None, None]:
    """The rows of every sheet whose name is wanted, hidden or not, each with the sheet's name."""
    with _opened(stream) as book:
        for sheet in book.workbook.sheets:
            if wanted(sheet.name):
                for row in book.rows(sheet):
                    yield sheet.name, row


@dataclass(frozen=True)
class _Book:
    """A workbook whose shared strings are at hand."""

    archive: zipfile.ZipFile
    workbook: Workbook
    strings: SharedStrings

    def rows(self, sheet: Sheet) -> Generator[Row, None, None]:
        with self.archive.open(sheet.part) as part:
            yield from _sheet_rows(part, self.workbook, self.strings)


@contextmanager
def _opened(stream: BinaryIO) -> Generator[_Book, None, None]:
    """Raises `ImportRefused` for what is no workbook, also while its rows are read."""
    try:
        check_directory(stream)
        with zipfile.ZipFile(stream) as archive, SharedStrings() as strings:
            workbook = open_workbook(archive)
            if workbook.strings_part is not None:
                with archive.open(workbook.strings_part) as part:
                    strings.load(part)
            yield _Book(archive, workbook, strings)
    except (ImportRefused, GeneratorExit):
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ExpatError,
        ArithmeticError,
        EOFError,
        LookupError,
        NotImplementedError,  # a compression method unknown here
        OSError,
        RuntimeError,  # an encrypted entry
        ValueError,
        zlib.error,
    ) as error:
        raise refused("unreadable") from error


def _sheet_rows(
    part: IO[bytes], workbook: Workbook, strings: SharedStrings
) -> Generator[Row, None, None]:
    sheet = _Sheet(workbook, strings)
    for _ in pieces(part, sheet.parser):
        yield from sheet.take()
        if sheet.finished:
            return


class _Sheet:
    """Handlers of one worksheet part: completed rows collect until they are taken."""

    def __init__(self, workbook: Workbook, strings: SharedStrings) -> None:
        self._workbook = workbook
        self._strings = strings
        self._rows: list[Row] = []
        self._cells: list[Cell] = []
        self._number = 0
        self._column = 0
        self._type = ""
        self._style = 0
        self._formula: str | None = None
        self._text = Texts()
        self.finished = False
        self.parser = start_parser(self._start, self._end, self._text)

    def take(self) -> Iterator[Row]:
        rows, self._rows = self._rows, []
        return iter(rows)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._cells = []
            self._column = 0
            if not 0 < self._number <= SPREADSHEET_ROWS:
                raise refused("unreadable")
        elif name == "c":
            place = attributes.get("r")
            self._column = coordinate_to_tuple(place)[1] if place else self._column + 1
            if self._column > MAX_COLUMNS:
                raise refused("too_many_columns", self._number, limit=MAX_COLUMNS)
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._formula = None
            self._text.clear()
        elif name in {"v", "t", "f"}:
            self._text.open = True
        elif name == "rPh":  # how to pronounce the text beside it
            self._text.muted = True

    def _end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._text.open = False
        elif name == "f":
            self._text.open = False
            self._formula = self._text.value()
            self._text.clear()
        elif name == "rPh":
            self._text.muted = False
        elif name == "c":
            self._place(self._cell())
        elif name == "row":
            if any(cell is not None for cell in self._cells):
                self._rows.append(Row(self._number, tuple(self._cells)))
        elif name == "sheetData":
            self.finished = True

    def _place(self, cell: Cell) -> None:
        missing = self._column - len(self._cells)
        if missing <= 0:
            raise refused("unreadable", self._number)
        self._cells.extend([None] * (missing - 1))
        self._cells.append(cell)

    def _cell(self) -> Cell:
        text = self._text.value()
        if self._formula is not None:
            return Formula("=" + self._formula)
        if not text:
            return None
        if self._type == "s":
            return self._strings[int(text)]
        if self._type == "n":
            return _number_cell(text, self._workbook.epoch if self._is_date() else None)
        return _READ.get(self._type, text_cell)(text)

    def _is_date(self) -> bool:
        return self._style in self._workbook.date_styles


_READ: Mapping[str, Callable[[str], Cell]] = {
    "b": lambda text: "TRUE" if text == "1" else "FALSE",
    "d": lambda text: datetime.fromisoformat(text).date(),
    "e": ErrorValue,
}


def _number_cell(text: str, epoch: datetime | None) -> Cell:
    """A number, or a date where the style says so and `epoch` tells since when days count."""
    number = float(text)
    if epoch is None:
        exact = number.is_integer() and abs(number) < EXACT
        return Number(int(number) if exact else text)
    try:
        moment = from_excel(number, epoch)
    except (ValueError, OverflowError):
        return ErrorValue(text)
    return moment.date() if isinstance(moment, datetime) else ErrorValue(text)
