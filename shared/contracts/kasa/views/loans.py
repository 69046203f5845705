"""Views of loans."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.bank import BankReference
from shared.contracts.kasa.vocabulary.fund import ContractNumber, PositiveMoney, SourceCode
from shared.contracts.kasa.vocabulary.loans import (
    Allocated,
    ApprovalKind,
    ArrearsClass,
    Condition,
    DayCount,
    Instalment,
    LoanAid,
    LoanState,
    LoanTerms,
    PaymentPurpose,
    Percent,
    PlanCause,
    PrepaymentEffect,
    ProductCode,
    RowKind,
    RuleName,
    Tier,
)
from shared.contracts.kasa.vocabulary.undertakings import RegulationNumber
from shared.contracts.model import Published
from shared.kernel.money import Amount, Currency, Money


class PreviewSchedule(Published):
    """Computes, and records nothing."""

    product: ProductCode
    principal: PositiveMoney
    terms: LoanTerms
    day_count: DayCount = DayCount.ACT_365
    disbursed_on: date


class SchedulePreview(Published):
    percent: Percent
    rows: tuple[Instalment, ...]
    interest: Money


class GetLoan(Published):
    id: UUID
    as_of: date | None = Field(
        default=None, description="At the end of this day, by all that is known now; else of today"
    )


class ScheduleRow(Instalment):
    """With what was settled of it by the day."""

    paid_principal: Amount
    paid_interest: Amount
    remitted: Amount
    settled_on: date | None


class LoanPayment(Published):
    bank_reference: BankReference
    paid_on: date
    amount: Amount
    purpose: PaymentPurpose
    reversed: bool
    allocated: Allocated | None


class LoanBalances(Published):
    """At the end of the day."""

    disbursed: Amount
    capitalised: Amount
    principal: Amount
    overdue_principal: Amount
    overdue_interest: Amount
    accrued_interest: Amount
    penalty: Amount
    costs: Amount
    credit: Amount
    paid_principal: Amount
    paid_interest: Amount
    paid_penalty: Amount
    paid_costs: Amount
    remitted: Amount
    given_up: Amount
    """Of the principal: remitted, or lost when the loan was written off."""
    recovered: Amount
    payoff: Amount
    """What ends the loan when it is paid on the day, meant as a prepayment."""


class RowDifference(Published):
    """One row in two versions of a schedule; None where a version has no such row."""

    number: int
    kind: RowKind
    before: Instalment | None
    after: Instalment | None


class ScheduleChange(Published):
    """A version of the schedule, and how it differs from the one before it."""

    number: int
    effective_on: date
    cause: PlanCause
    reference: str
    """Of the fact that led to it: an annex, a bank reference, a request."""
    rows: int
    changed: tuple[RowDifference, ...] | None
    """None where it does not fit into one answer: read the version."""


class GetScheduleVersion(Published):
    loan_id: UUID
    number: int = Field(ge=1)


class ScheduleVersion(Published):
    """A version whole: the rows that are as they were before, and those that differ."""

    number: int
    effective_on: date
    cause: PlanCause
    reference: str
    unchanged: tuple[Instalment, ...]
    changed: tuple[RowDifference, ...]


class LoanChart(Published):
    """Series over the due days of the first and the present schedule, each as long as `days`.

    Balances are what is still to be repaid after the day, as first planned and as planned now; the
    others run up from nothing. What was paid is known up to the day of the card, and shorter.
    """

    days: tuple[date, ...]
    original_balance: tuple[Amount, ...]
    balance: tuple[Amount, ...]
    planned_principal: tuple[Amount, ...]
    planned_interest: tuple[Amount, ...]
    paid_principal: tuple[Amount, ...]
    paid_interest: tuple[Amount, ...]


class LoanRequest(Published):
    id: UUID
    kind: ApprovalKind
    principal: Amount
    interest: Amount
    penalty: Amount
    requested_by: str
    requested_on: date
    approved: bool | None
    decided_by: str | None
    done: bool


class LoanCard(Published):
    """Everything about a loan, in its currency, as of a day."""

    id: UUID
    version: int
    number: ContractNumber
    enterprise_id: UUID
    application_id: UUID | None
    source: SourceCode
    product: ProductCode
    product_source: str
    state: LoanState
    currency: Currency
    agreed_principal: Amount
    percent: Percent
    terms: LoanTerms
    day_count: DayCount
    waterfall: RuleName
    prepayment_effect: PrepaymentEffect
    signed_on: date
    conditions: tuple[Condition, ...]
    conditions_missing: tuple[RuleName, ...]
    requests: tuple[LoanRequest, ...]
    as_of: date
    balances: LoanBalances
    days_past_due: int
    arrears_class: ArrearsClass
    is_irregular: bool
    aid: LoanAid | None
    schedule: tuple[ScheduleRow, ...]
    """As it stood on the day, in order; the rows that were settled first are left out first where
    not all fit into one answer.
    """
    schedule_left_out: int
    chart: LoanChart
    payments: tuple[LoanPayment, ...]
    """Value of the day or before, the latest first; as many as fit into one answer."""
    payments_left_out: int
    versions: tuple[ScheduleChange, ...]
    """Every schedule there was, the one in force first; as many as fit into one answer."""
    versions_left_out: int


class LoanSummary(Published):
    """As of the last time something of it was recorded."""

    id: UUID
    version: int
    number: ContractNumber
    enterprise_id: UUID
    source: SourceCode
    product: ProductCode
    state: LoanState
    arrears_class: ArrearsClass
    signed_on: date
    principal: Money
    percent: Percent
    drawn: Money
    outstanding: Money
    repaid: Money
    written_off: Money


class ListLoans(Page):
    enterprise_id: UUID | None = None
    source: SourceCode | None = None
    state: LoanState | None = None
    arrears_class: ArrearsClass | None = None


class LoanPage(Published):
    items: tuple[LoanSummary, ...]
    next_cursor: str | None
    position: int


class ListProducts(Published):
    day: date | None = None
    """Those on whose terms a contract can be made on this day; today when left out."""


class LoanProduct(Published):
    """A product on the terms of a day; a limit that is None does not exist."""

    code: ProductCode
    name_pl: str
    name_en: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool
    """Whether somebody checked the terms against the source."""
    percent: Percent
    maximum: Money
    maximum_per_entity: Money | None
    maximum_loans: int | None
    second_only_for_new_jobs: bool
    maximum_months: int
    maximum_grace_months: int
    job_discount: Percent | None
    """Per cent of the rate that remain when a job is created."""
    minimum_age_months: int | None
    maximum_age_months: int | None
    maximum_staff: int | None
    maximum_remission: Percent | None
    security: tuple[RuleName, ...]
    regulation: RegulationNumber | None


class Waterfall(Published):
    """An order in which payments go to what is due."""

    name: RuleName
    tiers: tuple[Tier, ...]
    source: str


class ProductList(Published):
    day: date
    products: tuple[LoanProduct, ...]
    waterfalls: tuple[Waterfall, ...]
