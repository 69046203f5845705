"""Any order of any postings: the books stay balanced, above zero, and agree with the contracts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.kasa.domain.accounts import Proceeds, in_balance
from services.kasa.domain.fund import Fund
from services.kasa.domain.fund_snapshot import FundSnapshot
from services.kasa.domain.journal import ContractMoney, balances, reconcile
from shared.contracts.kasa.vocabulary.fund import Account, Cause, JournalEntry, Received
from shared.eventstore.canonical import canonical_json
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.kasa.domain.books import (
    OPENED_ON,
    ask_back,
    contribute,
    fund_with,
    give_back,
    pln,
    reverse,
)

CONTRACTS = tuple(UUID(int=number) for number in (1, 2, 3))
contracts = st.sampled_from(CONTRACTS)
amounts = st.integers(1, 120_000).map(lambda cents: Money.of(f"{cents / 100:.2f}"))
parts = st.integers(0, 40_000).map(lambda cents: Money.of(f"{cents / 100:.2f}"))
receipts = st.builds(Received, principal=parts, income=parts, overpaid=parts)
days = st.integers(0, 90).map(lambda number: OPENED_ON + timedelta(number))
NONE = ContractMoney.none(Currency.PLN)


class Books(RuleBasedStateMachine):
    """Beside the fund stands what each contract knows of itself, moved by plain sums."""

    def __init__(self) -> None:
        super().__init__()
        self.fund = fund_with("1000")
        self.events: list[Event] = list(self.fund.collect_events())
        self.money = dict.fromkeys(CONTRACTS, NONE)
        self.payments: list[tuple[UUID, Received]] = []
        self.causes = 0

    def attempt(self, decision: Callable[..., None], *arguments: Any, on: date) -> bool:
        """Post; a refusal must leave no trace."""
        self.causes += 1
        before = (self.fund.version, dict(self.fund.balances))
        try:
            decision(*arguments, Cause(stream=UUID(int=99), version=self.causes), on=on)
        except Rejected:
            assert (self.fund.version, self.fund.balances) == before
            assert not self.fund.collect_events()
            return False
        self.events.extend(self.fund.collect_events())
        return True

    def grow(self, contract: UUID, **more: Money) -> None:
        known = self.money[contract]
        self.money[contract] = replace(
            known, **{name: getattr(known, name) + change for name, change in more.items()}
        )

    @rule(amount=amounts, on=days)
    def contribute(self, amount: Money, on: date) -> None:
        contribute(self.fund, amount, on=on)
        self.events.extend(self.fund.collect_events())

    @rule(amount=amounts, on=days)
    def withdraw(self, amount: Money, on: date) -> None:
        there = min(self.fund.free, self.fund.balances[Account.CAPITAL])
        try:
            ask_back(self.fund, amount, on=on)
            give_back(self.fund)
        except Rejected:
            assert amount > there
        else:
            assert amount <= there
        self.events.extend(self.fund.collect_events())

    @rule(amount=amounts, number=st.uuids(), on=days)
    def ask_back_and_wait(self, amount: Money, number: UUID, on: date) -> None:
        with suppress(Rejected):
            ask_back(self.fund, amount, on=on, withdrawal_id=number)
        self.events.extend(self.fund.collect_events())

    @rule(contract=contracts, amount=amounts, on=days)
    def commit(self, contract: UUID, amount: Money, on: date) -> None:
        if self.attempt(self.fund.commit, contract, amount, on=on):
            self.grow(contract, committed=amount)

    @rule(contract=contracts, amount=amounts, on=days)
    def release(self, contract: UUID, amount: Money, on: date) -> None:
        if self.attempt(self.fund.release, contract, amount, on=on):
            self.grow(contract, committed=-amount)

    @rule(contract=contracts, amount=amounts, on=days)
    def disburse(self, contract: UUID, amount: Money, on: date) -> None:
        if self.attempt(self.fund.disburse, contract, amount, on=on):
            self.grow(contract, committed=-amount, disbursed=amount)

    @rule(contract=contracts, received=receipts, on=days)
    def receive(self, contract: UUID, received: Received, on: date) -> None:
        if received == Received(principal=pln(0), income=pln(0), overpaid=pln(0)):
            return
        if self.attempt(self.fund.receive, contract, received, on=on):
            self.payments.append((contract, received))
            self.add(contract, received)

    def add(self, contract: UUID, received: Received) -> None:
        self.grow(
            contract,
            repaid=received.principal,
            income=received.income,
            held=received.overpaid,
        )

    def subtract(self, contract: UUID, received: Received) -> None:
        self.grow(
            contract,
            repaid=-received.principal,
            income=-received.income,
            held=-received.overpaid,
        )

    @rule(data=st.data(), on=days)
    def take_back(self, data: st.DataObject, on: date) -> None:
        if self.payments:
            payment = data.draw(st.sampled_from(self.payments))
            if self.attempt(self.fund.take_back, *payment, on=on):
                self.payments.remove(payment)
                self.subtract(*payment)

    @rule(data=st.data(), after=receipts, more=amounts, less=amounts, on=days)
    def settle(
        self, data: st.DataObject, after: Received, more: Money, less: Money, on: date
    ) -> None:
        """A payment goes elsewhere while interest becomes principal and principal is given up."""
        if self.payments:
            contract, before = data.draw(st.sampled_from(self.payments))
            zero = pln(0)
            then = Proceeds(before, capitalised=zero, given_up=zero, returned=zero)
            now = Proceeds(after, capitalised=more, given_up=less, returned=zero)
            if self.attempt(self.fund.settle, contract, then, now, on=on):
                self.payments.remove((contract, before))
                self.payments.append((contract, after))
                self.subtract(contract, before)
                self.add(contract, after)
                self.grow(contract, disbursed=more, income=more, written_off=less)

    @rule(data=st.data(), on=days)
    def reverse(self, data: st.DataObject, on: date) -> None:
        if self.fund.own_entries:
            entry = data.draw(st.sampled_from(sorted(self.fund.own_entries)))
            with suppress(Rejected):
                reverse(self.fund, entry, on=on)
            self.events.extend(self.fund.collect_events())

    @property
    def journal(self) -> list[JournalEntry]:
        return [event.entry for event in self.events if isinstance(event, Fund.Posted)]

    @invariant()
    def the_journal_is_balanced_after_every_event(self) -> None:
        assert in_balance(self.fund.balances, Currency.PLN)
        assert in_balance(balances(self.journal[-1:]), Currency.PLN)

    @invariant()
    def no_account_is_below_zero(self) -> None:
        assert min(self.fund.balances.values()) >= pln(0)
        for figures in (self.fund.commitments, self.fund.outstanding):
            assert all(amount > pln(0) for amount in figures.values())

    @invariant()
    def what_is_in_the_bank_is_what_came_in_less_what_went_out(self) -> None:
        b = self.fund.balances
        bank = b[Account.FREE] + b[Account.COMMITTED] + b[Account.HELD]
        came = b[Account.CAPITAL] + b[Account.INCOME] + b[Account.REPAID] + b[Account.PAYABLE]
        assert bank == came - b[Account.DISBURSED]
        assert b[Account.LOSS] == b[Account.WRITTEN_OFF]

    @invariant()
    def the_books_agree_with_the_contracts(self) -> None:
        assert reconcile(self.journal, self.money) == ()

    @invariant()
    def the_journal_alone_leads_to_the_same_balances(self) -> None:
        moved = {account: balance for account, balance in balances(self.journal).items() if balance}
        assert moved == {account: each for account, each in self.fund.balances.items() if each}

    @invariant()
    def replay_gives_the_same_fund(self) -> None:
        again = Fund(self.fund.id)
        for event in self.events:
            event.mutate(again)
        assert state_of(again) == state_of(self.fund)

    @rule(data=st.data())
    def a_snapshot_and_what_follows_it_give_the_same_fund(self, data: st.DataObject) -> None:
        """Taken at any version, read back from its JSON; and it is the same JSON either way."""
        taken = data.draw(st.integers(1, len(self.events)))
        early = Fund(self.fund.id)
        for event in self.events[:taken]:
            event.mutate(early)
        recorded = json_of(FundSnapshot.take(early))
        again: Any = FundSnapshot.model_validate_json(recorded).mutate(None)
        assert again.restored_at == taken
        assert json_of(FundSnapshot.take(again)) == recorded
        for event in self.events[taken:]:
            event.mutate(again)
        assert state_of(again) == state_of(self.fund)
        assert json_of(FundSnapshot.take(again)) == json_of(FundSnapshot.take(self.fund))


def state_of(fund: Fund) -> dict[str, Any]:
    """All that a fund knows, whatever it is called, but where its events were read from."""
    return {name: each for name, each in vars(fund).items() if name != "restored_at"}


def json_of(snapshot: FundSnapshot) -> bytes:
    return canonical_json(snapshot.model_dump(mode="json"))


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
