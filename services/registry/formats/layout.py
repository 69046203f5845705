"""The header of a file: which of its columns is which. All that is wrong with it is told at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openpyxl.utils.cell import get_column_letter
from rapidfuzz import fuzz, process

from services.registry.formats.cells import Cell, Row
from services.registry.formats.columns import BY_NAME, COLUMNS, Column, Path
from services.registry.formats.errors import ImportRefused, row_error
from services.registry.formats.words import fold
from shared.contracts.registry.views import RowError

LIKELY = 70
"""Similarity in per cent (normalised indel distance) from which a name is suggested."""


MESSAGES = "Uwagi z importu"
"""The column that annotated workbooks carry; nothing in it is imported."""


@dataclass(frozen=True)
class Layout:
    """A header understood: `columns[i]` is the column of the i-th cell, None where nothing is read.

    `messages_at` is the index of the column of messages, the one behind the last if there is none.
    """

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
        return self.written.get(path) or next(c.pl for c in COLUMNS if c.path == path)


def understand(header: Row) -> Layout:
    """Raises `ImportRefused` with every unknown, repeated and missing column."""
    columns = tuple(None if cell is None else BY_NAME.get(fold(str(cell))) for cell in header.cells)
    errors = [*_unknown(header, columns), *_repeated(header, columns), *_missing(header, columns)]
    if errors:
        raise ImportRefused(*errors)
    messages = [index for index, cell in enumerate(header.cells) if _is_messages(cell)]
    return Layout(header, columns, messages[0] if messages else len(columns))


Columns = tuple[Column | None, ...]


def _unknown(header: Row, columns: Columns) -> Iterator[RowError]:
    for cell, column in zip(header.cells, columns, strict=True):
        if cell is None or column is not None or _is_messages(cell):
            continue
        nearest = process.extractOne(
            fold(str(cell)), BY_NAME.keys(), scorer=fuzz.ratio, score_cutoff=LIKELY
        )
        if nearest is None:
            yield row_error("unknown_column", header.number, _shown(cell), cell)
        else:
            suggestion = BY_NAME[nearest[0]].name
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


def _missing(header: Row, columns: Columns) -> Iterator[RowError]:
    for column in COLUMNS:
        if column.mandatory and column not in columns:
            yield row_error("missing_column", header.number, column.pl)


def _is_messages(cell: Cell) -> bool:
    return cell is not None and fold(str(cell)) == fold(MESSAGES)


def _shown(cell: Cell) -> str:
    return str(cell)[:100]
