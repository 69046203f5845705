"""What is owed on a loan, and what each new fact changed of it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kasa.domain.accounts import Proceeds
from services.kasa.domain.classification import classify
from services.kasa.domain.dues import Allocation
from services.kasa.domain.journal import ContractMoney
from services.kasa.domain.loan_facts import (
    Approval,
    Contract,
    CreditReturn,
    Fact,
    Payment,
    Restructuring,
    Tranche,
)
from services.kasa.domain.loan_history import LoanHistory
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING, terms_of
from services.kasa.domain.settlement import Settlement, settle
from shared.contracts.kasa.vocabulary.fund import Received
from shared.contracts.kasa.vocabulary.loans import (
    Allocated,
    ApprovalKind,
    ArrearsClass,
    LoanState,
    PlanCause,
    Tier,
)
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.money import Money

FIELDS = {
    Tier.COSTS: "costs",
    Tier.PENALTY_INTEREST: "penalty",
    Tier.OVERDUE_INTEREST: "interest",
    Tier.CURRENT_INTEREST: "interest",
    Tier.OVERDUE_PRINCIPAL: "principal",
    Tier.CURRENT_PRINCIPAL: "principal",
    Tier.PREPAYMENT: "principal",
    Tier.RECOVERY: "recovered",
    Tier.CREDIT: "credit",
    Tier.RETURNED: "returned",
}


class SettledLoan(LoanHistory):
    @property
    def contract(self) -> Contract:
        """What was agreed, as far as it decides what is owed."""
        agreed = self.agreed
        return Contract(
            terms=terms_of(agreed.terms, agreed.day_count),
            percent=agreed.percent,
            late_percent=agreed.late_percent,
            waterfall=agreed.waterfall,
            prepayment_effect=agreed.prepayment_effect,
            contracted_on=agreed.occurred_on,
        )

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All that counts, in the order in which it became known."""
        tranches = (
            Tranche(each.occurred_on, reference, each.amount.amount)
            for reference, each in self.tranches.items()
        )
        payments = (
            Payment(each.occurred_on, reference, each.amount.amount, each.purpose)
            for reference, each in self.payments.items()
            if reference not in self.reversed
        )
        returns = (
            CreditReturn(each.occurred_on, reference, each.amount.amount)
            for reference, each in self.returns.items()
        )
        return (*tranches, *payments, *self.changes, *returns)

    @property
    def state(self) -> LoanState:
        if self.written_off_on is not None:
            return LoanState.WRITTEN_OFF
        if self.repaid_on is not None:
            return LoanState.REPAID
        if self.restructured_on is not None:
            return LoanState.RESTRUCTURED
        return LoanState.RUNNING if self.tranches else LoanState.CONTRACTED

    @property
    def proceeds(self) -> Proceeds:
        """As recorded last; in the books they are the same."""
        parts = self.allocated.values()
        income = (each.costs + each.penalty + each.interest + each.recovered for each in parts)
        return Proceeds(
            Received(
                principal=self._sum(each.principal for each in parts),
                income=self._sum(income),
                overpaid=self._sum(each.credit for each in parts),
            ),
            capitalised=self._sum([self.capitalised]),
            given_up=self._sum([self.given_up]),
            returned=self._sum(each.returned for each in parts),
        )

    @property
    def money(self) -> ContractMoney:
        """What the fund's books say of the loan at the same position."""
        sums = self.proceeds
        return ContractMoney(
            committed=self._sum([self.undrawn]),
            disbursed=self._sum([self.drawn, self.capitalised]),
            repaid=sums.received.principal,
            income=sums.received.income + sums.capitalised,
            written_off=sums.given_up,
            held=sums.received.overpaid,
        )

    def _sum(self, amounts: Iterable[Decimal]) -> Money:
        return Money(amount=sum(amounts, NOTHING), currency=self.agreed.principal.currency)

    def settlement(self, as_of: date, rules: LoanRules) -> Settlement:
        """The state at the end of a day, from all that is known now."""
        return settle(self.contract, self.facts, as_of, rules)

    def settle(self, reference: str, on: date, today: date, rules: LoanRules) -> None:
        """Record what a fact, already recorded, changed: the schedule, where payments went, whether
        anything is still owed, and the class.
        """
        settled = self.settlement(today, rules)
        self._set_schedule(settled, reference, on)
        self._follow(settled, rules)

    def review(self, *, today: date, rules: LoanRules) -> None:
        """What the days alone changed: held money that was used, a maximum of the law, the class."""
        if not self.tranches:
            return
        settled = self.settlement(today, rules)
        self._set_schedule(settled, today.isoformat(), today, PlanCause.RATE_CAP)
        self._follow(settled, rules)

    def assess(
        self, *, situation: ArrearsClass, source_document: str, today: date, rules: LoanRules
    ) -> None:
        """The debtor's situation: the worse of it and of timeliness is the class."""
        self.require_disbursed()
        if situation is self.situation_on(today):
            raise Rejected("nothing_changed", pointer="/situation")
        self.record(
            self.SituationAssessed,
            occurred_on=today,
            situation=situation,
            source_document=source_document,
        )
        self._set_class(self.settlement(today, rules), rules)

    def class_on(self, day: date, rules: LoanRules) -> ArrearsClass:
        """From all that is known now."""
        return self.class_of(self.settlement(day, rules), rules)

    def situation_on(self, day: date) -> ArrearsClass:
        """Of the debtor, as assessed last by a day."""
        known = (each.situation for each in reversed(self.situations) if each.occurred_on <= day)
        return next(known, ArrearsClass.NORMAL)

    def state_on(self, settled: Settlement) -> LoanState:
        """On the day of a settlement, from all that is known now."""
        if settled.lost is not None:
            return LoanState.WRITTEN_OFF
        if settled.is_repaid and not self._tranche_waits:
            return LoanState.REPAID
        counted = [each for each in self.facts if each.on <= settled.as_of]
        if any(isinstance(each, Restructuring) for each in counted):
            return LoanState.RESTRUCTURED
        drawn = any(isinstance(each, Tranche) for each in counted)
        return LoanState.RUNNING if drawn else LoanState.CONTRACTED

    def class_of(self, settled: Settlement, rules: LoanRules) -> ArrearsClass:
        """The worse of timeliness and situation on the day of a settlement."""
        if settled.lost is not None:
            return ArrearsClass.LOST
        situation = self.situation_on(settled.as_of)
        return classify(settled.oldest_unpaid, situation, settled.as_of, rules)

    def _follow(self, settled: Settlement, rules: LoanRules) -> None:
        self._set_allocations(settled)
        self._set_end(settled)
        self._set_class(settled, rules)

    def require_disbursed(self) -> None:
        """Money is out, and not given up. Raises `kasa.loan_not_running`."""
        self.require_running()
        if not self.tranches:
            raise self._not_running()

    def require_running(self) -> None:
        if self.written_off_on is not None or self.repaid_on is not None:
            raise self._not_running()

    def require_in_life(self, day: date, today: date, pointer: str) -> None:
        """Not before the first disbursement, not before the last restructuring, not to come."""
        require_come(day, today, pointer)
        first = min(each.occurred_on for each in self.tranches.values())
        require_not_before(max(first, self.restructured_on or first), day, pointer)

    def require_new_reference(self, bank_reference: str) -> None:
        """Raises `kasa.bank_reference_used`: the same line of a statement told otherwise."""
        if bank_reference in self.payments.keys() | self.tranches.keys() | self.returns.keys():
            raise Rejected("kasa.bank_reference_used", pointer="/bank_reference")

    def require_request(self, request_id: UUID, kind: ApprovalKind | None = None) -> Approval:
        known = self.approvals.get(request_id)
        if known is None or kind not in (None, known.kind):
            raise Rejected("kasa.request_unknown", pointer="/request_id")
        return known

    def require_approved(self, request_id: UUID, kind: ApprovalKind) -> Approval:
        known = self.require_request(request_id, kind)
        if known.approved is not True or known.done:
            raise Rejected("kasa.not_approved", {"done": known.done}, "/request_id")
        return known

    def require_no_tranche_approved(self) -> None:
        """Nothing that the bank may be paying out. Raises `kasa.disbursement_waits`."""
        waiting = [
            each
            for each in self.approvals.values()
            if each.kind is ApprovalKind.DISBURSEMENT and each.approved and not each.done
        ]
        if waiting:
            raise Rejected("kasa.disbursement_waits", {"request": str(waiting[0].id)})

    def _not_running(self) -> Rejected:
        return Rejected("kasa.loan_not_running", {"state": str(self.state)})

    def _set_schedule(
        self,
        settled: Settlement,
        reference: str,
        on: date,
        otherwise: PlanCause = PlanCause.BACKDATED_FACT,
    ) -> None:
        if not settled.plans:
            return
        latest = settled.plans[-1]
        rows = tuple(row.told() for row in latest.rows)
        if rows != self.schedule:
            self.record(
                self.ScheduleSet,
                occurred_on=on,
                number=len(self.schedules) + 1,
                cause=latest.cause if latest.reference == reference else otherwise,
                reference=reference,
                rows=rows,
            )

    def _set_allocations(self, settled: Settlement) -> None:
        sums, balances = summed(settled.allocations), settled.balances
        gone = {each: _nothing(each) for each in self.allocated if each not in sums}
        changed = [
            each for each in (sums | gone).values() if self.allocated.get(each.reference) != each
        ]
        told = (self.capitalised, self.given_up)
        if changed or told != (balances.capitalised, balances.given_up):
            self.record(
                self.Settled,
                occurred_on=settled.as_of,
                allocated=tuple(changed),
                capitalised=balances.capitalised,
                given_up=balances.given_up,
            )

    def _set_end(self, settled: Settlement) -> None:
        """A loan with a tranche still to come has not ended."""
        ended = settled.is_repaid and not self._tranche_waits
        if ended and self.repaid_on is None:
            self.record(self.Repaid, occurred_on=settled.as_of)
        elif self.repaid_on is not None and not ended and self.written_off_on is None:
            self.record(self.Reopened, occurred_on=settled.as_of)

    @property
    def _tranche_waits(self) -> bool:
        return any(
            each.kind is ApprovalKind.DISBURSEMENT and each.approved is not False and not each.done
            for each in self.approvals.values()
        )

    def _set_class(self, settled: Settlement, rules: LoanRules) -> None:
        today, now = settled.as_of, self.class_of(settled, rules)
        if now is not self.arrears_class:
            self.record(
                self.ArrearsClassChanged,
                occurred_on=today,
                enterprise_id=self.agreed.enterprise_id,
                was=self.arrears_class,
                now=now,
                days_past_due=settled.days_past_due,
                source=rules.arrears_classes.period_on(today).source,
            )


def summed(allocations: tuple[Allocation, ...]) -> dict[str, Allocated]:
    """Per payment, by its bank reference."""
    sums: dict[str, dict[str, Decimal]] = {}
    for each in allocations:
        parts = sums.setdefault(each.reference, dict.fromkeys(FIELDS.values(), NOTHING))
        parts[FIELDS[each.tier]] += each.amount
    return {reference: Allocated(reference=reference, **parts) for reference, parts in sums.items()}


def _nothing(reference: str) -> Allocated:
    return Allocated(reference=reference, **dict.fromkeys(FIELDS.values(), NOTHING))
