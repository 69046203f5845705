"""What is told of calls, applications and the committee."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import PositiveInt

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    ApplicationState,
    Assessment,
    CallTerms,
    Criteria,
    Decision,
    FormalItem,
    FormalResult,
    Input,
    Offer,
    Outcome,
    PersonId,
    Proposal,
    Resolution,
    Score,
)
from shared.contracts.kasa.vocabulary.fund import ContractNumber
from shared.contracts.kasa.vocabulary.grants import ItemCode
from shared.contracts.model import Published
from shared.kernel.money import Money


class Call(Published):
    id: UUID
    version: int
    terms: CallTerms
    criteria: Criteria
    criteria_source: str
    formal_items: tuple[FormalItem, ...]
    reviewers: int
    opened_on: date
    closed_on: date | None
    awarded: Money
    left: Money
    """Of the budget."""
    applications: int


class ApplicationSummary(Published):
    id: UUID
    version: int
    call: ItemCode
    enterprise_id: UUID
    state: ApplicationState
    amount: Money
    total: Decimal | None
    """Of the assessment."""
    outcome: Outcome | None
    awarded: Money | None
    contract: ContractNumber | None


class CallCard(Call):
    """A call with its applications, the most points first, then those without an assessment; as many
    as fit into one answer, all of them are in the list of applications.
    """

    ranking: tuple[ApplicationSummary, ...]


class ListCalls(Page):
    offer: Offer | None = None


class CallPage(Published):
    items: tuple[Call, ...]
    next_cursor: str | None
    position: int


class ApplicationVersion(Published):
    number: int
    content: ApplicationContent
    on: date


class Reviewer(Published):
    reviewer: PersonId
    conflict: bool | None
    """None while nothing was declared."""


class Application(Published):
    """An application with every version of its content and all that was judged of it."""

    id: UUID
    version: int
    call: ItemCode
    enterprise_id: UUID
    state: ApplicationState
    versions: tuple[ApplicationVersion, ...]
    """The latest first, as many as fit into one answer; each can be read by its number."""
    submitted_on: date | None
    formal_check: tuple[FormalResult, ...] | None
    reviewers: tuple[Reviewer, ...]
    scores: tuple[Score, ...]
    inputs: tuple[Input, ...]
    assessment: Assessment | None
    """None before enough reviewers have scored."""
    decision: Decision | None
    decided_on: date | None
    contract: ContractNumber | None


class GetApplicationVersion(Published):
    application_id: UUID
    number: PositiveInt


class ListApplications(Page):
    call: ItemCode | None = None
    state: ApplicationState | None = None
    enterprise_id: UUID | None = None


class ApplicationPage(Published):
    items: tuple[ApplicationSummary, ...]
    next_cursor: str | None
    position: int


class Case(Published):
    """What a meeting does about one application; votes are told once it is resolved."""

    application_id: UUID
    recused: tuple[PersonId, ...]
    proposal: Proposal | None
    proposed_by: PersonId | None
    voted: tuple[PersonId, ...]
    resolution: Resolution | None


class Meeting(Published):
    id: UUID
    version: int
    call: ItemCode
    on: date
    members: tuple[PersonId, ...]
    quorum: int
    cases: tuple[Case, ...]


class ListMeetings(Page):
    call: ItemCode | None = None


class MeetingPage(Published):
    items: tuple[Meeting, ...]
    next_cursor: str | None
    position: int
