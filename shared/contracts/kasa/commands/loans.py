"""Commands on loans."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.vocabulary.bank import BankReference
from shared.contracts.kasa.vocabulary.fund import (
    ContractNumber,
    NonNegativeMoney,
    PositiveMoney,
    SourceCode,
)
from shared.contracts.kasa.vocabulary.loans import (
    ArrearsClass,
    Collateral,
    Condition,
    DayCount,
    LoanTerms,
    PaymentPurpose,
    Percent,
    PrepaymentEffect,
    ProductCode,
    Rating,
    RuleName,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference


class SignLoan(Published):
    """On the rate and within the limits of the product in force on the day.

    With the application that a committee decided on it is exactly what was decided. Where the call or
    the product says under which regulation its loans are de minimis aid, the gross grant equivalent
    follows from the schedule, the rating and the collateral, and is granted with the contract.
    """

    number: ContractNumber
    enterprise_id: UUID
    application_id: UUID | None = None
    source: SourceCode
    product: ProductCode
    principal: PositiveMoney
    terms: LoanTerms
    late_percent: Percent | None = Field(
        default=None, description="Of interest for late payment; the maximum of the law without it"
    )
    day_count: DayCount = DayCount.ACT_365
    waterfall: RuleName = "ancillary_first"
    prepayment_effect: PrepaymentEffect = PrepaymentEffect.REDUCE_INSTALMENTS
    conditions: tuple[Condition, ...] = Field(default=(), max_length=50)
    creates_jobs: bool = False
    rating: Rating = Field(default=Rating.NONE, description="Of the borrower (2008/C 14/02)")
    collateral: Collateral = Collateral.LOW
    signed_on: date


class LoanCommand(Published):
    """A command to one loan; `If-Match` names the version the caller has seen."""

    loan_id: UUID


class MeetLoanCondition(LoanCommand):
    code: RuleName
    evidence: Reference
    met_on: date


class RequestDisbursement(LoanCommand):
    """Another person approves it."""

    amount: PositiveMoney
    source_document: Reference


class RequestCreditReturn(LoanCommand):
    """Of money that is held for the debtor. Another person approves it."""

    amount: PositiveMoney
    source_document: Reference


class DecideLoanRequest(LoanCommand):
    """Approve or decline what another person asked for."""

    request_id: UUID
    approve: bool


class ConfirmDisbursement(LoanCommand):
    """The bank paid an approved tranche out, or held money back."""

    request_id: UUID
    bank_reference: BankReference
    paid_on: date


class RecordPayment(LoanCommand):
    """Value of a day that may be long past; the same line of the bank again has no effect."""

    bank_reference: BankReference
    amount: PositiveMoney
    purpose: PaymentPurpose = PaymentPurpose.INSTALMENT
    paid_on: date
    again: bool = Field(default=False, description="It was reversed in error, and counts anew")


class ReversePayment(LoanCommand):
    bank_reference: BankReference
    source_document: Reference


class ChargeCost(LoanCommand):
    source_document: Reference
    amount: PositiveMoney
    charged_on: date


class RestructureLoan(LoanCommand):
    annex: Reference
    terms: LoanTerms
    capitalise_interest: bool
    effective_on: date


class ApplyJobDiscount(LoanCommand):
    job_place_id: UUID
    effective_on: date


class RequestRemission(LoanCommand):
    principal: NonNegativeMoney
    interest: NonNegativeMoney
    penalty: NonNegativeMoney
    source_document: Reference


class RequestWriteOff(LoanCommand):
    source_document: Reference


class CarryOutLoanRequest(LoanCommand):
    """Carry an approved remission or write-off out."""

    request_id: UUID


class AssessSituation(LoanCommand):
    situation: ArrearsClass
    source_document: Reference
