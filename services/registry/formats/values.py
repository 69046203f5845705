"""From a cell to a value: one reader per kind of column. What the value must be, contracts decide.

A reader raises `CellRefused`; whatever it returns is validated once more by the command's own model.
"""

import re
from collections.abc import Callable
from datetime import date

from services.registry.formats.cells import (
    MAX_CELL,
    Cell,
    ErrorValue,
    Formula,
    Number,
    TooLong,
)
from services.registry.formats.errors import CellRefused, Text
from services.registry.formats.words import COUNTRIES, GROUND, Words, fold
from shared.contracts.registry.vocabulary import Ground

Value = str | date | tuple[str, ...]
Read = Callable[[Cell], Value]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that spreadsheets take for a formula (OWASP, CSV injection)."""
NO_GROUND = frozenset({"brak", "zadne", "none"})
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


def grounds(cell: Cell) -> tuple[str, ...]:
    """Several grounds, separated by comma, semicolon or bar; `brak` says that none applies."""
    folded = [fold(part) for part in re.split(r"[;,|\n]", written(cell)) if part.strip()]
    if len(folded) == 1 and folded[0] in NO_GROUND:
        return ()
    if not all(word in GROUND.codes for word in folded):
        allowed = GROUND.allowed
        raise CellRefused("not_allowed", allowed=Text(f"{allowed.pl}; brak", f"{allowed.en}; none"))
    named = {GROUND.codes[word] for word in folded}
    return tuple(ground for ground in Ground if ground in named)


def country(cell: Cell) -> str:
    """A two-letter code of ISO 3166-1, or the name of a country people often come from."""
    content = written(cell)
    return COUNTRIES.get(fold(content), content.upper())
