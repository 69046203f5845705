"""Answers as typed columns.

A question takes a column of its type (one of yes and no for each choice where many may be chosen) and
one, `NAME?`, that tells the missing answer from the question that was not asked. No name of a question
holds `?` or `/`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite

import polars as pl

from services.research.domain.analysis.variables import (
    Answer,
    Kind,
    Presence,
    Respondent,
    Variable,
)
from shared.kernel.errors import Rejected

ID = "?id"
WEIGHT = "?weight"
PRESENCE = pl.Enum([each.value for each in Presence])
COLUMNS: Mapping[Kind, pl.DataType] = {
    Kind.SELECT_ONE: pl.String(),
    Kind.SELECT_MULTIPLE: pl.Boolean(),
    Kind.INTEGER: pl.Int64(),
    Kind.DECIMAL: pl.Float64(),
    Kind.DATE: pl.Date(),
}
TYPES: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.SELECT_ONE: str,
    Kind.SELECT_MULTIPLE: frozenset,
    Kind.INTEGER: int,
    Kind.DECIMAL: (Decimal, int),
    Kind.DATE: date,
}


@dataclass(frozen=True)
class Frame:
    """One row for each respondent."""

    variables: Mapping[str, Variable]
    data: pl.DataFrame

    def variable(self, name: str, pointer: str | None = None) -> Variable:
        """Raises `research.variable_unknown`."""
        found = self.variables.get(name)
        if found is None:
            raise Rejected("research.variable_unknown", {"variable": name}, pointer)
        return found

    def where(self, condition: pl.Expr) -> "Frame":
        return Frame(self.variables, self.data.filter(condition))


def presence_of(name: str) -> str:
    return f"{name}?"


def option_of(name: str, code: str) -> str:
    return f"{name}/{code}"


def answer_frame(variables: Sequence[Variable], respondents: Iterable[Respondent]) -> Frame:
    """Raises `ValueError` for an answer that its question cannot have, an answer to a question that
    was hidden, a weight that is not above zero, and the same respondent twice: all of it is judged
    before analysis.
    """
    rows = tuple(respondents)
    if len({row.id for row in rows}) < len(rows):
        raise ValueError("a respondent comes twice")
    if not all(isfinite(row.weight) and row.weight > 0 for row in rows):
        raise ValueError("a weight is not above zero")
    columns = [
        pl.Series(ID, [row.id for row in rows], pl.String()),
        pl.Series(WEIGHT, [float(row.weight) for row in rows], pl.Float64()),
        *(column for each in variables for column in _columns(each, rows)),
    ]
    return Frame({each.name: each for each in variables}, pl.DataFrame(columns))


def _columns(variable: Variable, rows: Sequence[Respondent]) -> Iterator[pl.Series]:
    answers = [_checked(variable, row) for row in rows]
    presence = [_presence(variable, row, answer) for row, answer in zip(rows, answers, strict=True)]
    yield pl.Series(presence_of(variable.name), presence, PRESENCE)
    kind = COLUMNS[variable.kind]
    if variable.kind is Kind.SELECT_MULTIPLE:
        for each in variable.categories:
            chosen = [
                each.code in answer if isinstance(answer, frozenset) else None for answer in answers
            ]
            yield pl.Series(option_of(variable.name, each.code), chosen, kind)
    elif variable.kind is Kind.DECIMAL:
        numbers = [
            float(answer) if isinstance(answer, Decimal | int) else None for answer in answers
        ]
        yield pl.Series(variable.name, numbers, kind)
    else:
        yield pl.Series(variable.name, answers, kind)


def _presence(variable: Variable, row: Respondent, answer: Answer | None) -> str:
    if answer is not None:
        return Presence.GIVEN
    return Presence.HIDDEN if variable.name in row.hidden else Presence.MISSING


def _checked(variable: Variable, row: Respondent) -> Answer | None:
    answer = row.answers.get(variable.name)
    if answer is None:
        return None
    if variable.name in row.hidden:
        raise ValueError(f"{variable.name} is answered and hidden")
    if not isinstance(answer, TYPES[variable.kind]) or isinstance(answer, bool):
        raise ValueError(f"{variable.name} is no {variable.kind}")  # noqa: TRY004 - a wrong value
    if variable.categories:
        chosen = answer if isinstance(answer, frozenset) else {answer}
        if chosen - {each.code for each in variable.categories}:
            raise ValueError(f"{variable.name} has no such choice")
    return answer
