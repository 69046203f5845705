"""Documents as a workbook (XLSX): a sheet for each table and one for the manifest.

Sums and shares are formulas with their values beside them, so that they are read without recalculation
and go on being right when somebody changes a number. The same document gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.reporting.formats.tables import Column, Document, Kind, Row, Table, Value, total

NAVY: Final = "#1B2A49"
MIST: Final = "#F5F6F8"
HAIR: Final = "#CDD1D7"
GREY: Final = "#6B727D"
HEAD: Final = 3
"""The row of the head, from 0; above it stand title, subtitle and an empty row."""
SHEET_NAME: Final = 31
"""Letters that the name of a sheet may have."""
FORBIDDEN: Final = str.maketrans("[]:*?/\\", "()·····")
WIDTHS: Final = {Kind.TEXT: 18.0, Kind.NUMBER: 14.0, Kind.PERCENT: 12.0, Kind.DAY: 12.0}
"""In letters."""
NUMBERS: Final = {Kind.NUMBER: "#,##0.##;-#,##0.##;0", Kind.PERCENT: "0%", Kind.DAY: "dd.mm.yyyy"}


def as_xlsx(document: Document) -> bytes:
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties(
        {
            "title": document.title,
            "author": document.language.of(document.project.partnership),
            "created": datetime.combine(document.on, time(), UTC),
        }
    )
    look = _Look(book)
    names: set[str] = set()
    for table in document.tables:
        sheet = book.add_worksheet(_sheet_name(table.name or table.title, names))
        _table(sheet, look, document, table)
    _manifest(
        book.add_worksheet(_sheet_name(document.language.word("manifest"), names)), look, document
    )
    book.close()
    return target.getvalue()


class _Look:
    """Formats of cells by what is in them."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
        line = base | {"bottom": 1, "bottom_color": HAIR}
        self.title = book.add_format(base | {"bold": True, "font_size": 14, "font_color": NAVY})
        self.under = book.add_format(base | {"font_color": GREY})
        self.note = book.add_format(base | {"font_color": GREY, "italic": True, "text_wrap": True})
        self.head = {
            kind: book.add_format(
                base
                | {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "text_wrap": True}
                | {"align": "left" if kind is Kind.TEXT else "right", "valign": "vcenter"}
            )
            for kind in Kind
        }
        self.cell = {kind: book.add_format(line | _shown(kind)) for kind in Kind}
        strong = base | {"bold": True, "top": 2, "top_color": NAVY, "bg_color": MIST}
        self.sum = {kind: book.add_format(strong | _shown(kind)) for kind in Kind}


def _shown(kind: Kind) -> dict[str, Any]:
    if kind is Kind.TEXT:
        return {"text_wrap": True}
    return {"num_format": NUMBERS[kind], "align": "right"}


def _table(sheet: Worksheet, look: _Look, document: Document, table: Table) -> None:
    sheet.write_string(0, 0, table.title, look.title)
    sheet.write_string(1, 0, f"{document.title} · {document.subtitle}", look.under)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _breadth(table, column))
        sheet.write_string(HEAD, place, column.title, look.head[column.kind])
    first = HEAD + 1
    for offset, row in enumerate(table.rows):
        _row(sheet, table.columns, first + offset, row, look.cell)
    last = first + len(table.rows) - 1
    if table.total is not None and table.rows:
        _sums(sheet, look, table, (first, last))
    if table.note:
        bottom = last + 3
        sheet.merge_range(
            bottom, 0, bottom + 1, max(1, len(table.columns) - 1), table.note, look.note
        )
    frozen = next((n for n, each in enumerate(table.columns) if each.kind is not Kind.TEXT), 1)
    sheet.freeze_panes(first, min(frozen, 2))
    if table.rows:
        sheet.autofilter(HEAD, 0, last, len(table.columns) - 1)
    _on_paper(sheet, document)


def _row(
    sheet: Worksheet, columns: Sequence[Column], at: int, row: Row, look: Mapping[Kind, Format]
) -> None:
    places = {each.key: xl_rowcol_to_cell(at, place) for place, each in enumerate(columns)}
    for place, column in enumerate(columns):
        value = column.value(row)
        formula = _formula(column, row, places)
        if formula is not None:
            sheet.write_formula(at, place, formula, look[column.kind], _plain(value))
        else:
            _write(sheet, at, place, value, look[column.kind])


def _formula(column: Column, row: Row, places: Mapping[str, str]) -> str | None:
    if column.sums:
        return f"=SUM({places[column.sums[0]]}:{places[column.sums[-1]]})"
    if column.ratio and all(row.get(key) is not None for key in column.ratio):
        part, whole = (places[key] for key in column.ratio)
        return f'=IF({whole}=0,"",ROUNDDOWN({part}/{whole},2))'
    return None


def _write(sheet: Worksheet, at: int, place: int, value: Value, look: Format) -> None:
    if value is None:
        sheet.write_blank(at, place, None, look)
    elif isinstance(value, str):
        sheet.write_string(at, place, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(at, place, datetime.combine(value, time()), look)
    else:
        sheet.write_number(at, place, float(value), look)


def _sums(sheet: Worksheet, look: _Look, table: Table, rows: tuple[int, int]) -> None:
    at = rows[1] + 1
    for place, column in enumerate(table.columns):
        if column.kind is Kind.NUMBER:
            formula = f"=SUM({xl_range(rows[0], place, rows[1], place)})"
            value = total(column.value(row) for row in table.rows)
            sheet.write_formula(at, place, formula, look.sum[column.kind], _plain(value))
        else:
            sheet.write_string(
                at, place, table.total or "" if place == 0 else "", look.sum[Kind.TEXT]
            )


def _plain(value: Value) -> float | str:
    return float(value) if isinstance(value, int | Decimal) else ""


def _manifest(sheet: Worksheet, look: _Look, document: Document) -> None:
    sheet.write_string(0, 0, document.language.word("manifest"), look.title)
    sheet.write_string(1, 0, document.title, look.under)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 80)
    for at, (label, value) in enumerate((*document.facts, *document.told), start=HEAD):
        sheet.write_string(at, 0, label, look.cell[Kind.TEXT])
        sheet.write_string(at, 1, value, look.cell[Kind.TEXT])
    _on_paper(sheet, document)


def _on_paper(sheet: Worksheet, document: Document) -> None:
    """A4 across, as wide as one page, the head on each of them."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    sheet.hide_gridlines(2)
    sheet.set_footer(f"&L&8{document.title}&R&8&P / &N")


def _breadth(table: Table, column: Column) -> float:
    """As wide as the longest text, within reason."""
    if column.kind is not Kind.TEXT:
        return WIDTHS[column.kind]
    longest = max((len(str(column.value(row) or "")) for row in table.rows), default=0)
    return float(min(60, max(9, longest + 2, len(column.title) + 2)))


def _sheet_name(title: str, taken: set[str]) -> str:
    """Unique, whatever the case, and of letters that a sheet may have."""
    plain = title.translate(FORBIDDEN)[:SHEET_NAME].strip("' ")
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: SHEET_NAME - 4]} ({number})"
    taken.add(name.casefold())
    return name
