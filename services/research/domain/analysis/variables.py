"""What a question asks for, as analysis needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.contracts.research.vocabulary.tables import Label

Answer = str | frozenset[str] | int | Decimal | date
"""By kind: the chosen code; all chosen codes; a whole number; a number; a day."""


class Kind(StrEnum):
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


class Presence(StrEnum):
    """Whether a question was answered; who was not asked is not among those who kept silent."""

    GIVEN = "given"
    MISSING = "missing"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Category:
    code: str
    label: Label


@dataclass(frozen=True)
class Variable:
    """`categories` are the choices of a question that has choices; `absences`, how it can come that
    there is no answer to it.
    """

    name: str
    kind: Kind
    label: Label
    categories: tuple[Category, ...] = ()
    sensitive: bool = False
    absences: frozenset[Presence] = frozenset({Presence.MISSING, Presence.HIDDEN})


@dataclass(frozen=True)
class Respondent:
    """`id` is a pseudonym, equal in every wave, or a random id where nothing may link them.

    `hidden` are the questions that skip logic did not ask; any other without an answer is missing.
    """

    id: str
    answers: Mapping[str, Answer]
    hidden: frozenset[str] = frozenset()
    weight: float = 1.0
