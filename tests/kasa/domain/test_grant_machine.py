"""Any order of any steps of a grant, with its money in the fund's books."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.kasa.domain.accounts import in_balance
from services.kasa.domain.fund import Fund
from services.kasa.domain.grant import Grant
from services.kasa.domain.grant_tasks import due_tasks
from services.kasa.domain.journal import reconcile
from shared.contracts.kasa.vocabulary.fund import Cause, JournalEntry
from shared.contracts.kasa.vocabulary.grants import ReportState, TrancheState
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.kasa.domain.books import fund_with, pln
from tests.kasa.domain.granting import PLACE_A, PLACE_B, RULES, SIGNED_ON, TODAY, signed

people = st.sampled_from(["officer", "head", "beneficiary"])
numbers = st.sampled_from([1, 2, 3])
places = st.sampled_from([PLACE_A, PLACE_B])
steps = st.sampled_from([0, 1, 20, 31, 200]).map(timedelta)
amounts = st.sampled_from([pln("0.01"), pln(9999), pln(30000)])
references = st.sampled_from(["B/1", "B/2", "B/3"])


class Granting(RuleBasedStateMachine):
    """Days only go on; every recorded event is posted as the application posts it."""

    def __init__(self) -> None:
        super().__init__()
        self.grant = signed()
        self.history: list[Event] = list(self.grant.collect_events())
        self.fund = fund_with("100000", opened_on=SIGNED_ON)
        self.day = SIGNED_ON
        self.entries: list[JournalEntry] = []
        self.post(lambda cause: self.fund.commit(self.grant.id, pln(40000), cause, on=self.day))

    def post(self, posting: Callable[[Cause], None]) -> None:
        posting(Cause(stream=self.grant.id, version=self.grant.version))
        self.entries += [
            event.entry for event in self.fund.collect_events() if isinstance(event, Fund.Posted)
        ]

    def attempt(self, step: timedelta, decision: Callable[..., None], **call: Any) -> None:
        day = min(self.day + step, TODAY)
        before = self.grant.version
        try:
            decision(on=day, today=TODAY, **call)
        except Rejected:
            assert self.grant.version == before
            return
        recorded = self.grant.collect_events()
        assert len(recorded) <= 1
        for event in recorded:
            self.day = day
            self.history.append(event)
            self.book(event)

    def book(self, event: Event) -> None:
        grant = self.grant.id
        match event:
            case Grant.TranchePaid(amount=amount):
                self.post(lambda cause: self.fund.disburse(grant, amount, cause, on=self.day))
            case Grant.Repaid(received=received):
                self.post(lambda cause: self.fund.receive(grant, received, cause, on=self.day))
            case Grant.RepaymentReversed(received=received):
                self.post(lambda cause: self.fund.take_back(grant, received, cause, on=self.day))
            case Grant.Closed(unused=unused) if unused:
                self.post(lambda cause: self.fund.release(grant, unused, cause, on=self.day))

    @initialize(usual_steps=st.integers(0, 11))
    def begin(self, usual_steps: int) -> None:
        """Begin some steps along the usual way, so that late stages are tried as often."""
        next_day, half_year = timedelta(1), timedelta(182)
        usual: list[Callable[[], object]] = [
            lambda: self.meet(next_day, "officer"),
            lambda: self.place(next_day, PLACE_A, fill=True),
            lambda: self.release(next_day, 1, "head"),
            lambda: self.pay(next_day, 1, "B/1"),
            lambda: self.submit(half_year, 1, pln(30000), "beneficiary"),
            lambda: self.accept(next_day, 1, pln(30000), "officer"),
            lambda: self.release(next_day, 2, "head"),
            lambda: self.pay(next_day, 2, "B/2"),
            lambda: self.place(half_year, PLACE_A, fill=False),
            lambda: self.check(timedelta(40)),
            lambda: self.compute(next_day),
        ]
        for step in usual[:usual_steps]:
            step()

    @rule(step=steps, by=people)
    def meet(self, step: timedelta, by: str) -> None:
        condition = {"code": "WEKSEL", "source_document": "W/1"}
        self.attempt(step, self.grant.meet_condition, **condition, by=by)

    @rule(step=steps, number=numbers, spent=amounts, by=people)
    def submit(self, step: timedelta, number: int, spent: Money, by: str) -> None:
        facts: dict[str, Any] = {"number": number, "spent": spent, "source_document": "S/1"}
        self.attempt(step, self.grant.submit_report, **facts, by=by)

    @rule(step=steps, number=numbers, accepted=amounts, by=people)
    def accept(self, step: timedelta, number: int, accepted: Money, by: str) -> None:
        self.attempt(step, self.grant.accept_report, number=number, accepted=accepted, by=by)

    @rule(step=steps, number=numbers, by=people)
    def reject(self, step: timedelta, number: int, by: str) -> None:
        self.attempt(step, self.grant.reject_report, number=number, reason="Braki", by=by)

    @rule(step=steps, number=numbers, by=people)
    def release(self, step: timedelta, number: int, by: str) -> None:
        self.attempt(step, self.grant.release_tranche, number=number, by=by)

    @rule(step=steps, number=numbers, reference=references)
    def pay(self, step: timedelta, number: int, reference: str) -> None:
        self.attempt(step, self.grant.pay_tranche, number=number, bank_reference=reference)

    @rule(step=steps, place=places, fill=st.booleans())
    def place(self, step: timedelta, place: Any, fill: bool) -> None:
        decision = self.grant.fill_place if fill else self.grant.vacate_place
        self.attempt(step, decision, place_id=place)

    @rule(step=steps)
    def check(self, step: timedelta) -> None:
        self.attempt(step, self.grant.check_durability, by="officer")

    @rule(step=steps)
    def compute(self, step: timedelta) -> None:
        self.attempt(step, self.grant.compute_clawback, by="officer")

    @rule(step=steps, amount=amounts, reference=references)
    def repay(self, step: timedelta, amount: Money, reference: str) -> None:
        self.attempt(step, self.grant.repay, amount=amount, bank_reference=reference)

    @rule(step=steps, reference=references)
    def reverse(self, step: timedelta, reference: str) -> None:
        self.attempt(step, self.grant.reverse_repayment, bank_reference=reference)

    @rule(step=steps)
    def close(self, step: timedelta) -> None:
        self.attempt(step, self.grant.close, by="officer")

    @invariant()
    def the_books_agree_with_the_contract(self) -> None:
        assert reconcile(self.entries, {self.grant.id: self.grant.money}) == ()
        assert in_balance(self.fund.balances, Currency.PLN)
        assert min(self.fund.balances.values()) >= pln(0)

    @invariant()
    def nothing_is_paid_that_was_not_released_on_an_accepted_report(self) -> None:
        for tranche in self.grant.terms.tranches:
            if self.grant.tranches[tranche.number].state is not TrancheState.WAITING:
                assert self.grant.conditions.keys() == {"WEKSEL"}
                if tranche.after_report is not None:
                    report = self.grant.reports[tranche.after_report]
                    assert report.state is ReportState.ACCEPTED

    @invariant()
    def every_tranche_is_released_and_paid_once_at_most(self) -> None:
        for kind in (Grant.TrancheReleased, Grant.TranchePaid):
            numbers = [event.number for event in self.history if isinstance(event, kind)]
            assert len(numbers) == len(set(numbers))

    @invariant()
    def who_releases_is_not_who_signed_or_accepted(self) -> None:
        accepted_by: dict[int, str] = {}
        for event in self.history:
            if isinstance(event, Grant.ReportAccepted):
                accepted_by[event.number] = event.accepted_by
            if isinstance(event, Grant.TrancheReleased):
                maker = "officer" if event.number == 1 else accepted_by[1]
                assert event.released_by != maker

    @invariant()
    def what_comes_back_is_never_above_what_was_paid(self) -> None:
        zero: Money = pln(0)
        assert zero <= self.grant.repaid <= self.grant.paid <= self.grant.terms.amount
        if self.grant.due is not None:
            assert zero <= self.grant.due.amount <= self.grant.paid

    @invariant()
    def replay_and_tasks_are_functions_of_the_history(self) -> None:
        again = Grant(self.grant.id)
        for event in self.history:
            event.mutate(again)
        assert vars(again) == vars(self.grant)
        assert due_tasks(again, RULES) == due_tasks(self.grant, RULES)
        assert all(task.opens_on >= SIGNED_ON for task in due_tasks(again, RULES))


TestGranting = Granting.TestCase
TestGranting.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
