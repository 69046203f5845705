"""Bank statements as a table, CSV or XLSX, with a header in Polish or English:

Numer operacji; Data księgowania; Data waluty; Kwota; Waluta; Rachunek kontrahenta; Tytuł

The amount has a sign: what came in is above zero. Account and title may be blank.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from services.kasa.formats.errors import row_error
from services.kasa.formats.lines import ReadLine, read_line
from shared.runtime.tables.cells import Row
from shared.runtime.tables.columns import Column, Table
from shared.runtime.tables.errors import Text
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.layout import Layout, read_cells, understand
from shared.runtime.tables.values import code, day

_DAY: Final = Text("data rrrr-mm-dd albo dd.mm.rrrr", "date yyyy-mm-dd or dd.mm.yyyy")
TABLE: Final = Table(
    (
        Column(
            ("bank_reference",),
            "Numer operacji",
            "Bank reference",
            code,
            Text("numer nadany przez bank", "the bank's number"),
            "2026/03/02/0001",
            mandatory=True,
        ),
        Column(
            ("booked_on",),
            "Data księgowania",
            "Booked on",
            day,
            _DAY,
            "2026-03-02",
            ("Data operacji",),
            mandatory=True,
        ),
        Column(("value_on",), "Data waluty", "Value on", day, _DAY, "2026-03-02", mandatory=True),
        Column(
            ("amount",),
            "Kwota",
            "Amount",
            code,
            Text("kwota ze znakiem", "an amount with its sign"),
            "1 032,80",
            mandatory=True,
        ),
        Column(
            ("currency",),
            "Waluta",
            "Currency",
            code,
            Text("PLN albo EUR", "PLN or EUR"),
            "PLN",
            mandatory=True,
        ),
        Column(
            ("payer_account",),
            "Rachunek kontrahenta",
            "Payer account",
            code,
            Text("IBAN albo NRB", "IBAN or NRB"),
            "PL61 1090 1014 0000 0712 1981 2874",
            ("Numer rachunku",),
        ),
        Column(
            ("title",),
            "Tytuł",
            "Title",
            code,
            Text("tytuł przelewu", "title of the transfer"),
            "POZ/2026/0007 rata 3",
        ),
    )
)
_REQUIRED: Final = tuple(column.path for column in TABLE.columns if column.mandatory)


def csv_lines(stream: BinaryIO, filename: str) -> Iterator[ReadLine]:
    """Raises `ImportRefused` when the file or its header is refused, also later, where it breaks."""
    rows = read_rows(stream, filename)
    layout = understand(next(rows), TABLE)
    columns = {column.path[0]: layout.name_of(column.path) for column in TABLE.columns}
    for row in rows:
        yield _line(row, layout, columns)


def _line(row: Row, layout: Layout, columns: dict[str, str]) -> ReadLine:
    values, errors = read_cells(row, layout)
    told = {error.column for error in errors}
    errors += [
        row_error("required", row.number, columns[path[0]])
        for path in _REQUIRED
        if path not in values and columns[path[0]] not in told
    ]
    if errors:
        return ReadLine(row.number, None, tuple(errors))
    facts = {"payer_account": None, "title": ""} | {path[0]: each for path, each in values.items()}
    return read_line(row.number, facts, columns)
