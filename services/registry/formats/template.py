"""An empty workbook to fill in: headers, lists to choose from, and an explanation of each column."""

from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.registry.formats.columns import COLUMNS
from services.registry.formats.values import grounds
from shared.runtime.tables.columns import Column
from shared.runtime.tables.values import day

FILLED_ROWS = 1_000
"""Rows that offer lists; more rows can be filled in without them."""
WORDS_SHEET = "Słownik"
EXPLAINED = ("Kolumna", "Column", "Wymagana", "Oczekiwane", "Expected", "Przykład")
BOLD = Font(bold=True)


def template_xlsx(target: BinaryIO) -> None:
    """Write the workbook. Cells are text but for dates, so that no leading zero gets lost."""
    book = Workbook()
    sheet: Worksheet = book.create_sheet("Uczestnicy", 0)
    explained: Worksheet = book.create_sheet("Objaśnienia")
    words: Worksheet = book.create_sheet(WORDS_SHEET)
    for name in set(book.sheetnames) - {"Uczestnicy", "Objaśnienia", WORDS_SHEET}:
        del book[name]
    words.sheet_state = "hidden"
    explained.append(EXPLAINED)
    for index, column in enumerate(COLUMNS, start=1):
        _fill(sheet, words, index, column)
        explained.append(_explanation(column))
    sheet.freeze_panes = "A2"
    for cell in explained[1]:
        cell.font = BOLD
    book.save(target)


def _fill(sheet: Worksheet, words: Worksheet, index: int, column: Column) -> None:
    letter = get_column_letter(index)
    header = sheet.cell(1, index, column.pl)
    header.font = BOLD
    sheet.column_dimensions[letter].width = max(14, len(column.pl) + 2)
    sheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if column.read is day else "@"
    if column.words and column.read is not grounds:  # several grounds may stand in one cell
        names = [name.pl for name in column.words.names.values()]
        for row, name in enumerate(names, start=1):
            words.cell(row, index, name)
        listed = DataValidation(
            type="list", formula1=f"{WORDS_SHEET}!${letter}$1:${letter}${len(names)}"
        )
        listed.add(f"{letter}2:{letter}{FILLED_ROWS}")
        sheet.add_data_validation(listed)


def _explanation(column: Column) -> tuple[str, ...]:
    return (
        column.pl,
        column.en,
        "tak" if column.mandatory else "",
        column.expected.pl,
        column.expected.en,
        column.example,
    )
