"""What a web form asks and tells; texts are in the language asked for, ready to be shown."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.forms import ItemKind
from shared.contracts.research.vocabulary.responses import (
    FormAction,
    FormLanguage,
    FormStage,
    GivenAnswers,
    WithdrawalCode,
)
from shared.contracts.research.vocabulary.samples import Token


class GetWebForm(Published):
    """Where whoever holds the token stands."""

    token: Token
    language: FormLanguage = "pl"


class AnswerWebForm(Published):
    """One step: what was entered on the page that was shown. The same `key` is the same step again."""

    token: Token
    language: FormLanguage
    key: UUID
    action: FormAction
    page: int = Field(default=0, ge=0, le=1_000)
    consent: str | None = Field(default=None, max_length=40)
    """Version of the text that was agreed to."""
    answers: GivenAnswers = Field(default_factory=dict)
    shown: tuple[str, ...] = Field(default=(), max_length=1_000)
    """Names of the questions that were on the page."""


class WebChoice(Published):
    name: str
    label: str


class WebItem(Published):
    """A question, or a note; `group` is the title that it stands under."""

    kind: ItemKind
    name: str
    label: str
    hint: str | None = None
    group: str | None = None
    required: bool = False
    choices: tuple[WebChoice, ...] = ()
    answer: str = ""
    problem: str | None = None
    """What is wrong with the answer."""


class WebForm(Published):
    """The next page, whole."""

    stage: FormStage
    language: FormLanguage
    title: str
    study: str
    closes_on: date
    page: int = 0
    pages: int = 0
    items: tuple[WebItem, ...] = ()
    more: bool = False
    """What was answered led to further questions on the same page."""
    consent: str | None = None
    information: tuple[str, ...] = ()
    """Paragraphs of the information clause."""
    withdrawal_code: str | None = None


class WithdrawResponse(Published):
    """Whoever gave the response takes it back."""

    code: WithdrawalCode


class Withdrawal(Published):
    withdrawn_on: date
