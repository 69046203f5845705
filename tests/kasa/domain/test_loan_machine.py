"""Any life of a loan, step by step, beside a plain list of what happened, with its money in the fund's
books.

The loan learns of things in any order; what it owes is always what follows from the list, and the
books say the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.kasa.domain.accounts import in_balance
from services.kasa.domain.fund import Fund
from services.kasa.domain.journal import reconcile
from services.kasa.domain.lending import Standing
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_books import Bookkeeping
from services.kasa.domain.loan_facts import (
    Cost,
    Fact,
    Payment,
    Remission,
    Repricing,
    Restructuring,
    Tranche,
    WriteOff,
)
from services.kasa.domain.schedule import terms_of
from services.kasa.domain.settlement import settle
from shared.contracts.kasa.vocabulary.fund import JournalEntry
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    GraceKind,
    LoanState,
    LoanTerms,
    PaymentPurpose,
    PrepaymentEffect,
    ScheduleKind,
)
from shared.kernel.money import Currency, Money
from tests.kasa.domain.books import fund_with, pln
from tests.kasa.domain.lending import RULES, require_whole

SIGNED: Final = date(2026, 3, 10)
AMOUNTS: Final = st.decimals("0.01", "2500", places=2)
STANDING: Final = Standing(3, 0, Money.zero(), 5, creates_jobs=True)


class LoanLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.today = SIGNED
        self.loan = Loan(UUID(int=7))
        self.fund = fund_with("100000", opened_on=SIGNED)
        self.entries: list[JournalEntry] = []
        self.facts: list[Fact] = []
        self.steps = 0

    @contextmanager
    def booked(self) -> Iterator[Loan]:
        """A decision, and what it changed of the money, as one commit."""
        books = Bookkeeping(self.loan)
        yield self.loan
        if books.is_due:
            books.post(self.fund, on=self.today)
        self.entries += [
            event.entry for event in self.fund.collect_events() if isinstance(event, Fund.Posted)
        ]

    @initialize(
        kind=st.sampled_from(ScheduleKind),
        grace=st.integers(0, 3),
        grace_kind=st.sampled_from(GraceKind),
        day_count=st.sampled_from(DayCount),
        waterfall=st.sampled_from(sorted(RULES.waterfalls)),
        effect=st.sampled_from(PrepaymentEffect),
        day=st.integers(15, 30),
    )
    def sign_and_disburse(
        self,
        kind: ScheduleKind,
        grace: int,
        grace_kind: GraceKind,
        day_count: DayCount,
        waterfall: str,
        effect: PrepaymentEffect,
        day: int,
    ) -> None:
        with self.booked() as loan:
            loan.sign(
                number="POZ/2026/0001",
                enterprise_id=UUID(int=99),
                application_id=None,
                source="BGK/1",
                product="start",
                principal=Money.of("9000"),
                terms=LoanTerms(
                    kind=kind,
                    months=9,
                    first_due_on=date(2026, 4, day),
                    day_of_month=31 if day == 30 else None,
                    grace_months=grace,
                    grace_kind=grace_kind,
                ),
                late_percent=None,
                day_count=day_count,
                waterfall=waterfall,
                prepayment_effect=effect,
                conditions=(),
                standing=STANDING,
                support=None,
                signed_on=SIGNED,
                today=self.today,
                rules=RULES,
            )
        self._disburse("6000")

    def _disburse(self, amount: str) -> None:
        request = self._next_id()
        self.loan.request_disbursement(
            request_id=request,
            amount=Money.of(amount),
            source_document="D",
            by="a",
            today=self.today,
        )
        self.loan.decide(request_id=request, approve=True, by="b", today=self.today)
        with self.booked() as loan:
            loan.confirm_disbursement(
                request_id=request,
                bank_reference=str(request),
                paid_on=self.today,
                today=self.today,
                rules=RULES,
            )
        self.facts.append(Tranche(self.today, str(request), Decimal(amount)))

    @rule()
    @precondition(lambda self: self.lives and self.loan.undrawn and not self.restructured)
    def disburse_the_rest(self) -> None:
        if self.today < self.loan.schedule[-1].ends:
            self._disburse("3000")

    @rule(days=st.integers(1, 50))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)
        with self.booked() as loan:
            loan.review(today=self.today, rules=RULES)

    @rule(amount=AMOUNTS, ago=st.integers(0, 90), purpose=st.sampled_from(PaymentPurpose))
    def pay(self, amount: Decimal, ago: int, purpose: PaymentPurpose) -> None:
        first = min(each.occurred_on for each in self.loan.tranches.values())
        self._pay(max(self.today - timedelta(ago), first), amount, purpose)

    def _pay(self, on: date, amount: Decimal, purpose: PaymentPurpose) -> None:
        reference = str(self._next_id())
        for _ in range(2):  # the bank tells each line twice
            with self.booked() as loan:
                loan.receive(
                    bank_reference=reference,
                    amount=Money.of(amount),
                    purpose=purpose,
                    paid_on=on,
                    today=self.today,
                    rules=RULES,
                )
        self.facts.append(Payment(on, reference, amount, purpose))

    @rule()
    @precondition(lambda self: self.lives)
    def pay_off(self) -> None:
        owed = self.loan.settlement(self.today, RULES).balances.payoff
        if owed:
            self._pay(self.today, owed, PaymentPurpose.PREPAYMENT)

    @rule(chance=st.randoms(use_true_random=False))
    @precondition(lambda self: any(isinstance(fact, Payment) for fact in self.facts))
    def reverse(self, chance: Random) -> None:
        fact = chance.choice([each for each in self.facts if isinstance(each, Payment)])
        with self.booked() as loan:
            loan.reverse_payment(
                bank_reference=fact.reference, source_document="R", today=self.today, rules=RULES
            )
        self.facts.remove(fact)

    @rule(amount=AMOUNTS, ago=st.integers(0, 30))
    @precondition(lambda self: self.lives)
    def charge(self, amount: Decimal, ago: int) -> None:
        on = max(self.today - timedelta(ago), self.earliest)
        reference = str(self._next_id())
        with self.booked() as loan:
            loan.charge(
                source_document=reference,
                amount=Money.of(amount),
                charged_on=on,
                today=self.today,
                rules=RULES,
            )
        self.facts.append(Cost(on, reference, amount))

    @rule(ago=st.integers(0, 60))
    @precondition(lambda self: self.lives and not self.loan.discounts)
    def create_a_job(self, ago: int) -> None:
        on, place = max(self.today - timedelta(ago), self.earliest), self._next_id()
        with self.booked() as loan:
            loan.apply_job_discount(
                job_place_id=place, effective_on=on, today=self.today, rules=RULES
            )
        self.facts.append(Repricing(on, str(place), self.loan.agreed.percent / 2))

    @rule(months=st.integers(1, 18), capitalise=st.booleans(), ago=st.integers(0, 40))
    @precondition(lambda self: self.lives)
    def restructure(self, months: int, capitalise: bool, ago: int) -> None:
        on, annex = max(self.today - timedelta(ago), self.earliest), str(self._next_id())
        terms = LoanTerms(kind=ScheduleKind.ANNUITY, months=months, first_due_on=on + timedelta(20))
        with self.booked() as loan:
            loan.restructure(
                annex=annex,
                terms=terms,
                capitalise_interest=capitalise,
                effective_on=on,
                today=self.today,
                rules=RULES,
            )
        day_count = self.loan.agreed.day_count
        self.facts.append(Restructuring(on, annex, terms_of(terms, day_count), capitalise))

    @rule(share=st.integers(1, 100))
    @precondition(lambda self: self.lives)
    def remit(self, share: int) -> None:
        owed = self.loan.settlement(self.today, RULES).balances
        parts = [
            (each * share / 100).quantize(Decimal("0.01"), "ROUND_DOWN")
            for each in (owed.principal, owed.overdue_interest, owed.penalty)
        ]
        request = self._next_id()
        principal, interest, penalty = map(Money.of, parts)
        self.loan.request_remission(
            request_id=request,
            principal=principal,
            interest=interest,
            penalty=penalty,
            source_document="U",
            by="a",
            today=self.today,
            rules=RULES,
        )
        self.loan.decide(request_id=request, approve=True, by="b", today=self.today)
        with self.booked() as loan:
            loan.remit(request_id=request, today=self.today, rules=RULES)
        self.facts.append(Remission(self.today, str(request), *parts))

    @rule()
    @precondition(lambda self: self.lives and self.steps > 6)
    def write_off(self) -> None:
        request = self._next_id()
        self.loan.request_write_off(
            request_id=request, source_document="S", by="a", today=self.today
        )
        self.loan.decide(request_id=request, approve=True, by="b", today=self.today)
        with self.booked() as loan:
            loan.write_off(request_id=request, today=self.today, rules=RULES)
        self.facts.append(WriteOff(self.today, str(request)))

    @invariant()
    def it_owes_what_follows_from_the_list(self) -> None:
        loan = self.loan
        direct = settle(loan.contract, reversed(self.facts), self.today, RULES)
        assert loan.settlement(self.today, RULES) == direct
        require_whole(direct, self.facts)
        assert loan.schedule == tuple(row.told() for row in direct.plans[-1].rows)
        for reference, each in loan.allocated.items():
            whole = sum(each.model_dump(exclude={"reference"}).values())
            counts = reference not in loan.reversed
            assert whole == (loan.payments[reference].amount.amount if counts else 0)
        if loan.written_off_on is None:
            assert (loan.state is LoanState.REPAID) == direct.is_repaid

    @invariant()
    def the_books_agree_with_the_loan(self) -> None:
        money = self.loan.money
        assert reconcile(self.entries, {self.loan.id: money}) == ()
        assert in_balance(self.fund.balances, Currency.PLN)
        assert min(self.fund.balances.values()) >= pln("0")
        owed = self.loan.settlement(self.today, RULES).balances
        assert money.outstanding.amount == owed.principal
        assert money.held.amount == owed.credit

    @invariant()
    def its_events_rebuild_it(self) -> None:
        rebuilt = Loan(self.loan.id)
        for event in self.loan._pending:
            event.mutate(rebuilt)
        assert vars(rebuilt) | {"_pending": []} == vars(self.loan) | {"_pending": []}

    @property
    def lives(self) -> bool:
        running = (LoanState.RUNNING, LoanState.RESTRUCTURED)
        return self.loan.state in running

    @property
    def restructured(self) -> bool:
        return self.loan.restructured_on is not None

    @property
    def earliest(self) -> date:
        first = min(each.occurred_on for each in self.loan.tranches.values())
        return max(first, self.loan.restructured_on or first)

    def _next_id(self) -> UUID:
        self.steps += 1
        return UUID(int=self.steps)


TestLoanLife = LoanLife.TestCase
TestLoanLife.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
