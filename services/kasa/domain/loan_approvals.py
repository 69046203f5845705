"""What takes a second person: who asks for money to go out or to be given up does not approve it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kasa.domain.lending import product_on
from services.kasa.domain.loan_facts import Remission
from services.kasa.domain.loan_state import SettledLoan
from services.kasa.domain.payments import require_held
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING
from shared.contracts.kasa.vocabulary.loans import ApprovalKind
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency, rounded_amount


class ApprovedLoan(SettledLoan):
    def decide(self, *, request_id: UUID, approve: bool, by: str, today: date) -> None:
        """Approve or decline a request of another person; an approval may be taken back until it is
        carried out. Raises `four_eyes`.
        """
        known = self.require_request(request_id)
        taken_back = known.approved is True and not known.done and not approve
        if known.approved is not None and not taken_back:
            raise Rejected("kasa.request_decided", pointer="/request_id")
        if known.requested_by == by:
            raise Rejected("four_eyes")
        self.record(
            self.ApprovalDecided,
            occurred_on=today,
            request_id=request_id,
            approved=approve,
            decided_by=by,
        )

    def request_credit_return(
        self,
        *,
        request_id: UUID,
        amount: Money,
        source_document: str,
        by: str,
        today: date,
        rules: LoanRules,
    ) -> None:
        """Of what is held for the debtor, also after the loan has ended. Raises `kasa.credit_short`."""
        require_currency(amount, self.agreed.principal.currency, "/amount/currency")
        waiting = (
            each.principal
            for each in self.approvals.values()
            if each.kind is ApprovalKind.CREDIT_RETURN
            and not each.done
            and each.approved is not False
        )
        held = self.settlement(today, rules).balances.credit
        require_held(held - sum(waiting, NOTHING), amount.amount)
        amounts = amount.amount, NOTHING, NOTHING
        self.ask(ApprovalKind.CREDIT_RETURN, request_id, amounts, source_document, by, today)

    def return_credit(
        self, *, request_id: UUID, bank_reference: str, paid_on: date, today: date, rules: LoanRules
    ) -> None:
        """The bank paid it back. The same line again has no effect. Raises `kasa.credit_short`."""
        known = self.require_request(request_id, ApprovalKind.CREDIT_RETURN)
        told = self.returns.get(bank_reference)
        if told is not None and (told.request_id, told.occurred_on) == (request_id, paid_on):
            return
        self.require_new_reference(bank_reference)
        self.require_approved(request_id, ApprovalKind.CREDIT_RETURN)
        require_come(paid_on, today, "/paid_on")
        require_not_before(self.agreed.occurred_on, paid_on, "/paid_on")
        self.record(
            self.CreditReturned,
            occurred_on=paid_on,
            enterprise_id=self.agreed.enterprise_id,
            request_id=request_id,
            amount=Money(amount=known.principal, currency=self.agreed.principal.currency),
            bank_reference=bank_reference,
        )
        self.settle(bank_reference, paid_on, today, rules)

    def request_remission(
        self,
        *,
        request_id: UUID,
        principal: Money,
        interest: Money,
        penalty: Money,
        source_document: str,
        by: str,
        today: date,
        rules: LoanRules,
    ) -> None:
        """Of no more than is owed, and of principal no more than the product allows."""
        self.require_disbursed()
        for name, money in (("principal", principal), ("interest", interest), ("penalty", penalty)):
            require_currency(money, self.agreed.principal.currency, f"/{name}/currency")
        owed = self.settlement(today, rules).balances
        for name, asked, most in (
            ("principal", principal, owed.principal),
            ("interest", interest, owed.overdue_interest),
            ("penalty", penalty, owed.penalty),
        ):
            if asked.amount > most:
                raise Rejected(
                    "kasa.more_than_owed",
                    {"owed": str(most), "asked": str(asked.amount)},
                    f"/{name}",
                )
        self._require_remissible(principal.amount, rules)
        amounts = principal.amount, interest.amount, penalty.amount
        self.ask(ApprovalKind.REMISSION, request_id, amounts, source_document, by, today)

    def remit(self, *, request_id: UUID, today: date, rules: LoanRules) -> Money:
        """As approved, from today on; what was given up, no more than was still owed."""
        known = self.require_approved(request_id, ApprovalKind.REMISSION)
        self.require_disbursed()
        self._require_remissible(known.principal, rules)
        before = self.settlement(today, rules).balances.remitted
        self.record(
            self.Remitted,
            occurred_on=today,
            request_id=request_id,
            principal=known.principal,
            interest=known.interest,
            penalty=known.penalty,
        )
        self.settle(str(request_id), today, today, rules)
        remitted = self.settlement(today, rules).balances.remitted - before
        return Money(amount=remitted, currency=self.agreed.principal.currency)

    def request_write_off(
        self, *, request_id: UUID, source_document: str, by: str, today: date
    ) -> None:
        self.require_disbursed()
        nothing = (NOTHING, NOTHING, NOTHING)
        self.ask(ApprovalKind.WRITE_OFF, request_id, nothing, source_document, by, today)

    def write_off(self, *, request_id: UUID, today: date, rules: LoanRules) -> None:
        """As approved: all that is owed today is lost, and nothing more is paid out."""
        self.require_approved(request_id, ApprovalKind.WRITE_OFF)
        self.require_disbursed()
        self.require_no_tranche_approved()
        owed = self.settlement(today, rules).balances
        self.record(
            self.WrittenOff,
            occurred_on=today,
            enterprise_id=self.agreed.enterprise_id,
            request_id=request_id,
            currency=self.agreed.principal.currency,
            principal=owed.principal,
            interest=owed.overdue_interest + owed.accrued_interest,
            penalty=owed.penalty,
            costs=owed.costs,
        )
        self.settle(str(request_id), today, today, rules)

    def _require_remissible(self, asked: Decimal, rules: LoanRules) -> None:
        """What the product promises to remit of the principal; others remit by decision alone."""
        limits = product_on(self.agreed.product, self.agreed.occurred_on, rules)
        if limits.value.maximum_remission is None:
            return
        most = rounded_amount(self.agreed.principal.amount * limits.value.maximum_remission / 100)
        given = sum(
            (each.principal for each in self.changes if isinstance(each, Remission)), NOTHING
        )
        if given + asked > most:
            raise Rejected(
                "kasa.remission_limit",
                {"allowed": str(most), "given": str(given), "asked": str(asked)}
                | {"source": limits.source},
                "/principal",
            )

    def ask(
        self,
        kind: ApprovalKind,
        request_id: UUID,
        amounts: tuple[Decimal, Decimal, Decimal],
        source_document: str,
        by: str,
        today: date,
    ) -> None:
        if request_id in self.approvals:
            raise Rejected("kasa.request_exists", pointer="/request_id")
        principal, interest, penalty = amounts
        self.record(
            self.ApprovalRequested,
            occurred_on=today,
            request_id=request_id,
            kind=kind,
            principal=principal,
            interest=interest,
            penalty=penalty,
            requested_by=by,
            source_document=source_document,
        )
