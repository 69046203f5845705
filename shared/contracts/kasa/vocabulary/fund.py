"""The words of the fund's books: accounts, entries, what came in and what is bound."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, PositiveInt, StringConstraints

from shared.contracts.model import Published
from shared.kernel.money import Money

SourceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,29}$")]
"""A source of money, as the agreement with who pays it in names it."""
ContractNumber = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{1,6}/\d{4}/\d{1,5}$"), Field(examples=["POZ/2026/0007"])
]
"""As signed and as payers write it in the title of a transfer."""


def _positive(money: Money) -> Money:
    if money.amount <= 0:
        raise ValueError("the amount must be above zero")
    return money


def _not_negative(money: Money) -> Money:
    if money.amount < 0:
        raise ValueError("the amount must not be below zero")
    return money


PositiveMoney = Annotated[Money, AfterValidator(_positive)]
NonNegativeMoney = Annotated[Money, AfterValidator(_not_negative)]


class Account(StrEnum):
    """The accounts of one source of money; each has its normal side, and is never below zero.

    What is in the bank is free, committed or held.
    """

    FREE = "free"
    COMMITTED = "committed"
    """Bound by signed contracts, not paid out yet."""
    HELD = "held"
    """In the bank, and not the fund's: overpaid, or of an unknown payer."""
    DISBURSED = "disbursed"
    """Paid out, ever; interest added to the principal counts as paid out again."""
    LOSS = "loss"
    CAPITAL = "capital"
    """What the source paid in."""
    INCOME = "income"
    """Interest, penalties and fees, when they are paid."""
    PAYABLE = "payable"
    """Whose the held money is: to be given back, or to be matched."""
    REPAID = "repaid"
    """Came back of what was disbursed, ever."""
    WRITTEN_OFF = "written_off"
    """Of what was disbursed, what will not come back: the other side of the loss."""


class Side(StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"


NORMAL_SIDE = {
    Account.FREE: Side.DEBIT,
    Account.COMMITTED: Side.DEBIT,
    Account.HELD: Side.DEBIT,
    Account.DISBURSED: Side.DEBIT,
    Account.LOSS: Side.DEBIT,
    Account.CAPITAL: Side.CREDIT,
    Account.INCOME: Side.CREDIT,
    Account.PAYABLE: Side.CREDIT,
    Account.REPAID: Side.CREDIT,
    Account.WRITTEN_OFF: Side.CREDIT,
}
"""On which side an account grows."""


class EntryKind(StrEnum):
    CONTRIBUTION = "contribution"
    WITHDRAWAL = "withdrawal"
    COMMITMENT = "commitment"
    RELEASE = "release"
    DISBURSEMENT = "disbursement"
    RECEIPT = "receipt"
    RECEIPT_REVERSED = "receipt_reversed"
    REALLOCATION = "reallocation"
    """The same money, allocated otherwise after a payment of an earlier day came to be known."""
    CAPITALISATION = "capitalisation"
    WRITE_OFF = "write_off"
    HOLDING = "holding"
    HOLDING_ENDED = "holding_ended"
    REVERSAL = "reversal"


class Cause(Published):
    """The event on which an entry rests; recorded in the same commit."""

    stream: UUID
    version: PositiveInt


class Transfer(Published):
    """One amount from the credited to the debited account: balanced by construction."""

    debit: Account
    credit: Account
    amount: PositiveMoney
    contract_id: UUID | None = None
    """Whose contract the money is about."""


class JournalEntry(Published):
    id: UUID
    kind: EntryKind
    cause: Cause
    transfers: tuple[Transfer, ...] = Field(min_length=1)
    reverses: UUID | None = None
    """The entry that is taken back; it stays in the journal."""


class Received(Published):
    """How one payment was allocated; `overpaid` is the payer's, and only held."""

    principal: NonNegativeMoney
    income: NonNegativeMoney
    overpaid: NonNegativeMoney
