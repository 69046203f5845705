"""Published tables as CSV (RFC 4180, UTF-8): one row for each cell, codes beside their labels."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from itertools import chain

from shared.contracts.research.vocabulary.publication import PublishedTable, TableAxis, TableCell
from shared.runtime.tables.values import FORMULA_STARTS

FIGURES = ("n", "value", "low", "high", "status")


def table_csv(table: PublishedTable) -> bytes:
    """Columns: for each axis its code and its labels; then `n`, `value`, `low`, `high` and `status` (of
    SDMX: `F` free, `C` confidential, `M` missing). The same table gives the same bytes.
    """
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([*columns_of(table), *FIGURES])
    labels = [{each.code: each.label for each in axis.categories} for axis in table.axes]
    for cell in table.cells:
        named = (
            (code, label.pl, label.en)
            for code, by_code in zip(cell.at, labels, strict=True)
            for label in [by_code[code]]
        )
        writer.writerow([*map(_harmless, chain.from_iterable(named)), *_figures(cell)])
    return target.getvalue().encode()


def columns_of(table: PublishedTable) -> list[str]:
    """The names of the columns that place a cell."""
    return [name for axis in table.axes for name in _names(axis)]


def _names(axis: TableAxis) -> tuple[str, str, str]:
    return axis.name, f"{axis.name}_pl", f"{axis.name}_en"


def _figures(cell: TableCell) -> Iterator[str]:
    for figure in (cell.n, cell.value, cell.low, cell.high):
        yield "" if figure is None else f"{Decimal(figure):f}"
    yield cell.status


def _harmless(text: str) -> str:
    """No spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
