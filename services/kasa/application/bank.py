"""Commands on the lines of bank statements: each is one commit with what it does to contract and books."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from services.kasa.application import Kasa, Known
from services.kasa.application.bookings import counts_elsewhere
from services.kasa.application.books import books_of, last_event_of
from services.kasa.application.payments import carried_out, taken_back
from services.kasa.application.unit_of_work import UnitOfWork
from services.kasa.domain.bank import BankLine
from services.kasa.domain.contracts import Contract
from services.kasa.domain.grant import Grant
from services.kasa.domain.ids import id_of
from services.kasa.domain.loan import Loan
from services.kasa.domain.matching import Payment, payment_by_person, the_one
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.vocabulary.bank import Unmatched
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected


def match_bank_line(kasa: Kasa, command: commands.MatchBankLine, act: Act) -> Receipt:
    """A person says what a queued line is. Raises `kasa.line_does_not_fit`."""
    unit = UnitOfWork(kasa)
    line = _line_for(unit, command, act)
    held_since = line.waits_since
    payment = _meant(unit, line, command.contract_number)
    line.match(payment, on=command.on, today=kasa.today(), by=act.caller.subject)
    let_go(unit, line, on=held_since)
    unit.change(*carried_out(unit, line, payment))
    return _commit(unit, line, command, act)


def set_bank_line_aside(kasa: Kasa, command: commands.SetBankLineAside, act: Act) -> Receipt:
    unit = UnitOfWork(kasa)
    line = _line_for(unit, command, act)
    line.set_aside(command.reason, on=command.on, today=kasa.today(), by=act.caller.subject)
    let_go(unit, line, on=command.on)
    return _commit(unit, line, command, act)


def reopen_bank_line(kasa: Kasa, command: commands.ReopenBankLine, act: Act) -> Receipt:
    """The payment is reversed, and the money held again."""
    unit = UnitOfWork(kasa)
    line = _line_for(unit, command, act)
    matched = line.matched
    line.reopen(command.reason, on=command.on, today=kasa.today(), by=act.caller.subject)
    if matched is not None:
        changed = taken_back(
            unit,
            _contract(unit, matched.contract_id),
            matched.payment_reference,
            on=command.on,
            source_document=command.source_document,
        )
        unit.change(*changed)
    hold(unit, line)
    return _commit(unit, line, command, act)


def contract_ids(numbers: Iterable[str]) -> Iterator[UUID]:
    """Of the contracts that may have been signed under these numbers."""
    for number in numbers:
        yield id_of("loan", number)
        yield id_of("grant", number)


def contracts_among(known: Known, ids: Iterable[UUID]) -> list[Contract]:
    """Those that were signed."""
    found = (known.find(Loan, each) or known.find(Grant, each) for each in ids)
    return [each for each in found if each is not None]


def hold(unit: UnitOfWork, line: BankLine) -> None:
    """Money that came in, and whose it is nobody knows, is held from the day the line waits."""
    if _is_held(unit, line):
        books = books_of(unit, line.told.source)
        books.hold(None, line.told.amount, last_event_of(line), on=line.waits_since)
        unit.change(books)


def let_go(unit: UnitOfWork, line: BankLine, *, on: date) -> None:
    """What was held for a line that waited."""
    if _is_held(unit, line):
        books = books_of(unit, line.told.source)
        books.let_go(None, line.told.amount, last_event_of(line), on=on)
        unit.change(books)


def _is_held(unit: UnitOfWork, line: BankLine) -> bool:
    """Books hold their own currency only."""
    books = books_of(unit, line.told.source)
    return line.is_credit and line.told.amount.currency is books.currency


def _line_for(unit: UnitOfWork, command: commands.BankLineCommand, act: Act) -> BankLine:
    """As it is after the books were read, so that what it says is in them already. Refused as
    `not_found`, and as `stale_version`.
    """
    books_of(unit, unit.load(BankLine, command.line_id).told.source)
    unit.release([command.line_id])
    line = unit.load(BankLine, command.line_id)
    if act.expected_version not in (None, line.version):
        raise Rejected("stale_version", {"current": line.version})
    return line


def _meant(unit: UnitOfWork, line: BankLine, number: str) -> Payment:
    found = the_one(contracts_among(unit, contract_ids([number])), named=True)
    if not isinstance(found, Unmatched):
        payment = payment_by_person(line.booking, found)
        reference = line.told.bank_reference
        if line.matched is None and counts_elsewhere(unit, line, found, reference):
            payment = Unmatched.RECORDED_OTHERWISE
        if isinstance(payment, Payment):
            return payment
        found = payment
    raise Rejected("kasa.line_does_not_fit", {"why": found.value}, "/contract_number")


def _contract(unit: UnitOfWork, contract_id: UUID) -> Contract:
    (contract,) = contracts_among(unit, [contract_id])
    return contract


def _commit(
    unit: UnitOfWork, line: BankLine, command: commands.BankLineCommand, act: Act
) -> Receipt:
    others = (each for each in unit.changed if each is not line)
    return unit.kasa.commit(act, line, *others, source_document=command.source_document)
