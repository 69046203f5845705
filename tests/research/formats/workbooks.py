"""Workbooks as people send them."""

from io import BytesIO

from openpyxl import Workbook

Rows = list[list[object]]
SURVEY: Rows = [
    ["type", "name", "label::Polski (pl)", "label::English (en)", "relevance", "required"],
    ["start", "start", None, None, None, None],
    ["select_one yesno", "works", "Czy pracujesz?", "Do you work?", None, "yes"],
    ["begin group", "job", "Praca", "Work", "${works} = 'yes'", None],
    ["integer", "hours", "Ile godzin?", "How many hours?", None, "true()"],
    ["end group", None, None, None, None, None],
]
CHOICES: Rows = [
    ["list_name", "name", "label::Polski (pl)", "label::English (en)"],
    ["yesno", "yes", "Tak", "Yes"],
    ["yesno", "no", "Nie", "No"],
]
SETTINGS: Rows = [["form_title", "form_id"], ["Ankieta o pracy", "work"]]


def workbook(
    survey: Rows | None = SURVEY, choices: Rows | None = CHOICES, settings: Rows | None = SETTINGS
) -> BytesIO:
    """An XLSX with the sheets that are given."""
    book = Workbook()
    sheets = {"survey": survey, "choices": choices, "settings": settings}
    for title, rows in sheets.items():
        if rows is not None:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
    book.remove(book.worksheets[0])
    if not book.worksheets:
        book.create_sheet("Notatki").append(["tylko notatki"])
    target = BytesIO()
    book.save(target)
    return target


def changed(rows: Rows, row: int, column: str, value: object) -> Rows:
    """The sheet with another value in one cell; the row as a person counts it."""
    header = rows[0]
    at = header.index(column)
    return [
        [*each[:at], value, *each[at + 1 :]] if number == row else each
        for number, each in enumerate(rows, start=1)
    ]


def with_column(rows: Rows, header: str, *values: object) -> Rows:
    """The sheet with a further column; `values` from the second row on."""
    given = [header, *values, *[None] * len(rows)]
    return [[*row, value] for row, value in zip(rows, given, strict=False)]
