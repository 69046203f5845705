"""The file of marks: one row per participant and session, many sessions in one file.

What is exported can be filled in and imported again; a row without minutes and reason marks nobody.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final
from uuid import UUID

from pydantic import ValidationError

from services.training.formats.wording import row_error
from shared.contracts.rows import RowError
from shared.contracts.training.views import SessionSheet
from shared.contracts.training.vocabulary import AbsenceReason, Mark
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.columns import Column, Path, Table
from shared.runtime.tables.errors import CellRefused, Text, refused
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.layout import Layout, read_cells, understand
from shared.runtime.tables.values import Value, code, day, one_of, text, written
from shared.runtime.tables.words import Words
from shared.runtime.typesetting import polish_order

SESSION: Final[Path] = ("session_id",)
DAY: Final[Path] = ("day",)
PARTICIPANT: Final[Path] = ("participant_id",)
MINUTES: Final[Path] = ("minutes",)
ABSENCE: Final[Path] = ("absence",)
NOTE: Final[Path] = ("note",)

REASON: Final = Words(
    {
        AbsenceReason.ILLNESS: ("choroba", "illness", "chory", "chora", "zwolnienie lekarskie"),
        AbsenceReason.CARE: ("opieka", "care", "opieka nad bliskim"),
        AbsenceReason.WORK: ("praca", "work"),
        AbsenceReason.OFFICE: ("urząd lub sąd", "office", "urząd", "sąd"),
        AbsenceReason.OTHER: ("inny", "other", "inny powód"),
        AbsenceReason.UNEXCUSED: ("nieusprawiedliwiona", "unexcused", "bez powodu"),
    }
)
_ID: Final = Text("identyfikator z eksportu", "the id as exported")
_MINUTES: Final = Text("pełne minuty od 0 do 1440", "whole minutes from 0 to 1440")


def _uuid(cell: Cell) -> str:
    try:
        return str(UUID(code(cell)))
    except ValueError:
        raise CellRefused("format", expected=_ID) from None


def _minutes(cell: Cell) -> str:
    content = written(cell).strip()
    if not (content.isascii() and content.isdigit() and int(content) <= 24 * 60):
        raise CellRefused("format", expected=_MINUTES)
    return content


def _name(cell: Cell) -> str:
    """For people only: it is neither checked nor kept."""
    return written(cell)


TABLE: Final = Table(
    (
        Column(SESSION, "Zajęcia", "Session", _uuid, _ID, "", mandatory=True),
        Column(("edition",), "Edycja", "Edition", _name, Text("kod", "code"), "PS/2026/1"),
        Column(DAY, "Dzień", "Day", day, Text("data", "date"), "2026-02-09", ("Data", "Date")),
        Column(PARTICIPANT, "Uczestnik", "Participant", _uuid, _ID, "", mandatory=True),
        Column(("name",), "Nazwisko i imię", "Name", _name, Text("tekst", "text"), "Nowak Anna"),
        Column(
            MINUTES, "Minuty", "Minutes", _minutes, _MINUTES, "315", ("Obecność",), mandatory=True
        ),
        Column(
            ABSENCE,
            "Powód nieobecności",
            "Absence reason",
            one_of(REASON),
            REASON.allowed,
            "choroba",
            ("Powód", "Reason", "Absence"),
            REASON,
        ),
        Column(NOTE, "Uwagi", "Note", text, Text("do 200 znaków", "up to 200 characters"), ""),
    )
)


@dataclass(frozen=True)
class MarkedRow:
    """One row: the mark it makes, or why it makes none. Without both it leaves things as they are."""

    number: int
    session_id: UUID | None = None
    day: date | None = None
    mark: Mark | None = None
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True)
class AttendanceFile:
    """A file whose header was understood, and its rows, to be read once."""

    layout: Layout
    rows: Iterator[MarkedRow]

    def error(
        self, name: str, row: int, path: Path, value: object = None, **facts: Text | str | int
    ) -> RowError:
        """What is wrong with a cell, under the name its column has in this file."""
        return row_error(name, row, self.layout.name_of(path), value, **facts)


def read_attendance(stream: BinaryIO, filename: str) -> AttendanceFile:
    """Raises `ImportRefused` when the file or its header is refused; iterating the rows may raise it
    too, where a damaged file breaks off or when there is none.
    """
    rows = read_rows(stream, filename)
    layout = understand(next(rows), TABLE)
    return AttendanceFile(layout, _rows(rows, layout))


def _rows(rows: Iterator[Row], layout: Layout) -> Iterator[MarkedRow]:
    first: dict[tuple[UUID, UUID], int] = {}
    any_row = False
    for row in rows:
        any_row = True
        marked = _row(row, layout)
        if marked.mark is not None and marked.session_id is not None:
            key = marked.session_id, marked.mark.participant_id
            before = first.setdefault(key, row.number)
            if before != row.number:
                name = layout.name_of(PARTICIPANT)
                error = row_error("repeated", row.number, name, key[1], first=before)
                marked = MarkedRow(row.number, errors=(error,))
        yield marked
    if not any_row:
        raise refused("header_only", layout.header.number)


def _row(row: Row, layout: Layout) -> MarkedRow:
    values, errors = read_cells(row, layout)
    names = {path: layout.name_of(path) for path in (SESSION, PARTICIPANT)}
    flawed = {error.column for error in errors}
    errors += [
        row_error("required", row.number, name)
        for path, name in names.items()
        if path not in values and name not in flawed
    ]
    if errors:
        return MarkedRow(row.number, errors=tuple(errors))
    if MINUTES not in values and ABSENCE not in values:
        return MarkedRow(row.number)
    return _marked(row.number, values, layout)


def _marked(number: int, values: dict[Path, Value], layout: Layout) -> MarkedRow:
    """A reason without minutes is an absence."""
    try:
        mark = Mark.model_validate(
            {
                "participant_id": values[PARTICIPANT],
                "minutes": int(str(values.get(MINUTES, 0))),
                "absence": values.get(ABSENCE),
                "note": values.get(NOTE),
            }
        )
    except ValidationError:
        error = row_error("too_long", number, layout.name_of(NOTE), values.get(NOTE), limit=200)
        return MarkedRow(number, errors=(error,))
    on = values.get(DAY)
    return MarkedRow(number, UUID(str(values[SESSION])), on if isinstance(on, date) else None, mark)


def attendance_csv(sheets: Sequence[SessionSheet]) -> bytes:
    """The marks of sessions as spreadsheets in Poland open it: UTF-8 with mark, semicolons."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.pl for column in TABLE.columns])
    for sheet in sheets:
        writer.writerows(_exported(sheet))
    return target.getvalue().encode("utf-8-sig")


def _exported(sheet: SessionSheet) -> Iterable[Sequence[str]]:
    named = [
        (f"{n.family_name} {n.given_name}" if (n := mark.participant_name) else "", mark)
        for mark in sheet.marks
    ]
    for name, mark in sorted(
        named, key=lambda each: (polish_order(each[0]), str(each[1].participant_id))
    ):
        yield (
            str(sheet.id),
            sheet.edition_code,
            sheet.session.day.isoformat(),
            str(mark.participant_id),
            _harmless(name),
            "" if mark.minutes is None else str(mark.minutes),
            REASON.names[mark.absence].pl if mark.absence else "",
            _harmless(mark.note or ""),
        )


def _harmless(content: str) -> str:
    """A spreadsheet takes these beginnings for a formula (OWASP, CSV injection)."""
    return f" {content}" if content.startswith(("=", "+", "-", "@")) else content
