"""From the rows of a file to the commands they stand for, or to all that is wrong with them.

Dry run and commit read a file by the same function, so they cannot judge it differently.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from services.registry.formats.columns import TABLE
from services.registry.formats.errors import row_error
from services.registry.formats.repeated import MatchKeys, Repeated
from services.registry.formats.validation import Terms, validated
from shared.contracts.registry.commands import RegisterParticipant
from shared.contracts.registry.vocabulary import Kind, PersonalData
from shared.contracts.rows import RowError
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.columns import Path
from shared.runtime.tables.errors import refused
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.layout import Layout, read_cells, understand

PROGRESS_EVERY = 500
"""Rows between two reports of progress."""


@dataclass(frozen=True)
class ImportedRow:
    """One row: what it registers, or why it cannot. `command` is None exactly if there are errors.

    A blank cell is a field not given (None): it never erases what is recorded.
    """

    number: int
    cells: tuple[Cell, ...]
    command: RegisterParticipant | None
    errors: tuple[RowError, ...]

    def cell(self, path: Path, layout: Layout) -> Cell:
        """The cell from which a field came."""
        index = next(i for i, column in enumerate(layout.columns) if column and column.path == path)
        return self.cells[index]

    @property
    def kind(self) -> Kind | None:
        return self.command.kind if self.command else None

    @property
    def reference(self) -> str | None:
        return self.command.reference if self.command else None

    @property
    def personal(self) -> PersonalData | None:
        return self.command.personal if self.command else None

    @property
    def keys(self) -> MatchKeys:
        return match_keys(self.command) if self.command else MatchKeys()

    def refused(self, *errors: RowError) -> "ImportedRow":
        """The same row with further errors."""
        return replace(self, command=None, errors=(*self.errors, *errors)) if errors else self


@dataclass(frozen=True)
class ParticipantFile:
    """A file whose header was understood, and its rows, to be read once."""

    layout: Layout
    rows: Iterator[ImportedRow]


def read_participants(
    stream: BinaryIO,
    filename: str,
    *,
    terms: Terms,
    progress: Callable[[int], None] | None = None,
) -> ParticipantFile:
    """Read a file of participants; memory does not grow with it.

    `progress` is told how many rows were read, every
    `PROGRESS_EVERY` rows and at the end. Raises `ImportRefused` when the file or its header is
    refused; iterating the rows may raise it too, at the row where a damaged file breaks off, or
    when there is none.
    """
    rows = read_rows(stream, filename)
    layout = understand(next(rows), TABLE)
    return ParticipantFile(layout, _interpreted(rows, layout, terms, progress))


def _interpreted(
    rows: Iterator[Row],
    layout: Layout,
    terms: Terms,
    progress: Callable[[int], None] | None,
) -> Iterator[ImportedRow]:
    read = 0
    with Repeated() as repeated:
        for row in rows:
            imported = interpret(row, layout, terms)
            yield imported.refused(*_repetitions(imported, layout, repeated))
            read += 1
            if progress and read % PROGRESS_EVERY == 0:
                progress(read)
    if progress:
        progress(read)
    if not read:
        raise refused("header_only", layout.header.number)


def interpret(row: Row, layout: Layout, terms: Terms) -> ImportedRow:
    """One row alone: its command, or every error in it."""
    values, errors = read_cells(row, layout)
    told = {error.column for error in errors}
    command, refusals = validated({("partner",): terms.partner, **values}, terms)
    for path, code, facts in refusals:
        column = layout.name_of(path) if path else ""
        if column not in told:
            errors.append(row_error(code, row.number, column, values.get(path), **facts))
    if command and not errors and not _names_somebody(command):
        errors.append(row_error("unidentified", row.number))
    return ImportedRow(row.number, row.cells, None if errors else command, tuple(errors))


def match_keys(command: RegisterParticipant) -> MatchKeys:
    identity = command.personal.identity
    return MatchKeys(
        identity.pesel,
        identity.other_id,
        (command.partner, command.reference) if command.reference else None,
    )


def _names_somebody(command: RegisterParticipant) -> bool:
    identity = command.personal.identity
    named = identity.given_name and identity.family_name
    return bool(named) or any(match_keys(command).given())


def _repetitions(row: ImportedRow, layout: Layout, repeated: Repeated) -> Iterator[RowError]:
    for path, key in row.keys.given():
        first = repeated.first(path, key, row.number)
        if first != row.number:
            column = layout.name_of(path)
            yield row_error("repeated", row.number, column, row.cell(path, layout), first=first)
