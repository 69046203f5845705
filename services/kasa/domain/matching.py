"""What a bank line is about, by the contract number in its title; pure.

People write numbers as they like: `POZ/2026/0007`, `poz-2026-7`, `POZ 2026 / 07`. Only numbers of
contracts that exist count, so other numbers in a title confuse nothing. Whether the contract can be
what the line says is checked before anything is recorded on it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from services.kasa.domain.contracts import Contract, Item, Terms, terms_of
from shared.contracts.kasa.vocabulary.bank import Direction, Unmatched
from shared.kernel.money import Money

NumberKey = tuple[str, int, int]
"""Prefix, year and ordinal of a contract number, however it is written."""
_SEPARATOR: Final = r"\s*[/\\.\-_]?\s*"
_NUMBER: Final = re.compile(
    rf"(?<![A-Z0-9])([A-Z]{{1,6}}){_SEPARATOR}((?:19|20)\d\d)(?:\s*[/\\.\-_]\s*|\s+)(\d{{1,5}})(?!\d)",
    re.ASCII,
)
_WIDEST: Final = 5
"""Digits of an ordinal, with the zeros before it."""


def number_keys(text: str) -> Iterator[NumberKey]:
    """All that looks like a contract number in a text."""
    for prefix, year, ordinal in _NUMBER.findall(text.upper()):
        yield prefix, int(year), int(ordinal)


def numbers_of(key: NumberKey) -> Iterator[str]:
    """All ways in which a contract of this number may have been signed."""
    prefix, year, ordinal = key
    digits = str(ordinal)
    for width in range(len(digits), _WIDEST + 1):
        yield f"{prefix}/{year}/{digits.zfill(width)}"


@dataclass(frozen=True)
class Booking:
    """A line, as far as it can be a contract's payment. `source` is whose account it is on."""

    source: str
    reference: str
    amount: Money
    value_on: date
    direction: Direction


@dataclass(frozen=True)
class Payment:
    """What a booking is to a contract: money that came in or, with `item`, went out as approved.
    `is_known` when it was recorded by hand before.
    """

    contract: Contract
    reference: str
    item: Item | None = None
    is_known: bool = False


def the_one(contracts: Sequence[Contract], *, named: bool) -> Contract | Unmatched:
    """The contract that a title names, or why there is no telling; `named` when there is something
    like a number in it.
    """
    if len(contracts) > 1:
        return Unmatched.SEVERAL_CONTRACTS
    if not contracts:
        return Unmatched.UNKNOWN_NUMBER if named else Unmatched.NO_NUMBER
    return contracts[0]


def payment_of(booking: Booking, contract: Contract) -> Payment | Unmatched:
    """What a booking is to a contract, or why it can be nothing to it."""
    terms, reference = terms_of(contract), booking.reference
    if terms.source != booking.source:
        return Unmatched.OTHER_SOURCE
    if terms.currency is not booking.amount.currency:
        return Unmatched.WRONG_CURRENCY
    if booking.direction is Direction.DEBIT:
        return _paid_out(booking, contract, terms)
    if terms.knows(reference):
        same = terms.payment(reference) == (booking.amount, booking.value_on)
        return _known(contract, reference, same=same)
    if terms.pays_back_from is None or booking.value_on < terms.pays_back_from:
        return Unmatched.BEFORE_CONTRACT
    return Unmatched.CONTRACT_ENDED if terms.is_over else Payment(contract, reference)


def payment_by_person(booking: Booking, contract: Contract) -> Payment | Unmatched:
    """As `payment_of`; but a person may say that money came for a contract that has ended, or again
    under a reference whose payment was taken back: then it gets another one.
    """
    reference = terms_of(contract).open_reference(booking.reference)
    found = payment_of(replace(booking, reference=reference), contract)
    return Payment(contract, reference) if found is Unmatched.CONTRACT_ENDED else found


def _paid_out(booking: Booking, contract: Contract, terms: Terms) -> Payment | Unmatched:
    """The bank confirms what two persons decided; it decides nothing."""
    paid = terms.paid(booking.reference)
    if paid is not None:
        return _known(contract, booking.reference, same=paid == booking.amount)
    approved = list(terms.approved(booking.amount))
    if not approved:
        return Unmatched.NO_APPROVED_PAYMENT
    if len(approved) > 1:
        return Unmatched.SEVERAL_APPROVED_PAYMENTS
    return Payment(contract, booking.reference, item=approved[0])


def _known(contract: Contract, reference: str, *, same: bool) -> Payment | Unmatched:
    return Payment(contract, reference, is_known=True) if same else Unmatched.RECORDED_OTHERWISE
