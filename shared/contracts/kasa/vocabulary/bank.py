"""The words of bank statements. Payer and title are personal: they are sealed where they are kept."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from stdnum import iban

from shared.contracts.kasa.vocabulary.fund import PositiveMoney
from shared.contracts.model import Published

_POLISH: Final = re.compile(r"PL\d{26}", re.ASCII)


def _joined(reference: Any) -> Any:
    """Banks print one reference now in groups and now in one piece."""
    return "".join(reference.split()) if isinstance(reference, str) else reference


BankReference = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,59}$"),
    BeforeValidator(_joined),
]
"""By which the bank names one booking, and no other of the same account."""
Title = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$", max_length=1000)]
BankDay = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]


def _valid_account(text: str) -> str:
    """An IBAN; Polish numbers are often written without the country (NRB)."""
    compact = iban.compact(text)
    account = f"PL{compact}" if compact.isdigit() and len(compact) == 26 else compact
    if not _has_right_check_digits(account):
        raise ValueError("this is no IBAN: its check digits are wrong")
    return account


def _has_right_check_digits(account: str) -> bool:
    """By ISO 13616; a Polish one, of which a statement has thousands, without looking its form up."""
    if _POLISH.fullmatch(account):
        return int(f"{account[4:]}2521{account[2:4]}") % 97 == 1
    return bool(iban.is_valid(account))


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

    NO_NUMBER = "no_number"
    UNKNOWN_NUMBER = "unknown_number"
    """What looks like a contract number, and is none of ours."""
    SEVERAL_CONTRACTS = "several_contracts"
    OTHER_SOURCE = "other_source"
    """The contract is paid from another source, on whose account the money belongs."""
    WRONG_CURRENCY = "wrong_currency"
    """The contract is in another one."""
    BEFORE_CONTRACT = "before_contract"
    """Dated before the contract paid anything out."""
    CONTRACT_ENDED = "contract_ended"
    """Nothing is owed under it any more."""
    NO_APPROVED_PAYMENT = "no_approved_payment"
    """Money went out, and no payment of that amount was approved under the contract."""
    SEVERAL_APPROVED_PAYMENTS = "several_approved_payments"
    RECORDED_OTHERWISE = "recorded_otherwise"
    """The contract knows the bank reference, with another amount or day, or as taken back."""
    REFUSED_BY_CONTRACT = "refused_by_contract"
    """Something that the command on the contract itself will tell."""
    REOPENED = "reopened"
    """A person took a match back."""


class LineState(StrEnum):
    QUEUED = "queued"
    MATCHED = "matched"
    SET_ASIDE = "set_aside"


class Aside(StrEnum):
    """Why a line concerns no contract."""

    RETURNED = "returned"
    """The money was sent back to the payer; also the line by which it went."""
    NOT_OURS = "not_ours"
    """It belongs to another account, or the bank booked it in error."""
    CONTRIBUTION = "contribution"
    """The source paid in, or took back, which is recorded in its books by itself."""
    BANK_CHARGE = "bank_charge"


class Reopening(StrEnum):
    """Why what was said of a line is taken back."""

    WRONG_CONTRACT = "wrong_contract"
    WRONGLY_SET_ASIDE = "wrongly_set_aside"
