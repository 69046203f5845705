"""A loan, from its contract to its end: decisions.

Whoever asks for a disbursement, a remission or a write-off does not approve it. After every fact
what is owed is computed anew, and what that changed is recorded with the fact.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kasa.domain.lending import (
    Standing,
    agreed_percent,
    first_plan,
    product_on,
    require_within,
)
from services.kasa.domain.loan_aid import Support, aid_in
from services.kasa.domain.loan_approvals import ApprovedLoan
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING
from shared.contracts.kasa.vocabulary.loans import (
    ApprovalKind,
    Condition,
    DayCount,
    LoanTerms,
    PaymentPurpose,
    PlanCause,
    PrepaymentEffect,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency


class Loan(ApprovedLoan):
    """Its id derives from the number of the contract (`id_of("loan", number)`)."""

    def sign(
        self,
        *,
        number: str,
        enterprise_id: UUID,
        application_id: UUID | None,
        source: str,
        product: str,
        principal: Money,
        terms: LoanTerms,
        late_percent: Decimal | None,
        day_count: DayCount,
        waterfall: str,
        prepayment_effect: PrepaymentEffect,
        conditions: Sequence[Condition],
        standing: Standing,
        support: Support | None,
        signed_on: date,
        today: date,
        rules: LoanRules,
    ) -> None:
        """On the rate and within the limits of the product in force on the day. `support` is None
        where the loan is no aid.
        """
        if self.contracted is not None:
            raise Rejected("kasa.contract_number_taken", {"number": number}, "/number")
        require_come(signed_on, today, "/signed_on")
        require_not_before(signed_on, terms.first_due_on, "/terms/first_due_on")
        limits = product_on(product, signed_on, rules)
        require_within(limits, principal, terms, standing)
        if waterfall not in rules.waterfalls:
            raise Rejected(
                "kasa.waterfall_unknown", {"known": sorted(rules.waterfalls)}, "/waterfall"
            )
        percent = agreed_percent(limits.value, signed_on, rules)
        rows = first_plan(percent, principal, terms, day_count, signed_on, rules)
        self.record(
            self.Contracted,
            occurred_on=signed_on,
            number=number,
            enterprise_id=enterprise_id,
            application_id=application_id,
            source=source,
            product=product,
            product_source=limits.source,
            principal=principal,
            percent=percent,
            late_percent=late_percent,
            day_count=day_count,
            terms=terms,
            waterfall=waterfall,
            prepayment_effect=prepayment_effect,
            conditions=tuple(conditions),
            aid=support and aid_in(rows, principal, percent, support, signed_on, rules),
        )
        self.record(
            self.ScheduleSet,
            occurred_on=signed_on,
            number=1,
            cause=PlanCause.CONTRACT,
            reference=number,
            rows=tuple(row.told() for row in rows),
        )

    def meet_condition(self, *, code: str, evidence: str, met_on: date, today: date) -> None:
        require_come(met_on, today, "/met_on")
        if code not in {condition.code for condition in self.agreed.conditions}:
            raise Rejected("kasa.condition_unknown", pointer="/code")
        if self.conditions_met.get(code) == evidence:
            raise Rejected("nothing_changed", pointer="/evidence")
        self.record(self.ConditionMet, occurred_on=met_on, code=code, evidence=evidence)

    def request_disbursement(
        self, *, request_id: UUID, amount: Money, source_document: str, by: str, today: date
    ) -> None:
        """Of one tranche, when all conditions are met and within what was agreed."""
        self.require_running()
        if self.conditions_missing:
            raise Rejected("kasa.conditions_unmet", {"missing": list(self.conditions_missing)})
        require_currency(amount, self.agreed.principal.currency, "/amount/currency")
        waiting = (
            each.principal
            for each in self.approvals.values()
            if each.kind is ApprovalKind.DISBURSEMENT
            and not each.done
            and each.approved is not False
        )
        bound = self.drawn + sum(waiting, NOTHING)
        if bound + amount.amount > self.drawn + self.undrawn:
            raise Rejected(
                "kasa.principal_exceeded",
                {
                    "principal": str(self.agreed.principal.amount),
                    "bound": str(bound),
                    "asked": str(amount.amount),
                },
                "/amount",
            )
        self.ask(
            ApprovalKind.DISBURSEMENT,
            request_id,
            (amount.amount, NOTHING, NOTHING),
            source_document,
            by,
            today,
        )

    def confirm_disbursement(
        self, *, request_id: UUID, bank_reference: str, paid_on: date, today: date, rules: LoanRules
    ) -> None:
        """The bank paid an approved tranche out. The same line again has no effect."""
        known = self.require_request(request_id, ApprovalKind.DISBURSEMENT)
        told = self.tranches.get(bank_reference)
        if told is not None and (told.request_id, told.occurred_on) == (request_id, paid_on):
            return
        self.require_new_reference(bank_reference)
        if known.done:
            raise Rejected("kasa.already_disbursed", pointer="/request_id")
        if known.approved is not True:
            raise Rejected("kasa.not_approved", pointer="/request_id")
        self.require_running()
        require_come(paid_on, today, "/paid_on")
        require_not_before(self.agreed.occurred_on, paid_on, "/paid_on")
        last = self.schedule[-1].ends if self.tranches else self.agreed.terms.first_due_on
        if paid_on >= last:
            raise Rejected("kasa.disbursed_too_late", {"before": last.isoformat()}, "/paid_on")
        amount = Money(amount=known.principal, currency=self.agreed.principal.currency)
        self.record(
            self.Disbursed,
            occurred_on=paid_on,
            enterprise_id=self.agreed.enterprise_id,
            request_id=request_id,
            amount=amount,
            bank_reference=bank_reference,
        )
        self.settle(bank_reference, paid_on, today, rules)

    def receive(
        self,
        *,
        bank_reference: str,
        amount: Money,
        purpose: PaymentPurpose,
        paid_on: date,
        today: date,
        rules: LoanRules,
    ) -> None:
        """A payment, value of a day that may be long past. The same line again has no effect."""
        known = self.payments.get(bank_reference)
        if known is not None and bank_reference in self.reversed:
            raise Rejected("kasa.payment_reversed", pointer="/bank_reference")
        if known is not None and (known.amount, known.occurred_on) == (amount, paid_on):
            return
        self.require_new_reference(bank_reference)
        require_currency(amount, self.agreed.principal.currency, "/amount/currency")
        require_come(paid_on, today, "/paid_on")
        first = min((each.occurred_on for each in self.tranches.values()), default=None)
        if first is None or paid_on < first:
            raise Rejected(
                "kasa.payment_before_loan",
                {"disbursed_on": first and first.isoformat(), "paid_on": paid_on.isoformat()},
                "/paid_on",
            )
        self.record(
            self.PaymentReceived,
            occurred_on=paid_on,
            enterprise_id=self.agreed.enterprise_id,
            bank_reference=bank_reference,
            amount=amount,
            purpose=purpose,
        )
        self.settle(bank_reference, paid_on, today, rules)

    def reverse_payment(
        self, *, bank_reference: str, source_document: str, today: date, rules: LoanRules
    ) -> None:
        """From now on it is as if the payment had never been."""
        if bank_reference not in self.payments:
            raise Rejected("kasa.payment_unknown", pointer="/bank_reference")
        if bank_reference in self.reversed:
            raise Rejected("kasa.payment_reversed", pointer="/bank_reference")
        self.record(
            self.PaymentReversed,
            occurred_on=today,
            enterprise_id=self.agreed.enterprise_id,
            bank_reference=bank_reference,
            amount=self.payments[bank_reference].amount,
            source_document=source_document,
        )
        self.settle(bank_reference, today, today, rules)

    def charge(
        self,
        *,
        source_document: str,
        amount: Money,
        charged_on: date,
        today: date,
        rules: LoanRules,
    ) -> None:
        self.require_disbursed()
        require_currency(amount, self.agreed.principal.currency, "/amount/currency")
        self.require_in_life(charged_on, today, "/charged_on")
        self.record(
            self.CostCharged,
            occurred_on=charged_on,
            source_document=source_document,
            amount=amount,
        )
        self.settle(source_document, charged_on, today, rules)

    def restructure(
        self,
        *,
        annex: str,
        terms: LoanTerms,
        capitalise_interest: bool,
        effective_on: date,
        today: date,
        rules: LoanRules,
    ) -> None:
        """Spread all principal still owed over new terms, by an annex to the contract."""
        self.require_disbursed()
        self.require_in_life(effective_on, today, "/effective_on")
        if terms.first_due_on <= effective_on:
            after = {"not_before": effective_on.isoformat()}
            raise Rejected("date_too_early", after, "/terms/first_due_on")
        self.record(
            self.Restructured,
            occurred_on=effective_on,
            annex=annex,
            terms=terms,
            capitalise_interest=capitalise_interest,
        )
        self.settle(annex, effective_on, today, rules)

    def apply_job_discount(
        self, *, job_place_id: UUID, effective_on: date, today: date, rules: LoanRules
    ) -> None:
        """A job was created: the product's lower rate, once, whatever number of jobs."""
        self.require_disbursed()
        self.require_in_life(effective_on, today, "/effective_on")
        limits = product_on(self.agreed.product, self.agreed.occurred_on, rules)
        remains = limits.value.job_discount
        if remains is None:
            raise Rejected("kasa.no_job_discount", {"product": self.agreed.product})
        if self.discounts:
            raise Rejected("kasa.job_discount_applied")
        percent = (self.agreed.percent * remains / 100).quantize(Decimal("0.0001"))
        self.record(
            self.JobDiscountApplied,
            occurred_on=effective_on,
            job_place_id=job_place_id,
            percent=percent,
            source=limits.source,
        )
        self.settle(str(job_place_id), effective_on, today, rules)
