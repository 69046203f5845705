"""The sender's file sent back as a workbook: wrong cells coloured, every message beside its row."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.registry.formats.participants import ImportedRow
from shared.contracts.rows import RowError
from shared.runtime.tables.cells import Cell
from shared.runtime.tables.layout import MESSAGES, Layout

WRONG = PatternFill("solid", fgColor="FFF4B0B0")
BOLD = Font(bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")
MIN_BREADTH, MAX_BREADTH, MESSAGES_BREADTH = 14, 40, 70
LIST_BREADTHS = (12, 24, 34, 24, 70, 70)
"""Breadths of columns in characters."""
INTERPRETED = ("=", "#")
"""Beginnings of texts that the library would store as a formula or an error."""
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LIST_HEADER = ("Wiersz / Row", "Kolumna / Column", "Kod / Code", "Wartość / Value", "Opis", "Text")


def annotated_xlsx(layout: Layout, rows: Iterable[ImportedRow], target: BinaryIO) -> int:
    """Write the annotated workbook; returns the number of errors.

    Streams: `rows` is read once. Rows keep their numbers. The second sheet lists the errors in both
    languages. Once the coloured cells are corrected, the workbook can be imported as it is.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Uczestnicy")
    listed = book.create_sheet("Błędy - errors")
    _lay_out(listed, LIST_BREADTHS, 1)
    listed.append([_cell(listed, name, font=BOLD) for name in LIST_HEADER])
    width = len(layout.columns)
    place = layout.messages_at
    breadths = [_breadth(cell) for cell in _padded(layout.header.cells, width)]
    breadths[place : place + 1] = [MESSAGES_BREADTH]
    _lay_out(sheet, breadths, layout.header.number)
    written = _append(sheet, 0, layout.header.number, _header(sheet, layout, width))
    count = 0
    for row in rows:
        wrong = {error.column for error in row.errors}
        cells = [
            _cell(sheet, cell, WRONG if layout.name_at(index) in wrong else None)
            for index, cell in enumerate(_padded(row.cells, width))
        ]
        messages = _messages(row.errors)
        cells[place : place + (place < width)] = [_cell(sheet, messages, wrap=bool(messages))]
        written = _append(sheet, written, row.number, cells)
        for error in row.errors:
            listed.append([_cell(listed, value) for value in _listed(error)])
            count += 1
    book.save(target)
    return count


def _lay_out(sheet: WriteOnlyWorksheet, breadths: Iterable[float], header: int) -> None:
    """Columns as broad as their names, and a header that stays in sight; before the first row."""
    for index, breadth in enumerate(breadths, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = breadth  # type: ignore[attr-defined]  # stubs lack it
    sheet.freeze_panes = f"A{header + 1}"


def _breadth(name: Cell) -> float:
    return min(max(MIN_BREADTH, len(str(name or "")) + 3), MAX_BREADTH)


def _header(sheet: WriteOnlyWorksheet, layout: Layout, width: int) -> list[SheetCell | str]:
    cells = [_cell(sheet, cell, font=BOLD) for cell in _padded(layout.header.cells, width)]
    if layout.messages_at == width:
        cells.append(_cell(sheet, MESSAGES, font=BOLD))
    return cells


def _append(
    sheet: WriteOnlyWorksheet, written: int, number: int, cells: list[SheetCell | str]
) -> int:
    """Append a row under its own number, after the blank rows before it."""
    for _ in range(written + 1, number):
        sheet.append([])
    sheet.append(cells)
    return max(written + 1, number)


def _cell(
    sheet: WriteOnlyWorksheet,
    value: Cell | int,
    fill: PatternFill | None = None,
    font: Font | None = None,
    *,
    wrap: bool = False,
) -> SheetCell | str:
    """A cell that is what it shows: text stays text, whatever it begins with."""
    plain = not (fill or font or wrap)
    if isinstance(value, str) and not value.startswith(INTERPRETED) and plain:
        return ILLEGAL_CHARACTERS_RE.sub(REPLACEMENT, value)  # the library makes the same of it
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(REPLACEMENT, value))
        cell.data_type = "s"
    elif isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime.combine(value, time()))
        cell.number_format = "yyyy-mm-dd"
    else:
        cell = WriteOnlyCell(sheet, value)
    if fill:
        cell.fill = fill
    if font:
        cell.font = font
    if wrap:
        cell.alignment = WRAPPED
    return cell


def _padded(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return cells + (None,) * (width - len(cells))


def _messages(errors: Iterable[RowError]) -> str | None:
    """All messages of a row, each after the name of its column."""
    return (
        " ".join(f"{e.column}: {e.message_pl}" if e.column else e.message_pl for e in errors)
        or None
    )


def _listed(error: RowError) -> tuple[str | int | None, ...]:
    return error.row, error.column, error.code, error.value, error.message_pl, error.message_en
