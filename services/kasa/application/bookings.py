"""A booking of the bank counts on one contract: whoever records it meets at its line, which is known by
source and bank reference, whether a statement has told of it yet or not.
"""

from datetime import date

from services.kasa.application import Known
from services.kasa.domain.bank import BankLine, line_id
from services.kasa.domain.contracts import Contract, terms_of
from services.kasa.domain.grant import Grant
from services.kasa.domain.loan import Loan
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


def by_hand(
    known: Known,
    contract: Contract,
    bank_reference: str,
    *,
    on: date,
    changed: tuple[Aggregate, ...],
) -> tuple[Aggregate, ...]:
    """What recording a booking on a contract changed, with its line; nothing where nothing happened.
    Raises `kasa.bank_reference_used` where it counts on another contract.
    """
    if not changed:
        return ()
    booking_id = line_id(terms_of(contract).source, bank_reference)
    line = known.find(BankLine, booking_id) or BankLine(booking_id)
    if counts_elsewhere(known, line, contract, bank_reference):
        raise Rejected("kasa.bank_reference_used", pointer="/bank_reference")
    line.record_by_hand(contract.id, on=on)
    return *changed, line


def counts_elsewhere(known: Known, line: BankLine, contract: Contract, bank_reference: str) -> bool:
    """Whether another contract has the booking as its payment, and has not taken it back."""
    if line.recorded_on in (None, contract.id):
        return False
    other = known.find(Loan, line.recorded_on) or known.find(Grant, line.recorded_on)
    return other is not None and terms_of(other).counts(bank_reference)
