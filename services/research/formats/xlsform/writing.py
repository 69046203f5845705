"""A definition as an XLSForm that every tool of the field opens; read again, it is the same."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.research.formats.xlsform.workbook import CHOICES, SETTINGS, SURVEY
from shared.contracts.research.vocabulary.forms import FormDefinition, Item, ItemKind, Labels

PL: Final = "Polski (pl)"
EN: Final = "English (en)"
BOLD: Final = Font(bold=True)
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks hold local time
"""Fixed, so that a version is the same bytes whenever it is fetched."""
_TEXTS: Final = ("label", "hint", "constraint_message", "required_message")
_COLUMNS: Final = (
    "type",
    "name",
    *(f"{text}::{language}" for text in _TEXTS for language in (PL, EN)),
    "required",
    "relevant",
    "constraint",
    "calculation",
    "sensitive",
    "personal",
)


def write_xlsform(definition: FormDefinition, form_id: str, version: str) -> bytes:
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _MADE
    _fill(book.create_sheet(SURVEY), _COLUMNS, _rows(definition.items))
    choices = (
        (name, choice.name, choice.label.pl, choice.label.en)
        for name, choices in sorted(definition.choice_lists.items())
        for choice in choices
    )
    _fill(
        book.create_sheet(CHOICES), ("list_name", "name", f"label::{PL}", f"label::{EN}"), choices
    )
    settings = (definition.title.pl, form_id, version, PL)
    _fill(
        book.create_sheet(SETTINGS),
        ("form_title", "form_id", "version", "default_language"),
        iter([settings]),
    )
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _rows(items: Sequence[Item]) -> Iterator[Sequence[str | None]]:
    for item in items:
        if item.kind is ItemKind.GROUP:
            yield _row(item, "begin_group")
            yield from _rows(item.items)
            yield ("end_group", item.name)
        else:
            yield _row(item, f"{item.kind} {item.choices}" if item.choices else item.kind)


def _row(item: Item, type: str) -> Sequence[str | None]:
    texts: list[Labels | None] = [getattr(item, name) for name in _TEXTS]
    return (
        str(type),
        item.name,
        *(each for text in texts for each in ((text.pl, text.en) if text else (None, None))),
        _yes_no(item.required) if isinstance(item.required, bool) else item.required,
        item.relevant,
        item.constraint,
        item.calculation,
        _yes_no(item.sensitive),
        None if item.personal is None else "yes" if item.personal else "no",
    )


def _yes_no(truth: bool) -> str | None:
    return "yes" if truth else None


def _fill(
    sheet: WriteOnlyWorksheet, header: Sequence[str], rows: Iterator[Sequence[str | None]]
) -> None:
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, font=BOLD) for name in header])
    for row in rows:
        sheet.append([None if text is None else _cell(sheet, text) for text in row])


def _cell(sheet: WriteOnlyWorksheet, text: str, font: Font | None = None) -> Any:
    """Text, also where it looks like a formula or a number."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
