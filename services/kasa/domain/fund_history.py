"""The history of the books of one source of money: its events, and the balances they lead to."""

from collections.abc import Iterable, MutableMapping
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from services.kasa.domain.accounts import add, changes, commitment_changes, outstanding_changes
from shared.contracts.kasa.vocabulary.fund import Account, JournalEntry, SourceCode
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

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.opened: FundHistory.Opened | None = None
        self.balances: dict[Account, Money] = {}
        self.commitments: dict[UUID, Money] = {}
        """Bound and not paid out yet, by contract; none at zero."""
        self.outstanding: dict[UUID, Money] = {}
        """Disbursed, and neither repaid nor written off, by contract; none at zero."""
        self.own_entries: dict[UUID, JournalEntry] = {}
        """By id, entries that no contract caused and that still stand."""

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
            self.own_entries[entry.id] = entry


def _add_all(sums: MutableMapping[UUID, Money], more: Iterable[tuple[UUID, Money]]) -> None:
    for contract, change in more:
        add(sums, contract, change)
        if not sums[contract]:
            del sums[contract]
