"""Answers of a small survey: one question of each kind."""

from collections.abc import Mapping
from typing import Any

from services.research.domain.analysis.frames import Frame, answer_frame
from services.research.domain.analysis.variables import Category, Kind, Respondent, Variable
from shared.contracts.research.vocabulary.tables import Label


def label(text: str) -> Label:
    return Label(pl=text, en=text)


def choices(*codes: str) -> tuple[Category, ...]:
    return tuple(Category(code, label(code)) for code in codes)


SEX = Variable("sex", Kind.SELECT_ONE, label("sex"), choices("woman", "man"))
SERVICES = Variable("services", Kind.SELECT_MULTIPLE, label("services"), choices("care", "bus"))
AGE = Variable("age", Kind.INTEGER, label("age"))
INCOME = Variable("income", Kind.DECIMAL, label("income"))
SINCE = Variable("since", Kind.DATE, label("since"))
VARIABLES = (SEX, SERVICES, AGE, INCOME, SINCE)


def respondent(
    name: str, answers: Mapping[str, Any], *hidden: str, weight: float = 1.0
) -> Respondent:
    return Respondent(name, answers, frozenset(hidden), weight)


def frame(*rows: Respondent) -> Frame:
    return answer_frame(VARIABLES, rows)
