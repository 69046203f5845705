"""The words of calls, applications and the committee. No text here is about a person."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, NonNegativeInt, PositiveInt, StringConstraints, model_validator

from shared.contracts.kasa.vocabulary.fund import NonNegativeMoney, PositiveMoney, SourceCode
from shared.contracts.kasa.vocabulary.grants import ItemCode
from shared.contracts.kasa.vocabulary.undertakings import RegulationNumber
from shared.contracts.model import Published
from shared.contracts.vocabulary import FreeText, Reference, ShortText, Teryt
from shared.kernel.money import total

PersonId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
"""A person's subject at the identity provider: a pseudonym."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the canonical JSON (RFC 8785) of a content."""
OfferedProduct = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,29}$")]
"""A product of loans by its code in the rules, or a short name of what grants are for."""
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]
"""From nothing to the whole."""


class Offer(StrEnum):
    LOAN = "loan"
    GRANT = "grant"


class Origin(StrEnum):
    """Where the points of a criterion come from."""

    REVIEWER = "reviewer"
    NEED_INDEX = "need_index"
    """Of the commune, from a published diagnosis."""
    CERTIFICATE = "certificate"
    """All of the points for a completed course, none without."""


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """Formally wrong: to be corrected."""
    ASSESSED = "assessed"
    """Formally right: scored by reviewers, then decided."""
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


class Outcome(StrEnum):
    SUPPORT = "support"
    REFUSE = "refuse"


class Vote(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Criterion(Published):
    """`minimum` is the least mean of points without which nothing is supported."""

    code: ItemCode
    text_pl: ShortText
    text_en: ShortText
    maximum: PositiveInt
    minimum: NonNegativeInt = 0
    origin: Origin = Origin.REVIEWER

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("the minimum is over the maximum")
        return self


class Criteria(Published):
    """A set of criteria that is named, and never changed under its name."""

    name: ItemCode
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    minimum: NonNegativeInt
    """The least sum of points that can be supported."""

    @model_validator(mode="after")
    def _reachable_and_unique(self) -> Self:
        if len({each.code for each in self.criteria}) < len(self.criteria):
            raise ValueError("the code of a criterion is used twice")
        if self.minimum > sum(each.maximum for each in self.criteria):
            raise ValueError("the minimum cannot be reached")
        return self

    def of(self, origin: Origin) -> dict[str, Criterion]:
        return {each.code: each for each in self.criteria if each.origin is origin}


class FormalItem(Published):
    code: ItemCode
    text_pl: ShortText
    text_en: ShortText


class CallTerms(Published):
    code: ItemCode
    title_pl: ShortText
    title_en: ShortText
    offer: Offer
    source: SourceCode
    budget: PositiveMoney
    products: tuple[OfferedProduct, ...] = Field(min_length=1, max_length=20)
    regulation: RegulationNumber
    """Under which its support is de minimis aid."""
    first_day: date
    last_day: date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("the last day lies before the first")
        return self


class CostLine(Published):
    code: ItemCode
    text: ShortText
    amount: PositiveMoney


class ApplicationContent(Published):
    """What is applied for: what is asked and what the applicant adds pay for all costs exactly."""

    product: OfferedProduct
    purpose: FreeText
    amount: PositiveMoney
    own_contribution: NonNegativeMoney
    costs: tuple[CostLine, ...] = Field(min_length=1, max_length=60)
    job_places: NonNegativeInt = 0
    commune: Teryt
    term_months: PositiveInt | None = None
    attachments: tuple[Reference, ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _paid_for(self) -> Self:
        amounts = [self.amount, self.own_contribution, *(each.amount for each in self.costs)]
        if len({each.currency for each in amounts}) > 1:
            raise ValueError("an application has one currency")
        costs = total((each.amount for each in self.costs), self.amount.currency)
        if self.amount + self.own_contribution != costs:
            raise ValueError("the amount and the own contribution do not make up the costs")
        return self


class FormalResult(Published):
    code: ItemCode
    met: bool
    remark: ShortText | None = None


class Points(Published):
    """One reviewer's points for one criterion, and why."""

    criterion: ItemCode
    points: NonNegativeInt
    justification: ShortText


class Score(Published):
    """One reviewer's points for one version of the application."""

    reviewer: PersonId
    number: PositiveInt
    points: tuple[Points, ...]


class Input(Published):
    """Points that nobody gave: `basis` and `basis_version` name what they were computed from."""

    criterion: ItemCode
    points: NonNegativeInt
    basis: Reference
    basis_version: NonNegativeInt
    value: Share


class Mean(Published):
    criterion: ItemCode
    points: Decimal
    """The reviewers' mean, to a hundredth, half up; or the input's points."""


class Assessment(Published):
    means: tuple[Mean, ...]
    total: Decimal
    below_minimum: tuple[ItemCode, ...]
    """Criteria that miss their minimum."""
    supportable: bool
    """Whether the sum and every criterion reach their minimum."""


class Proposal(Published):
    """What the committee votes on: an outcome for exactly this application, as it stands.

    `application_version` is the version of its stream: whatever is recorded after it makes the
    proposal void.
    """

    application_id: UUID
    application_version: PositiveInt
    number: PositiveInt
    digest: Digest
    assessment: Assessment
    outcome: Outcome
    amount: PositiveMoney | None = None

    @model_validator(mode="after")
    def _amount_of_support(self) -> Self:
        if (self.outcome is Outcome.SUPPORT) is (self.amount is None):
            raise ValueError("an amount belongs to support, and to nothing else")
        return self


class Ballot(Published):
    member: PersonId
    vote: Vote


class Resolution(Published):
    """The committee's vote on a proposal; `version` is that of the meeting's stream."""

    meeting_id: UUID
    version: PositiveInt
    proposal: Proposal
    proposed_by: PersonId
    ballots: tuple[Ballot, ...]
    recused: tuple[PersonId, ...]
    quorum: PositiveInt
    carried: bool
    resolved_by: PersonId


class Decision(Published):
    """All that a decision rests on, frozen: the version applied for and its digest, every score and
    input, the criteria with their source, the vote.
    """

    content: ApplicationContent
    scores: tuple[Score, ...]
    inputs: tuple[Input, ...]
    criteria: Criteria
    criteria_source: str
    resolution: Resolution
    offer: Offer
    aid: Reference | None = None
    """The de minimis entry recorded in the same commit."""
