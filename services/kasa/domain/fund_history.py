"""The history of the books of one source of money: its events, and the balances they lead to."""

from collections.abc import Iterable, MutableMapping
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.kasa.domain.accounts import add, changes, commitment_changes, outstanding_changes
from shared.contracts.kasa.vocabulary.calls import PersonId
from shared.contracts.kasa.vocabulary.fund import (
    Account,
    JournalEntry,
    PositiveMoney,
    SourceCode,
)
from shared.contracts.vocabulary import Reference, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money


class FundHistory(Aggregate):
    class Opened(Event):
        TOPIC: ClassVar[str] = "kasa.Fund.Opened"
        source: SourceCode
        name: ShortText
        currency: Currency

    class Posted(Event):
        """The day is the value day; when it was recorded stands in the commit."""

        TOPIC: ClassVar[str] = "kasa.Fund.Posted"
        entry: JournalEntry
        source_document: Reference | None = None
        posted_by: PersonId | None = None
        """Who posted it by hand; None for what a contract caused."""

    class WithdrawalRequested(Event):
        TOPIC: ClassVar[str] = "kasa.Fund.WithdrawalRequested"
        withdrawal_id: UUID
        amount: PositiveMoney
        source_document: Reference
        requested_by: PersonId

    class WithdrawalApproved(Event):
        """Its entry is posted in the same commit."""

        TOPIC: ClassVar[str] = "kasa.Fund.WithdrawalApproved"
        withdrawal_id: UUID
        approved_by: PersonId

    class WithdrawalRefused(Event):
        TOPIC: ClassVar[str] = "kasa.Fund.WithdrawalRefused"
        withdrawal_id: UUID
        refused_by: PersonId

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.opened: FundHistory.Opened | None = None
        self.balances: dict[Account, Money] = {}
        self.commitments: dict[UUID, Money] = {}
        """Bound and not paid out yet, by contract; none at zero."""
        self.outstanding: dict[UUID, Money] = {}
        """Disbursed, and neither repaid nor written off, by contract; none at zero."""
        self.own_entries: dict[UUID, FundHistory.Posted] = {}
        """By id, entries that no contract caused and that still stand."""
        self.withdrawals: dict[UUID, FundHistory.WithdrawalRequested] = {}
        """By id, those that wait for a second person."""

    @property
    def terms(self) -> Opened:
        """What the source of money is. Raises `kasa.source_unknown`."""
        if self.opened is None:
            raise Rejected("kasa.source_unknown")
        return self.opened

    @property
    def currency(self) -> Currency:
        return self.terms.currency

    @property
    def free(self) -> Money:
        return self.balances[Account.FREE]

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Opened) -> None:
        self.opened = event
        self.balances = {account: Money.zero(event.currency) for account in Account}

    @apply.register
    def _(self, event: Posted) -> None:
        entry = event.entry
        for account, change in changes(entry.transfers).items():
            self.balances[account] += change
        _add_all(self.commitments, commitment_changes(entry.transfers).items())
        _add_all(self.outstanding, outstanding_changes(entry.transfers).items())
        if entry.reverses is not None:
            del self.own_entries[entry.reverses]
        elif entry.cause.stream == self.id:
            self.own_entries[entry.id] = event

    @apply.register
    def _(self, event: WithdrawalRequested) -> None:
        self.withdrawals[event.withdrawal_id] = event

    @apply.register
    def _(self, event: WithdrawalApproved) -> None:
        del self.withdrawals[event.withdrawal_id]

    @apply.register
    def _(self, event: WithdrawalRefused) -> None:
        del self.withdrawals[event.withdrawal_id]


def _add_all(sums: MutableMapping[UUID, Money], more: Iterable[tuple[UUID, Money]]) -> None:
    for contract, change in more:
        add(sums, contract, change)
        if not sums[contract]:
            del sums[contract]
