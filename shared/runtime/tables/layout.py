"""The header of a file: which of its columns is which. All that is wrong with it is told at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openpyxl.utils.cell import get_column_letter
from rapidfuzz import fuzz, process

from shared.contracts.rows import RowError
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.columns import Column, Path, Table
from shared.runtime.tables.errors import CellRefused, ImportRefused, row_error
from shared.runtime.tables.values import Value
from shared.runtime.tables.words import fold

LIKELY = 70
"""Similarity in per cent (normalised indel distance) from which a name is suggested."""


MESSAGES = "Uwagi z importu"
"""The column that annotated workbooks carry; nothing in it is imported."""


@dataclass(frozen=True)
class Layout:
    """A header understood: `columns[i]` is the column of the i-th cell, None where nothing is read.

    `messages_at` is the index of the column of messages, the one behind the last if there is none.
    """

    table: Table
    header: Row
    columns: tuple[Column | None, ...]
    messages_at: int

    @property
    def written(self) -> Mapping[Path, str]:
        """The name each column has in this file, in the sender's own words."""
        return MappingProxyType(
            {
                column.path: str(cell)
                for column, cell in zip(self.columns, self.header.cells, strict=True)
                if column
            }
        )

    def name_at(self, index: int) -> str:
        """The header over a cell, or the spreadsheet's letter of a nameless column."""
        cells = self.header.cells
        header = cells[index] if index < len(cells) else None
        return get_column_letter(index + 1) if header is None else str(header)

    def name_of(self, path: Path) -> str:
        """The file's name of a column, or ours where the file does not have it."""
        return self.written.get(path) or self.table.by_path[path].pl


def understand(header: Row, table: Table) -> Layout:
    """Raises `ImportRefused` with every unknown, repeated and missing column."""
    columns = tuple(
        None if cell is None else table.by_name.get(fold(str(cell))) for cell in header.cells
    )
    errors = [
        *_unknown(header, columns, table),
        *_repeated(header, columns),
        *_missing(header, columns, table),
    ]
    if errors:
        raise ImportRefused(*errors)
    messages = [index for index, cell in enumerate(header.cells) if _is_messages(cell)]
    return Layout(table, header, columns, messages[0] if messages else len(columns))


Columns = tuple[Column | None, ...]


def _unknown(header: Row, columns: Columns, table: Table) -> Iterator[RowError]:
    for cell, column in zip(header.cells, columns, strict=True):
        if cell is None or column is not None or _is_messages(cell):
            continue
        nearest = process.extractOne(
            fold(str(cell)), table.by_name.keys(), scorer=fuzz.ratio, score_cutoff=LIKELY
        )
        if nearest is None:
            yield row_error("unknown_column", header.number, _shown(cell), cell)
        else:
            suggestion = table.by_name[nearest[0]].name
            yield row_error(
                "misspelt_column", header.number, _shown(cell), cell, suggestion=suggestion
            )


def _repeated(header: Row, columns: Columns) -> Iterator[RowError]:
    counted = Counter(column.path for column in columns if column)
    first: dict[Path, str] = {}
    for cell, column in zip(header.cells, columns, strict=True):
        if column is None or counted[column.path] == 1:
            continue
        if column.path in first:
            yield row_error(
                "duplicate_column", header.number, _shown(cell), cell, first=first[column.path]
            )
        first.setdefault(column.path, str(cell))


def _missing(header: Row, columns: Columns, table: Table) -> Iterator[RowError]:
    for column in table.columns:
        if column.mandatory and column not in columns:
            yield row_error("missing_column", header.number, column.pl)


def _is_messages(cell: Cell) -> bool:
    return cell is not None and fold(str(cell)) == fold(MESSAGES)


def _shown(cell: Cell) -> str:
    return str(cell)[:100]


def read_cells(row: Row, layout: Layout) -> tuple[dict[Path, Value], list[RowError]]:
    """The values of a row by their paths, and what is wrong with the other cells."""
    values: dict[Path, Value] = {}
    errors: list[RowError] = []
    for index, cell in enumerate(row.cells):
        if cell is None or index == layout.messages_at < len(layout.columns):
            continue
        column = layout.columns[index] if index < len(layout.columns) else None
        if column is None:
            errors.append(row_error("unnamed_column", row.number, layout.name_at(index), cell))
            continue
        try:
            values[column.path] = column.read(cell)
        except CellRefused as refusal:
            name = layout.name_at(index)
            errors.append(row_error(refusal.name, row.number, name, cell, **refusal.facts))
    return values, errors
