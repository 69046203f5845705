"""A questionnaire as data: questions, groups, choice lists, and the expressions between them.

The words and the meaning are those of XLSForm, of which this is the part that a questionnaire without
repeats and media needs. Expressions are kept as their author wrote them; whether they can be
evaluated is judged when a version is published.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts.model import Published
from shared.contracts.vocabulary import FreeText

ITEMS_LIMIT = 500
"""Questions and groups of one level."""
CHOICES_LIMIT = 500
LISTS_LIMIT = 200

Expression = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)
]
"""An expression of XLSForm; other questions are referred to as `${name}`."""


def _plain(given: Any) -> Any:
    """The two conditions that say no more than yes or no."""
    return given == "true()" if given in ("true()", "false()") else given


Requirement = Annotated[bool | Expression, BeforeValidator(_plain)]
"""Always, never, or when an expression is true."""
InstrumentCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,29}$")]
ItemName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
"""Unique in the form, also when case is ignored: answers and columns of exports are named by it."""
ChoiceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
"""What is stored when a choice is taken."""


class ItemKind(StrEnum):
    """What an item is; the names are XLSForm's."""

    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    NOTE = "note"
    CALCULATE = "calculate"
    GROUP = "group"


class FormOrigin(StrEnum):
    """How a definition was written."""

    XLSFORM = "xlsform"
    JSON = "json"


class Labels(Published):
    """A text that respondents read. Polish is always there; who reads English falls back on it."""

    pl: FreeText
    en: FreeText | None = None


class Choice(Published):
    name: ChoiceName
    label: Labels


class Item(Published):
    """A question, a note, a calculated value, or a group of items.

    `sensitive`: a special category of personal data (art. 9 and 10 GDPR), published under stricter
    limits. `personal`: never exported; free text is, unless `personal` is false.
    """

    kind: ItemKind
    name: ItemName
    label: Labels | None = None
    hint: Labels | None = None
    choices: ItemName | None = Field(default=None, description="Name of the choice list")
    required: Requirement = False
    required_message: Labels | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Labels | None = None
    calculation: Expression | None = None
    sensitive: bool = False
    personal: bool | None = None
    items: tuple["Item", ...] = Field(default=(), max_length=ITEMS_LIMIT)


class FormDefinition(Published):
    """A questionnaire, whole."""

    title: Labels
    choice_lists: dict[ItemName, Annotated[tuple[Choice, ...], Field(max_length=CHOICES_LIMIT)]] = (
        Field(default_factory=dict, max_length=LISTS_LIMIT)
    )
    items: tuple[Item, ...] = Field(min_length=1, max_length=ITEMS_LIMIT)
