"""What a table of cells is, whichever file it came from."""

from dataclasses import dataclass
from datetime import date

MAX_COLUMNS = 500
"""A questionnaire exported with a column per choice has hundreds."""
MAX_ROWS = 200_000
"""Rows with content. A larger file is split; one job stays short enough to be watched."""
MAX_CELL = 4_000
"""Characters; the longest text the registry stores."""


class Flawed(str):
    """A cell whose content cannot be a value; the string is what to show of it."""

    __slots__ = ()


class Formula(Flawed):
    """A cell that computes: its value is whatever the program that saved it thought."""

    __slots__ = ()


class TooLong(Flawed):
    """The beginning of a cell longer than `MAX_CELL`."""

    __slots__ = ()


class ErrorValue(Flawed):
    """A cell that shows a spreadsheet error such as `#REF!`, or a date that is none."""

    __slots__ = ()


class Number(str):
    """The digits of a numeric cell, which may have lost leading zeros."""

    __slots__ = ()


Cell = str | date | None
"""None is a blank cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts as a person does in a spreadsheet, the first row is 1."""

    number: int
    cells: tuple[Cell, ...]


def text_cell(text: str) -> Cell:
    """The cell a text stands for: blank, or without surrounding space."""
    stripped = text.strip()
    if len(stripped) > MAX_CELL:
        return TooLong(stripped[:MAX_CELL])
    return stripped or None
