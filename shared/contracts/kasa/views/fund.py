"""What is told of the fund: balances, journal, reconciliation, bank lines that wait."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.vocabulary.fund import Account, Cause, EntryKind, SourceCode, Transfer
from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION
from shared.contracts.vocabulary import Reference
from shared.kernel.money import Currency, Money


class Balance(Published):
    account: Account
    balance: Money


class SourceBalances(Published):
    """Every account of one source, zero ones too."""

    id: UUID
    version: int
    source: SourceCode
    name: str
    currency: Currency
    opened_on: date
    balances: tuple[Balance, ...]
    outstanding: Money
    """Disbursed, and neither repaid nor written off."""
    in_bank: Money
    """Free, committed and held."""


class FundBalances(Published):
    sources: tuple[SourceBalances, ...]
    position: int


class ListEntries(Published):
    source: SourceCode | None = None
    contract_id: UUID | None = None
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    changed_since: int | None = Field(default=None, ge=0, le=LAST_POSITION)


class Entry(Published):
    """`on` is the value day, `position` its place in the ledger."""

    id: UUID
    position: int
    source: SourceCode
    on: date
    kind: EntryKind
    cause: Cause
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


class Reconciliation(Published):
    """The journal against the contracts at one position; no disagreement is the sound state."""

    position: int
    contracts: int
    disagreements: tuple[Disagreement, ...]


class QueuedLine(Published):
    """A line of a bank statement that no contract was found for. Its payer and title are personal
    and are told by the document itself, to those who may see it.
    """

    bank_reference: Reference
    value_on: date
    amount: Money
    reason: str


class QueuedLinePage(Published):
    items: tuple[QueuedLine, ...]
    next_cursor: str | None
    position: int
