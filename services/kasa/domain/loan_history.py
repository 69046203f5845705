"""The history of a loan: its events, and the state they lead to.

What is owed is no part of this state: it is computed from the facts (`settlement.settle`). The
events `ScheduleSet` and `Settled` keep what each computation changed, so that every schedule that
was ever told and every allocation that was ever booked can be shown.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.kasa.domain.loan_facts import (
    Approval,
    Cost,
    Fact,
    Remission,
    Repricing,
    Restructuring,
    WriteOff,
)
from services.kasa.domain.schedule import terms_of
from shared.contracts.kasa.vocabulary.bank import BankReference
from shared.contracts.kasa.vocabulary.fund import ContractNumber, SourceCode
from shared.contracts.kasa.vocabulary.loans import (
    Allocated,
    ApprovalKind,
    ArrearsClass,
    Condition,
    DayCount,
    Instalment,
    LoanAid,
    LoanTerms,
    PaymentPurpose,
    Percent,
    PlanCause,
    PrepaymentEffect,
    ProductCode,
    RuleName,
)
from shared.contracts.vocabulary import Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.money import Amount, Currency, Money


class LoanHistory(Aggregate):
    class Contracted(Event):
        """Signed on this day, on the terms of the product in force on it."""

        TOPIC: ClassVar[str] = "kasa.Loan.Contracted"
        number: ContractNumber
        enterprise_id: UUID
        application_id: UUID | None
        source: SourceCode
        product: ProductCode
        product_source: str
        principal: Money
        percent: Percent
        late_percent: Percent | None
        day_count: DayCount
        terms: LoanTerms
        waterfall: RuleName
        prepayment_effect: PrepaymentEffect
        conditions: tuple[Condition, ...]
        aid: LoanAid | None

    class ConditionMet(Event):
        TOPIC: ClassVar[str] = "kasa.Loan.ConditionMet"
        code: RuleName
        evidence: Reference

    class ApprovalRequested(Event):
        """The amounts are what is to be paid out, or remitted; a write-off takes all that is owed."""

        TOPIC: ClassVar[str] = "kasa.Loan.ApprovalRequested"
        request_id: UUID
        kind: ApprovalKind
        principal: Amount
        interest: Amount
        penalty: Amount
        requested_by: str
        source_document: Reference

    class ApprovalDecided(Event):
        """By another person than the one who asked."""

        TOPIC: ClassVar[str] = "kasa.Loan.ApprovalDecided"
        request_id: UUID
        approved: bool
        decided_by: str

    class Disbursed(Event):
        """The bank paid the tranche of a request out, value of this day."""

        TOPIC: ClassVar[str] = "kasa.Loan.Disbursed"
        enterprise_id: UUID
        request_id: UUID
        amount: Money
        bank_reference: BankReference

    class CreditReturned(Event):
        """The bank paid held money of a request back, value of this day."""

        TOPIC: ClassVar[str] = "kasa.Loan.CreditReturned"
        enterprise_id: UUID
        request_id: UUID
        amount: Money
        bank_reference: BankReference

    class PaymentReceived(Event):
        """Value of this day."""

        TOPIC: ClassVar[str] = "kasa.Loan.PaymentReceived"
        enterprise_id: UUID
        bank_reference: BankReference
        amount: Money
        purpose: PaymentPurpose

    class PaymentReversed(Event):
        """The payment never counted: the bank took it back, or it was another's."""

        TOPIC: ClassVar[str] = "kasa.Loan.PaymentReversed"
        enterprise_id: UUID
        bank_reference: BankReference
        amount: Money
        source_document: Reference

    class CostCharged(Event):
        TOPIC: ClassVar[str] = "kasa.Loan.CostCharged"
        source_document: Reference
        amount: Money

    class Restructured(Event):
        """By an annex to the contract; counts from this day."""

        TOPIC: ClassVar[str] = "kasa.Loan.Restructured"
        annex: Reference
        terms: LoanTerms
        capitalise_interest: bool

    class JobDiscountApplied(Event):
        """A job was created: from this day on the rate is lower."""

        TOPIC: ClassVar[str] = "kasa.Loan.JobDiscountApplied"
        job_place_id: UUID
        percent: Percent
        source: str

    class Remitted(Event):
        """Given up, as approved."""

        TOPIC: ClassVar[str] = "kasa.Loan.Remitted"
        request_id: UUID
        principal: Amount
        interest: Amount
        penalty: Amount

    class WrittenOff(Event):
        """Given up for lost, as approved; the amounts are what was owed on the day."""

        TOPIC: ClassVar[str] = "kasa.Loan.WrittenOff"
        enterprise_id: UUID
        request_id: UUID
        currency: Currency
        principal: Amount
        interest: Amount
        penalty: Amount
        costs: Amount

    class ScheduleSet(Event):
        """A version of the schedule, from 1, and why it replaced the one before."""

        TOPIC: ClassVar[str] = "kasa.Loan.ScheduleSet"
        number: int
        cause: PlanCause
        reference: str
        rows: tuple[Instalment, ...]

    class Settled(Event):
        """Where payments went, of those for which it changed; and in sums until now what interest
        became principal and what principal was given up.
        """

        TOPIC: ClassVar[str] = "kasa.Loan.Settled"
        allocated: tuple[Allocated, ...]
        capitalised: Amount
        given_up: Amount

    class SituationAssessed(Event):
        """The debtor's situation, as far as it bears on the class of the receivable."""

        TOPIC: ClassVar[str] = "kasa.Loan.SituationAssessed"
        situation: ArrearsClass
        source_document: Reference

    class ArrearsClassChanged(Event):
        TOPIC: ClassVar[str] = "kasa.Loan.ArrearsClassChanged"
        enterprise_id: UUID
        was: ArrearsClass
        now: ArrearsClass
        days_past_due: int
        source: str

    class Repaid(Event):
        """Nothing is owed any more."""

        TOPIC: ClassVar[str] = "kasa.Loan.Repaid"

    class Reopened(Event):
        """Something is owed again, because a payment was taken back or counts otherwise."""

        TOPIC: ClassVar[str] = "kasa.Loan.Reopened"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.contracted: LoanHistory.Contracted | None = None
        self.conditions_met: dict[str, str] = {}
        """Evidence by code."""
        self.approvals: dict[UUID, Approval] = {}
        self.tranches: dict[str, LoanHistory.Disbursed] = {}
        self.payments: dict[str, LoanHistory.PaymentReceived] = {}
        """By bank reference, as are the tranches and returns; the reversed ones too."""
        self.returns: dict[str, LoanHistory.CreditReturned] = {}
        self.reversed: set[str] = set()
        self.changes: tuple[Fact, ...] = ()
        """Facts that are neither tranches nor payments nor returns."""
        self.discounts: set[UUID] = set()
        """Job places for which the rate was lowered."""
        self.schedules: tuple[LoanHistory.ScheduleSet, ...] = ()
        self.allocated: dict[str, Allocated] = {}
        self.capitalised = Decimal("0.00")
        self.given_up = Decimal("0.00")
        self.situations: tuple[LoanHistory.SituationAssessed, ...] = ()
        self.arrears_class = ArrearsClass.NORMAL
        self.restructured_on: date | None = None
        self.repaid_on: date | None = None
        self.written_off_on: date | None = None
        self.has_ended = False
        """It was repaid or written off, if only for a while: nothing more is paid out."""

    @property
    def agreed(self) -> Contracted:
        if self.contracted is None:
            raise LookupError(f"loan {self.id} was never contracted")
        return self.contracted

    @property
    def schedule(self) -> tuple[Instalment, ...]:
        """The version in force."""
        return self.schedules[-1].rows if self.schedules else ()

    @property
    def drawn(self) -> Decimal:
        return sum((each.amount.amount for each in self.tranches.values()), Decimal(0))

    @property
    def undrawn(self) -> Decimal:
        """What of the principal is bound for tranches to come."""
        if self.contracted is None or self.has_ended:
            return Decimal("0.00")
        return self.contracted.principal.amount - self.drawn

    @property
    def conditions_missing(self) -> tuple[str, ...]:
        codes = (condition.code for condition in self.agreed.conditions)
        return tuple(code for code in codes if code not in self.conditions_met)

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Contracted) -> None:
        self.contracted = event

    @apply.register
    def _(self, event: ConditionMet) -> None:
        self.conditions_met[event.code] = event.evidence

    @apply.register
    def _(self, event: ApprovalRequested) -> None:
        self.approvals[event.request_id] = Approval(
            event.request_id,
            event.kind,
            event.principal,
            event.interest,
            event.penalty,
            event.requested_by,
            event.occurred_on,
        )

    @apply.register
    def _(self, event: ApprovalDecided) -> None:
        known = self.approvals[event.request_id]
        self.approvals[event.request_id] = replace(
            known, approved=event.approved, decided_by=event.decided_by
        )

    @apply.register
    def _(self, event: Disbursed) -> None:
        self._done(event.request_id)
        self.tranches[event.bank_reference] = event

    @apply.register
    def _(self, event: CreditReturned) -> None:
        self._done(event.request_id)
        self.returns[event.bank_reference] = event

    @apply.register
    def _(self, event: PaymentReceived) -> None:
        self.payments[event.bank_reference] = event

    @apply.register
    def _(self, event: PaymentReversed) -> None:
        self.reversed.add(event.bank_reference)

    @apply.register
    def _(self, event: CostCharged) -> None:
        self._change(Cost(event.occurred_on, event.source_document, event.amount.amount))

    @apply.register
    def _(self, event: Restructured) -> None:
        terms = terms_of(event.terms, self.agreed.day_count)
        self._change(
            Restructuring(event.occurred_on, event.annex, terms, event.capitalise_interest)
        )
        self.restructured_on = event.occurred_on

    @apply.register
    def _(self, event: JobDiscountApplied) -> None:
        self._change(Repricing(event.occurred_on, str(event.job_place_id), event.percent))
        self.discounts.add(event.job_place_id)

    @apply.register
    def _(self, event: Remitted) -> None:
        self._done(event.request_id)
        reference = str(event.request_id)
        amounts = event.principal, event.interest, event.penalty
        self._change(Remission(event.occurred_on, reference, *amounts))

    @apply.register
    def _(self, event: WrittenOff) -> None:
        self._done(event.request_id)
        self._change(WriteOff(event.occurred_on, str(event.request_id)))
        self.written_off_on, self.has_ended = event.occurred_on, True

    @apply.register
    def _(self, event: ScheduleSet) -> None:
        self.schedules = (*self.schedules, event)

    @apply.register
    def _(self, event: Settled) -> None:
        self.allocated |= {each.reference: each for each in event.allocated}
        self.capitalised, self.given_up = event.capitalised, event.given_up

    @apply.register
    def _(self, event: SituationAssessed) -> None:
        self.situations = (*self.situations, event)

    @apply.register
    def _(self, event: ArrearsClassChanged) -> None:
        self.arrears_class = event.now

    @apply.register
    def _(self, event: Repaid) -> None:
        self.repaid_on, self.has_ended = event.occurred_on, True

    @apply.register
    def _(self, _event: Reopened) -> None:
        self.repaid_on = None

    def _change(self, fact: Fact) -> None:
        self.changes = (*self.changes, fact)

    def _done(self, request_id: UUID) -> None:
        self.approvals[request_id] = replace(self.approvals[request_id], done=True)
