"""The sheets of a workbook that make a form, as texts; nothing in them is interpreted here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from services.research.domain.form.faults import Fault
from services.research.formats.faults import (
    FormFileRefused,
    Spot,
    cell_fault,
    of_table,
    told,
)
from shared.contracts.research.views.instruments import FormFault
from shared.runtime.tables.cells import MAX_CELL, Cell, ErrorValue, Formula, Row, TooLong
from shared.runtime.tables.errors import ImportRefused, refused
from shared.runtime.tables.files import OLE_MAGIC, ZIP_MAGIC
from shared.runtime.tables.xlsx_rows import xlsx_sheets

SURVEY: Final = "survey"
CHOICES: Final = "choices"
SETTINGS: Final = "settings"
UNSUPPORTED: Final = frozenset({"external_choices", "entities", "osm"})
"""Sheets of XLSForm that bring what a questionnaire here does not have."""
ROWS_LIMIT: Final = 20_000


@dataclass
class FormSheet:
    """A sheet; `rows` by number, each a text by the header it stands under."""

    name: str
    header: tuple[str | None, ...] = ()
    header_row: int = 1
    rows: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.header if name is not None)


def read_workbook(stream: BinaryIO) -> dict[str, FormSheet]:
    """The sheets by their names in small letters. Raises `FormFileRefused`."""
    try:
        return _sheets(stream)
    except ImportRefused as error:
        raise of_table(error) from None


def _sheets(stream: BinaryIO) -> dict[str, FormSheet]:
    stream.seek(0)
    magic = stream.read(4)
    stream.seek(0)
    if magic != ZIP_MAGIC:
        raise refused("old_excel" if magic == OLE_MAGIC else "file_type")
    sheets: dict[str, FormSheet] = {}
    faults: list[FormFault] = []
    wanted = {SURVEY, CHOICES, SETTINGS, *UNSUPPORTED}
    for title, row in xlsx_sheets(stream, lambda name: _plain(name) in wanted):
        sheet = sheets.get(_plain(title))
        if sheet is None:
            sheet = sheets[_plain(title)] = FormSheet(title)
            faults += _begin(sheet, row)
        else:
            faults += _add(sheet, row)
        if len(sheet.rows) > ROWS_LIMIT:
            raise refused("too_many_rows", row.number, limit=ROWS_LIMIT)
    if SURVEY not in sheets:
        faults.append(told(Fault((), "research.xlsform_sheet_missing", {"expected": SURVEY})))
    faults += [
        told(Fault((), "research.xlsform_sheet_unsupported"), Spot(sheet.name))
        for name, sheet in sheets.items()
        if name in UNSUPPORTED and sheet.rows
    ]
    if faults:
        raise FormFileRefused(*faults)
    return sheets


def _plain(name: str) -> str:
    return name.strip().lower()


def _begin(sheet: FormSheet, row: Row) -> Iterator[FormFault]:
    """The first row with content is the header."""
    sheet.header_row = row.number
    header = tuple(None if cell is None else str(cell) for cell in row.cells)
    for name in dict.fromkeys(name for name in header if name):
        if header.count(name) > 1:
            spot = Spot(sheet.name, row.number, name)
            yield told(Fault((), "research.xlsform_column_repeated"), spot)
    sheet.header = header


def _add(sheet: FormSheet, row: Row) -> Iterator[FormFault]:
    """Cells without a header are somebody's notes."""
    texts: dict[str, str] = {}
    for name, cell in zip(sheet.header, row.cells, strict=False):
        if name is not None and cell is not None:
            yield from _flaws(cell, Spot(sheet.name, row.number, name))
            texts[name] = str(cell)
    if texts:
        sheet.rows[row.number] = texts


def _flaws(cell: Cell, spot: Spot) -> Sequence[FormFault]:
    if isinstance(cell, Formula):
        return [cell_fault("formula", spot, cell)]
    if isinstance(cell, TooLong):
        return [cell_fault("too_long", spot, cell, limit=MAX_CELL)]
    if isinstance(cell, ErrorValue):
        return [cell_fault("error_value", spot, cell)]
    return []
