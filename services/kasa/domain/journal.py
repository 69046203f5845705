"""The journal against the contracts: what the books say of each contract, and what it says itself.

Pure functions over entries in their order, so that any beginning of the journal can be reconciled
with the contracts as they were at the same position.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter

from services.kasa.domain.accounts import add, changes
from shared.contracts.kasa.vocabulary.fund import Account, JournalEntry
from shared.kernel.money import Currency, Money


@dataclass(frozen=True)
class ContractMoney:
    """The money of one contract; every figure counts from its signing on.

    `committed` is what it still binds, `disbursed` includes interest that became principal, `repaid`
    is principal only, `income` interest, penalties and fees that were paid or became principal.
    """

    committed: Money
    disbursed: Money
    repaid: Money
    income: Money
    written_off: Money
    held: Money

    @classmethod
    def none(cls, currency: Currency) -> "ContractMoney":
        return cls(*(Money.zero(currency) for _ in fields(cls)))

    def __add__(self, other: "ContractMoney") -> "ContractMoney":
        return ContractMoney(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )

    @property
    def outstanding(self) -> Money:
        return self.disbursed - self.repaid - self.written_off


CONTRACT_MONEY: Final = TypeAdapter(ContractMoney)
"""Its JSON, as read models of contracts have it."""

_FIELDS = {
    Account.COMMITTED: "committed",
    Account.DISBURSED: "disbursed",
    Account.REPAID: "repaid",
    Account.INCOME: "income",
    Account.WRITTEN_OFF: "written_off",
    Account.HELD: "held",
}


@dataclass(frozen=True)
class Discrepancy:
    """The books and a contract disagree; each figure is None where that side knows no contract."""

    contract_id: UUID
    figure: str
    journal: Money | None
    contract: Money | None


def balances(entries: Iterable[JournalEntry]) -> dict[Account, Money]:
    """The balance of every account that was moved."""
    found: dict[Account, Money] = {}
    for entry in entries:
        for account, change in changes(entry.transfers).items():
            add(found, account, change)
    return found


def by_contract(entries: Iterable[JournalEntry]) -> dict[UUID, ContractMoney]:
    """What the journal says of each contract."""
    found: dict[UUID, ContractMoney] = {}
    for entry in entries:
        for transfer in entry.transfers:
            if transfer.contract_id is not None:
                before = found.get(
                    transfer.contract_id, ContractMoney.none(transfer.amount.currency)
                )
                moved = {
                    _FIELDS[account]: getattr(before, _FIELDS[account]) + change
                    for account, change in changes([transfer]).items()
                    if account in _FIELDS
                }
                found[transfer.contract_id] = replace(before, **moved)
    return found


def reconcile(
    entries: Iterable[JournalEntry], contracts: Mapping[UUID, ContractMoney]
) -> tuple[Discrepancy, ...]:
    """Where the journal and the contracts of the same position disagree; nowhere, if all is well."""
    return compare(by_contract(entries), contracts)


def compare(
    journal: Mapping[UUID, ContractMoney], contracts: Mapping[UUID, ContractMoney]
) -> tuple[Discrepancy, ...]:
    """The same, of sums that were made already."""
    found: list[Discrepancy] = []
    for contract in sorted({*journal, *contracts}):
        theirs, ours = contracts.get(contract), journal.get(contract)
        for figure in fields(ContractMoney):
            said, booked = getattr(theirs, figure.name, None), getattr(ours, figure.name, None)
            if (said or booked) and said != booked:
                found.append(Discrepancy(contract, figure.name, booked, said))
    return tuple(found)
