"""The words of bank statements. Payer and title are personal: they are sealed where they are kept."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from stdnum import iban

from shared.contracts.kasa.vocabulary.fund import PositiveMoney
from shared.contracts.model import Published

BankReference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]{0,59}$")]
"""By which the bank names one booking, and no other of the same account."""
Title = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=1000)]
BankDay = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


def _valid_account(text: str) -> str:
    """An IBAN; Polish numbers are often written without the country (NRB)."""
    compact = iban.compact(text)
    account = f"PL{compact}" if compact.isdigit() and len(compact) == 26 else compact
    if not iban.is_valid(account):
        raise ValueError("this is no IBAN: its check digits are wrong")
    return account


BankAccount = Annotated[str, AfterValidator(_valid_account)]


class Direction(StrEnum):
    CREDIT = "credit"
    """Came in."""
    DEBIT = "debit"


class StatementLine(Published):
    """One booking on the fund's account, whichever format it came in."""

    bank_reference: BankReference
    booked_on: BankDay
    value_on: BankDay
    amount: PositiveMoney
    direction: Direction
    payer_account: BankAccount | None = None
    """Of the other party."""
    title: Title = ""


class Unmatched(StrEnum):
    """Why a line waits for a person."""

    NOT_A_CREDIT = "not_a_credit"
    NO_NUMBER = "no_number"
    UNKNOWN_NUMBER = "unknown_number"
    """What looks like a contract number, and is none of ours."""
    SEVERAL_CONTRACTS = "several_contracts"
