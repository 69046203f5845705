"""From a cell to a value: one reader per kind of column. What the value must be, contracts decide.

A reader raises `CellRefused`; whatever it returns is validated once more by the command's own model.
"""

import re
from collections.abc import Callable
from datetime import date

from shared.runtime.tables.cells import (
    MAX_CELL,
    Cell,
    ErrorValue,
    Formula,
    Number,
    TooLong,
)
from shared.runtime.tables.errors import CellRefused
from shared.runtime.tables.words import Words, fold

Value = str | date | tuple[str, ...]
Read = Callable[[Cell], Value]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that spreadsheets take for a formula (OWASP, CSV injection)."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_POLISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?r\.?)?")


def written(cell: Cell) -> str:
    """The text of a cell that may hold a value at all."""
    if isinstance(cell, Formula):
        raise CellRefused("formula")
    if isinstance(cell, TooLong):
        raise CellRefused("too_long", limit=MAX_CELL)
    if isinstance(cell, ErrorValue):
        raise CellRefused("error_value")
    if not isinstance(cell, str):
        raise CellRefused("date_not_expected")
    return cell


def text(cell: Cell) -> str:
    """Free text, with single spaces."""
    content = written(cell)
    if content.startswith(FORMULA_STARTS):
        raise CellRefused("formula_like")
    return " ".join(content.split())


def code(cell: Cell) -> str:
    """A code or number whose pattern the contract checks: phone, file number, postal code."""
    return " ".join(written(cell).split())


def lower(cell: Cell) -> str:
    return code(cell).lower()


def digits(width: int) -> Read:
    """A number of fixed width, kept as text. Zeros that a numeric cell has lost are put back."""

    def read(cell: Cell) -> str:
        content = re.sub(r"[\s-]", "", written(cell))
        return content.zfill(width) if isinstance(cell, Number) else content

    return read


def day(cell: Cell) -> date:
    """A date cell, `rrrr-mm-dd` or `dd.mm.rrrr`; nothing else, so that no order is guessed."""
    if cell is not None and not isinstance(cell, str):
        return cell
    content = written(cell)
    if iso := _ISO.fullmatch(content):
        year, month, on = iso.groups()
    elif polish := _POLISH.fullmatch(content):
        on, month, year = polish.groups()
    else:
        raise CellRefused("date_format")
    try:
        return date(int(year), int(month), int(on))
    except ValueError:
        raise CellRefused("date_format") from None


def one_of(words: Words) -> Read:
    """One word of a closed vocabulary."""

    def read(cell: Cell) -> str:
        found = words.codes.get(fold(written(cell)))
        if found is None:
            raise CellRefused("not_allowed", allowed=words.allowed)
        return found

    return read
