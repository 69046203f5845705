"""Lists of units that somebody brings: pseudonyms of their own and what they are grouped by.

A list must not say who somebody is. What looks as if it did is refused, with the place and never the
content.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from services.research.domain.sampling import Unit
from shared.kernel.errors import Rejected
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.errors import ImportRefused
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.words import fold

PSEUDONYM: Final = ("pseudonym", "pseudonim")
MOST_ROWS: Final = 20_000
MOST_STRATA: Final = 3
MOST_VALUES: Final = 60
"""Different values of a column; with more it tells of single units and groups nothing."""
SHOWN_ERRORS: Final = 20
_PSEUDONYM: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""With a digit in it, so that no name is one."""
_HEADER: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VALUE: Final = re.compile(r"[^\x00-\x1f\x7f|]{1,80}")
_TELLING_HEADERS: Final = re.compile(
    r"imi|nazw|name|pesel|mail|telef|phone|kom[oó]rk|adres|address|ulica|street|urodz|birth|dow[oó]d"
)
_TELLING: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d{11}",  # PESEL
        r"(\+|00)?\d{0,3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}",  # telephone
        r"[^@\s]+@[^@\s]+",  # e-mail
    )
)


class ListRefused(Rejected):
    """`errors` give row and column, both counted from 1 as a person does, and what is wrong there."""

    def __init__(self, errors: Sequence[dict[str, object]]) -> None:
        super().__init__(
            "research.list_refused", {"errors": list(errors[:SHOWN_ERRORS])}, "/file_id"
        )


def read_list(stream: BinaryIO, filename: str) -> tuple[tuple[str, ...], list[Unit]]:
    """The columns it is grouped by, and the units. Raises `ListRefused`."""
    try:
        return _read(read_rows(stream, filename))
    except ImportRefused as refused:
        first = refused.errors[0]
        raise ListRefused([_error(first.row, 1, first.code)]) from None


def _read(rows: Iterator[Row]) -> tuple[tuple[str, ...], list[Unit]]:
    header = next(rows)
    names = [fold(str(cell)).replace(" ", "_") if cell else "" for cell in header.cells]
    if errors := list(_header_errors(names)):
        raise ListRefused(errors)
    at = next(index for index, name in enumerate(names) if name in PSEUDONYM)
    units, problems = _units(rows, names, at)
    if problems:
        raise ListRefused(problems)
    return tuple(name for index, name in enumerate(names) if index != at), units


def _header_errors(names: Sequence[str]) -> Iterator[dict[str, object]]:
    if sum(name in PSEUDONYM for name in names) != 1:
        yield _error(1, 1, "pseudonym_column")
    if len(names) > 1 + MOST_STRATA:
        yield _error(1, len(names), "too_many_columns")
    for index, name in enumerate(names, start=1):
        if name in PSEUDONYM:
            continue
        if _TELLING_HEADERS.search(name):
            yield _error(1, index, "tells_who")
        elif not _HEADER.fullmatch(name) or names.index(name) != index - 1:
            yield _error(1, index, "column_name")


def _units(
    rows: Iterator[Row], names: Sequence[str], at: int
) -> tuple[list[Unit], list[dict[str, object]]]:
    units: dict[str, Unit] = {}
    problems: list[dict[str, object]] = []
    values: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        cells = (*row.cells, *[None] * (len(names) - len(row.cells)))
        wrong = list(_row_errors(row.number, cells, len(names), at))
        if not wrong and str(cells[at]) in units:
            wrong = [_error(row.number, at + 1, "repeated")]
        problems += wrong
        if len(problems) > SHOWN_ERRORS:
            return [], problems
        if wrong:
            continue
        strata = tuple(str(cell) for index, cell in enumerate(cells) if index != at)
        units[str(cells[at])] = Unit(str(cells[at]), strata)
        for index, cell in enumerate(cells):
            values[index].add(str(cell))
        if len(units) > MOST_ROWS:
            return [], [_error(row.number, 1, "too_many_rows")]
    for index, found in values.items():
        if index != at and len(found) > MOST_VALUES:
            problems.append(_error(1, index + 1, "tells_who"))
    if not units and not problems:
        problems.append(_error(1, 1, "header_only"))
    return list(units.values()), problems


def _row_errors(
    number: int, cells: Sequence[Cell], width: int, at: int
) -> Iterator[dict[str, object]]:
    for index, cell in enumerate(cells, start=1):
        text = "" if cell is None else str(cell)
        if index > width:
            yield _error(number, index, "without_header")
        elif any(pattern.fullmatch(text) for pattern in _TELLING):
            yield _error(number, index, "tells_who")
        elif not (_PSEUDONYM if index - 1 == at else _VALUE).fullmatch(text):
            yield _error(number, index, "format")


def _error(row: int, column: int, code: str) -> dict[str, object]:
    return {"row": row, "column": column, "code": code}
