"""The words of responses: how one came, how far it is, and what a reviewer says of it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.research.vocabulary.forms import ItemName

Answers = dict[ItemName, str]
"""Canonical texts by question; several choices with a space between."""
GivenAnswers = Annotated[
    dict[ItemName, Annotated[str, StringConstraints(max_length=20_000)]],
    Field(max_length=1_000, json_schema_extra={"additionalProperties": False}),
]
"""Answers as somebody wrote them; judged by the form."""
WithdrawalCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{16,24}$")]
"""Shown once to whoever submitted a linked response; case, spaces and hyphens do not count."""
FormLanguage = Literal["pl", "en"]


class ResponseOrigin(StrEnum):
    WEB = "web"
    IMPORT = "import"


class ResponseState(StrEnum):
    BEGUN = "begun"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    """Its answers were destroyed."""


class ReviewStatus(StrEnum):
    """What became of a response in review; the names are KoBoToolbox's."""

    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    ON_HOLD = "on_hold"


class FormStage(StrEnum):
    """What a web form shows next."""

    CONSENT = "consent"
    QUESTIONS = "questions"
    DONE = "done"
    DECLINED = "declined"


class FormAction(StrEnum):
    """What whoever fills in a web form asks for."""

    CONSENT = "consent"
    DECLINE = "decline"
    NEXT = "next"
    BACK = "back"
