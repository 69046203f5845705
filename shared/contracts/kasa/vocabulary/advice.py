"""The words of advice: consultations, and what makes a client ready to apply."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.kasa.vocabulary.enterprises import EnterpriseState
from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText

AdviserId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
"""The adviser's subject at the identity provider: a pseudonym."""
ConsultationMinutes = Annotated[int, Field(ge=1, le=8 * 60)]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]


class Topic(StrEnum):
    LEGAL = "legal"
    BUSINESS_PLAN = "business_plan"
    FINANCE = "finance"
    MARKETING = "marketing"
    ACCOUNTING = "accounting"
    EMPLOYMENT = "employment"
    FOUNDING = "founding"
    APPLICATION = "application"


class ConsultationOutcome(StrEnum):
    """What was agreed, as a code: words about people have no place here."""

    INFORMED = "informed"
    DOCUMENT_PREPARED = "document_prepared"
    DOCUMENT_REVIEWED = "document_reviewed"
    FOLLOW_UP_AGREED = "follow_up_agreed"
    REFERRED = "referred"


class AdviceEnd(StrEnum):
    APPLIED = "applied"
    GOAL_REACHED = "goal_reached"
    ABANDONED = "abandoned"
    REFERRED = "referred"


class ChecklistItem(Published):
    """`needed_in` are the states of an enterprise in which it is asked for."""

    code: ItemCode
    title_pl: ShortText
    title_en: ShortText
    needed_in: tuple[EnterpriseState, ...]


class ReadyItem(Published):
    """An item of the checklist in force, met or not."""

    code: ItemCode
    title_pl: ShortText
    title_en: ShortText
    met: bool
    evidence: str | None = None
