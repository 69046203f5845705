"""What transfers do to the accounts of one source of money.

A balance counts on the normal side of its account, so a sound one is never below zero.
"""

from collections.abc import Hashable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from shared.contracts.kasa.vocabulary.fund import NORMAL_SIDE, Account, Received, Side, Transfer
from shared.kernel.money import Currency, Money, total

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Proceeds:
    """What became of the money paid out on a contract, in sums since it was signed: what came in,
    interest that became principal, principal that was given up, held money that was paid back.
    """

    received: Received
    capitalised: Money
    given_up: Money
    returned: Money

    @property
    def came_in(self) -> Money:
        received = self.received
        return received.principal + received.income + received.overpaid + self.returned


def add(sums: MutableMapping[K, Money], key: K, amount: Money) -> None:
    """Add an amount to what is summed under a key already."""
    sums[key] = sums[key] + amount if key in sums else amount


def changes(transfers: Iterable[Transfer]) -> dict[Account, Money]:
    """By how much each account grows on its normal side; negative where it shrinks."""
    found: dict[Account, Money] = {}
    for transfer in transfers:
        for account, side in ((transfer.debit, Side.DEBIT), (transfer.credit, Side.CREDIT)):
            grows = NORMAL_SIDE[account] is side
            add(found, account, transfer.amount if grows else -transfer.amount)
    return found


def commitment_changes(transfers: Iterable[Transfer]) -> dict[UUID, Money]:
    """By contract: how much more of the fund's money it binds."""
    return _by_contract(transfers, grows=Account.COMMITTED)


def outstanding_changes(transfers: Iterable[Transfer]) -> dict[UUID, Money]:
    """By contract: how much more is out, disbursed and neither repaid nor written off."""
    return _by_contract(
        transfers, grows=Account.DISBURSED, shrinks=(Account.REPAID, Account.WRITTEN_OFF)
    )


def _by_contract(
    transfers: Iterable[Transfer], *, grows: Account, shrinks: tuple[Account, ...] = ()
) -> dict[UUID, Money]:
    found: dict[UUID, Money] = {}
    for transfer in transfers:
        for account, change in changes([transfer]).items():
            if transfer.contract_id is not None and account in (grows, *shrinks):
                add(found, transfer.contract_id, change if account is grows else -change)
    return found


def in_balance(balances: Mapping[Account, Money], currency: Currency) -> bool:
    """Whether both sides are the same sum: they are, whatever transfers led here."""
    debit, credit = (
        total((balances[each] for each in balances if NORMAL_SIDE[each] is side), currency)
        for side in Side
    )
    return debit == credit


def opposite(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """What takes the transfers back."""
    return tuple(_transfer(t.contract_id, t.credit, t.debit, t.amount) for t in transfers)


def receipt(contract_id: UUID, received: Received) -> tuple[Transfer, ...]:
    """A payment that came in; a part of nothing is no transfer."""
    parts = (
        (Account.FREE, Account.REPAID, received.principal),
        (Account.FREE, Account.INCOME, received.income),
        (Account.HELD, Account.PAYABLE, received.overpaid),
    )
    return tuple(
        _transfer(contract_id, debit, credit, amount) for debit, credit, amount in parts if amount
    )


def proceeds(contract_id: UUID, sums: Proceeds) -> tuple[Transfer, ...]:
    """All that came in, became principal or was given up; a part of nothing is no transfer."""
    parts = (
        (Account.DISBURSED, Account.INCOME, sums.capitalised),
        (Account.LOSS, Account.WRITTEN_OFF, sums.given_up),
    )
    return (
        *receipt(contract_id, sums.received),
        *(
            _transfer(contract_id, debit, credit, amount)
            for debit, credit, amount in parts
            if amount
        ),
    )


def netted(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """The same effect, with one transfer at most between two accounts for a contract."""
    sums: dict[tuple[UUID | None, Account, Account], Money] = {}
    for each in transfers:
        there = (each.contract_id, each.debit, each.credit)
        back = (each.contract_id, each.credit, each.debit)
        if back in sums:
            add(sums, back, -each.amount)
        else:
            add(sums, there, each.amount)
    return tuple(_transfer(*key, amount) for key, amount in sums.items() if amount)


def _transfer(contract: UUID | None, debit: Account, credit: Account, amount: Money) -> Transfer:
    """From one account to the other; a negative amount goes the other way."""
    if amount < Money.zero(amount.currency):
        return _transfer(contract, credit, debit, -amount)
    return Transfer(debit=debit, credit=credit, amount=amount, contract_id=contract)
