"""Responses as KoBoToolbox and ODK Central export them: CSV or XLSX, a row per response.

Exported with names, not labels; with or without groups in the header; several choices in one column
or in a column each. What identifies interviewers and devices is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Final

from services.research.domain.form.form import Form
from services.research.domain.form.judging import Objection
from services.research.formats.wording import sentence
from shared.contracts.research.vocabulary.forms import Item, ItemKind
from shared.contracts.rows import RowError
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.errors import (
    CellRefused,
    ImportRefused,
    refused,
    row_error,
    shown,
)
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.values import written

IDENTIFIERS: Final = (
    "meta/rootUuid",
    "_uuid",
    "meta/instanceID",
    "meta-instanceID",
    "instanceID",
    "KEY",
    "_id",
)
"""Columns that tell responses apart, the one to prefer first: the first stays over edits."""
FILLED: Final = ("today", "end", "start", "_submission_time", "SubmissionDate")
"""Columns that tell when a response was filled in, the one to prefer first."""
_METADATA: Final = frozenset(
    {"deviceid", "username", "simserial", "subscriberid", "phonenumber", "audit", "instanceName"}
    | {"SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status"}
    | {"ReviewState", "DeviceID", "Edits", "FormVersion", *IDENTIFIERS, *FILLED}
)
_PREFIXES: Final = ("_", "meta/", "meta-", "formhub/")
"""Of further columns that the tools add; no question's name begins so."""
_TAKEN: Final = frozenset({"1", "TRUE", "True", "true"})
_NOT_TAKEN: Final = frozenset({"0", "FALSE", "False", "false"})


@dataclass(frozen=True)
class ExportedResponse:
    """One row: answers by question as they were written, or why they cannot be read.

    `key` is the tool's own id of the response, `filled_on` the day it was filled in, where the file
    tells it.
    """

    number: int
    key: str = ""
    filled_on: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True)
class Export:
    """A file whose header was understood, and its rows, to be read once."""

    columns: "_Columns"
    rows: Iterator[ExportedResponse]

    @property
    def key_column(self) -> str:
        """The header over the ids that tell responses apart."""
        return self.columns.name_at(self.columns.key)

    def error(self, problem: Objection, row: int) -> RowError:
        """What is wrong with an answer, under the name its column has in this file."""
        message = sentence(problem.code, problem.facts)
        return RowError(
            row=row,
            column=self.columns.written(problem.pointer[1:]),
            code=problem.code,
            value=None,
            message_pl=message.pl,
            message_en=message.en,
        )


def read_export(stream: BinaryIO, filename: str, form: Form) -> Export:
    """Raises `ImportRefused` when the file is none, or when its columns are not those of the form;
    iterating the rows may raise it too, where a damaged file breaks off or when there is none.
    """
    rows = read_rows(stream, filename)
    columns = _understood(next(rows), form)
    return Export(columns, _responses(rows, columns))


@dataclass(frozen=True)
class _Columns:
    """A header understood, by indexes of cells. `split` has the choices of a question that has a
    column for each, in the order of the header.
    """

    header: Row
    key: int
    filled: tuple[int, ...]
    whole: tuple[tuple[int, str], ...]
    split: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]

    def written(self, name: str) -> str:
        """The header over the answers to a question; its name where there is none."""
        indexes = {question: index for index, question in self.whole}
        indexes |= {question: choices[0][0] for question, choices in self.split}
        return str(self.header.cells[indexes[name]]) if name in indexes else name

    def name_at(self, index: int) -> str:
        return str(self.header.cells[index])


Target = tuple[str, str | None]
"""A question, and the choice that a column of its own is for."""


def _understood(header: Row, form: Form) -> _Columns:
    """All that is wrong with a header is told at once."""
    targets = _targets(form)
    names = [None if cell is None else str(cell).strip() for cell in header.cells]
    found: dict[Target, int] = {}
    errors: list[RowError] = []
    for index, name in enumerate(names):
        if name is None or name in _METADATA or name.startswith(_PREFIXES):
            continue
        target = targets.get(name)
        if target is None:
            errors.append(_header_error("research.export_column_unknown", header, name))
        elif target in found:
            first = str(names[found[target]])
            errors.append(row_error("duplicate_column", header.number, name, name, first=first))
        else:
            found[target] = index
    errors += _missing(header, form, found)
    key = next((names.index(name) for name in IDENTIFIERS if name in names), None)
    if key is None:
        errors.append(_header_error("research.export_key_missing", header, "_uuid"))
    if errors or key is None:
        raise ImportRefused(*errors)
    return _Columns(
        header,
        key,
        tuple(names.index(name) for name in FILLED if name in names),
        tuple((found[name, None], name) for name in form.questions if (name, None) in found),
        tuple(
            (name, choices)
            for name in form.questions
            if (name, None) not in found and (choices := _split(name, found))
        ),
    )


def _targets(form: Form) -> dict[str, Target]:
    """Every header that a column of the form may have."""
    lists = form.definition.choice_lists
    targets: dict[str, Target] = {}

    def visit(items: Sequence[Item], groups: tuple[str, ...]) -> None:
        for item in items:
            if item.kind is ItemKind.GROUP:
                visit(item.items, (*groups, item.name))
                continue
            for name in _paths((*groups, item.name)):
                targets[name] = item.name, None
                if item.kind is ItemKind.SELECT_MULTIPLE:
                    for choice in lists[item.choices or ""]:
                        targets[f"{name}/{choice.name}"] = item.name, choice.name

    visit(form.definition.items, ())
    return targets


def _paths(path: tuple[str, ...]) -> tuple[str, ...]:
    """A question by itself, behind its groups as KoBo writes them, and as ODK Central does."""
    return path[-1], "/".join(path), "-".join(path)


def _split(name: str, found: Mapping[Target, int]) -> tuple[tuple[int, str], ...]:
    return tuple(
        (index, choice)
        for (question, choice), index in found.items()
        if question == name and choice is not None
    )


def _missing(header: Row, form: Form, found: Mapping[Target, int]) -> Iterator[RowError]:
    """Each question needs its column, or the columns of all its choices."""
    for name, question in form.questions.items():
        if (name, None) in found:
            continue
        there = {choice for _, choice in _split(name, found)}
        if not there:
            yield _header_error("research.export_column_missing", header, name)
            continue
        for choice in form.definition.choice_lists[question.item.choices or ""]:
            if choice.name not in there:
                column = f"{name}/{choice.name}"
                yield _header_error("research.export_column_missing", header, column)


def _header_error(code: str, header: Row, column: str) -> RowError:
    message = sentence(code, {})
    return RowError(
        row=header.number,
        column=column[:100],
        code=code,
        value=shown(column),
        message_pl=message.pl,
        message_en=message.en,
    )


def _responses(rows: Iterator[Row], columns: _Columns) -> Iterator[ExportedResponse]:
    first: dict[str, int] = {}
    any_row = False
    for row in rows:
        any_row = True
        response = _response(row, columns)
        before = first.setdefault(response.key, row.number) if response.key else row.number
        if before != row.number:
            name = columns.name_at(columns.key)
            message = sentence("research.export_repeated", {"first": before})
            error = RowError(
                row=row.number,
                column=name,
                code="research.export_repeated",
                value=shown(response.key),
                message_pl=message.pl,
                message_en=message.en,
            )
            response = ExportedResponse(row.number, errors=(error,))
        yield response
    if not any_row:
        raise refused("header_only", columns.header.number)


def _response(row: Row, columns: _Columns) -> ExportedResponse:
    cells = (*row.cells, *(None,) * (len(columns.header.cells) - len(row.cells)))
    errors: list[RowError] = []

    def read(index: int) -> str:
        cell = cells[index]
        try:
            return _text(cell)
        except CellRefused as refusal:
            name = columns.name_at(index)
            errors.append(row_error(refusal.name, row.number, name, cell, **refusal.facts))
            return ""

    answers = {name: text for index, name in columns.whole if (text := read(index))}
    for name, choices in columns.split:
        taken = []
        for index, choice in choices:
            text = read(index)
            if text in _TAKEN:
                taken.append(choice)
            elif text and text not in _NOT_TAKEN:
                header = columns.name_at(index)
                errors.append(row_error("not_allowed", row.number, header, text, allowed="1; 0"))
        if taken:
            answers[name] = " ".join(taken)
    key = read(columns.key).removeprefix("uuid:")
    if not key:
        errors.append(row_error("required", row.number, columns.name_at(columns.key)))
    filled_on = _filled_on(cells, columns, row.number, errors)
    return ExportedResponse(row.number, key, filled_on, answers, tuple(errors))


def _filled_on(
    cells: Sequence[Cell], columns: _Columns, number: int, errors: list[RowError]
) -> date | None:
    """From the first column that has it: a day, or an instant in the time of who answered."""
    for index in columns.filled:
        cell = cells[index]
        if cell is None:
            continue
        try:
            return cell if isinstance(cell, date) else date.fromisoformat(cell[:10])
        except ValueError:
            errors.append(row_error("date_format", number, columns.name_at(index), cell))
            return None
    return None


def _text(cell: Cell) -> str:
    """Raises `CellRefused` for what is no value."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else written(cell)
