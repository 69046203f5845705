"""What is told of grants."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.fund import ContractNumber, SourceCode
from shared.contracts.kasa.vocabulary.grants import (
    ClawbackPart,
    GrantTask,
    GrantTerms,
    PlaceResult,
    ReportState,
    TrancheState,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference
from shared.kernel.money import Money


class GrantReport(Published):
    number: int
    state: ReportState
    submission: int
    """How often it was submitted."""
    due_on: date
    submitted_on: date | None = None
    decided_on: date | None = None
    spent: Money | None = None
    accepted: Money | None = None


class GrantTranche(Published):
    number: int
    amount: Money
    after_report: int | None
    state: TrancheState
    released_on: date | None = None
    bank_reference: Reference | None = None


class JobPlaceSpell(Published):
    since: date
    until: date | None
    """The first day on which nobody held the place."""


class GrantJobPlace(Published):
    place_id: UUID
    spells: tuple[JobPlaceSpell, ...]
    required_until: date
    """The first day on which it need not be filled any more."""


class GrantClawback(Published):
    amount: Money
    still_due: Money
    parts: tuple[ClawbackPart, ...]
    formula: str
    computed_on: date
    pay_by: date


class GrantRepayment(Published):
    bank_reference: Reference
    value_on: date
    amount: Money
    overpaid: Money


class DueGrantTask(Published):
    kind: GrantTask
    opens_on: date
    due_on: date | None
    about: str | None


class Grant(Published):
    """A grant contract, with all that became of it."""

    id: UUID
    version: int
    terms: GrantTerms
    signed_on: date
    durability_months: int
    durability_source: str
    clawback_formula: str
    clawback_source: str
    conditions_met: tuple[str, ...]
    reports: tuple[GrantReport, ...]
    tranches: tuple[GrantTranche, ...]
    job_places: tuple[GrantJobPlace, ...]
    durability: tuple[PlaceResult, ...] | None
    """Of the check; None before it."""
    clawback: GrantClawback | None
    repayments: tuple[GrantRepayment, ...]
    committed: Money
    paid: Money
    repaid: Money
    closed_on: date | None
    tasks: tuple[DueGrantTask, ...]


class GrantSummary(Published):
    id: UUID
    version: int
    number: ContractNumber
    enterprise_id: UUID
    source: SourceCode
    signed_on: date
    amount: Money
    paid: Money
    repaid: Money
    closed_on: date | None


class ListGrants(Page):
    enterprise_id: UUID | None = None
    source: SourceCode | None = None


class GrantPage(Published):
    items: tuple[GrantSummary, ...]
    next_cursor: str | None
    position: int
