"""Views of loans."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.vocabulary.fund import ContractNumber, PositiveMoney, SourceCode
from shared.contracts.kasa.vocabulary.loans import (
    Allocated,
    ApprovalKind,
    ArrearsClass,
    BankReference,
    Condition,
    DayCount,
    Instalment,
    LoanState,
    LoanTerms,
    PaymentPurpose,
    Percent,
    PlanCause,
    PrepaymentEffect,
    ProductCode,
    RowKind,
    RuleName,
)
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
    as_of: date | None = None
    """Today when left out."""


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
    recovered: Amount
    payoff: Amount
    """What ends the loan when it is paid on the day, meant as a prepayment."""


class RowDifference(Published):
    number: int
    kind: RowKind
    before: Instalment | None
    after: Instalment | None


class ScheduleVersion(Published):
    number: int
    effective_on: date
    cause: PlanCause
    changed: tuple[RowDifference, ...]
    """Against the version before; empty for the first."""


class ChartPoint(Published):
    """Running sums at a due day: as first planned, as planned now, as paid (None to come)."""

    day: date
    planned_principal: Amount
    planned_interest: Amount
    original_balance: Amount
    current_balance: Amount
    paid_principal: Amount | None
    paid_interest: Amount | None


class LoanRequest(Published):
    id: UUID
    kind: ApprovalKind
    principal: Amount
    interest: Amount
    penalty: Amount
    requested_by: str
    approved: bool | None
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
    schedule: tuple[ScheduleRow, ...]
    original_schedule: tuple[Instalment, ...]
    versions: tuple[ScheduleVersion, ...]
    payments: tuple[LoanPayment, ...]
    chart: tuple[ChartPoint, ...]
