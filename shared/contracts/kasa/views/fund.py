"""What is told of the fund: balances, journal, reconciliation."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.fund import Account, Cause, EntryKind, SourceCode, Transfer
from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION
from shared.contracts.vocabulary import Reference
from shared.kernel.money import Currency, Money


class Balance(Published):
    account: Account
    balance: Money


class Balances(Published):
    """Every account of one source, zero ones too."""

    balances: tuple[Balance, ...]
    outstanding: Money
    """Disbursed, and neither repaid nor written off."""
    in_bank: Money
    """Free, committed and held."""


class SourceBalances(Balances):
    id: UUID
    version: int
    source: SourceCode
    name: str
    currency: Currency
    opened_on: date


class Withdrawal(Published):
    """It waits for another person than asked for it."""

    id: UUID
    amount: Money
    requested_on: date
    source_document: Reference


class Source(SourceBalances):
    """A source of money with the withdrawals that wait."""

    withdrawals: tuple[Withdrawal, ...]


class FundBalances(Published):
    """The sources at one position, as many as fit into one answer."""

    sources: tuple[SourceBalances, ...]
    position: int


class GetBalances(Published):
    """True on a day, as known at a position; by default of today, as known now."""

    source_id: UUID
    on: date | None = None
    known: int | None = Field(default=None, ge=0, le=LAST_POSITION)


class BalancesAsOf(Balances):
    """Of the entries with a value day until `on` that were recorded until `position`."""

    id: UUID
    source: SourceCode
    on: date
    position: int
    entries: int


class ListEntries(Page):
    source: SourceCode | None = None
    contract_id: UUID | None = None


class RecordedCause(Cause):
    """The event on which an entry rests, and its place in the ledger."""

    position: int


class Entry(Published):
    """`on` is the value day, `recorded_at` when it became known, `position` its place in the
    ledger.
    """

    id: UUID
    position: int
    recorded_at: datetime
    source_id: UUID
    source: SourceCode
    on: date
    kind: EntryKind
    cause: RecordedCause
    transfers: tuple[Transfer, ...]
    source_document: Reference | None = None
    reverses: UUID | None = None
    reversed_by: UUID | None = None


class EntryPage(Published):
    items: tuple[Entry, ...]
    next_cursor: str | None
    position: int


class Disagreement(Published):
    """A figure on which the books and a contract disagree; None where a side knows no contract."""

    contract_id: UUID
    figure: str
    journal: Money | None
    contract: Money | None


class AccountDisagreement(Published):
    """A balance of which the source knows another one than its entries sum to."""

    source: SourceCode
    account: Account
    journal: Money
    books: Money


class Reconciliation(Published):
    """The journal against the contracts, and against the balances kept of it, at one position; no
    disagreement is the sound state. Of those `found` with contracts as many as fit are told.
    """

    position: int
    entries: int
    contracts: int
    found: int
    disagreements: tuple[Disagreement, ...]
    accounts: tuple[AccountDisagreement, ...]
