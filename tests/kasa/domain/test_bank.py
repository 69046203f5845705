"""Bank lines: taken in once, matched by the title or by a person."""

from datetime import date
from uuid import UUID

import pytest

from services.kasa.domain.bank import BankLine, line_id
from services.kasa.domain.loan import Loan
from services.kasa.domain.matching import Payment
from shared.contracts.kasa.vocabulary.bank import (
    Aside,
    Direction,
    Reopening,
    StatementLine,
    Unmatched,
)
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass, personal_fields
from shared.testing.scenario import Fact, fact, given, rejected
from tests.kasa.domain.books import LOAN, pln

BOOKED_ON, VALUE_ON, TODAY = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 10)
IMPORT = UUID("00000000-0000-4000-8000-0000000000a1")
IBAN = "PL61109010140000071219812874"


def line() -> StatementLine:
    return StatementLine(
        bank_reference="BK0001",
        booked_on=BOOKED_ON,
        value_on=VALUE_ON,
        amount=pln("1032.80"),
        direction=Direction.CREDIT,
        payer_account=IBAN,
        title="rata 3",
    )


def take_in(bank_line: BankLine, today: date = TODAY, **changes: date) -> None:
    bank_line.take_in(
        line().model_copy(update=changes),
        import_id=IMPORT,
        source="EFS-85",
        fingerprint="f1",
        today=today,
    )


def imported(direction: Direction = Direction.CREDIT) -> Fact:
    return fact(
        BankLine.Imported,
        occurred_on=BOOKED_ON,
        import_id=IMPORT,
        source="EFS-85",
        bank_reference="BK0001",
        value_on=VALUE_ON,
        amount=pln("1032.80"),
        direction=direction,
        fingerprint="f1",
    )


def queued(why: Unmatched = Unmatched.NO_NUMBER) -> Fact:
    return fact(BankLine.Queued, occurred_on=BOOKED_ON, why=why, payer_account=IBAN, title="rata 3")


def matched(on: date = BOOKED_ON, by: str | None = None) -> Fact:
    return fact(
        BankLine.Matched,
        occurred_on=on,
        contract_id=LOAN,
        payment_reference="BK0001",
        matched_by=by,
    )


def aside(reason: Aside = Aside.RETURNED) -> Fact:
    return fact(BankLine.SetAside, occurred_on=TODAY, reason=reason, set_aside_by="officer")


def reopened(reason: Reopening = Reopening.WRONG_CONTRACT) -> Fact:
    return fact(BankLine.Reopened, occurred_on=TODAY, reason=reason, reopened_by="officer")


def match(bank_line: BankLine, on: date = TODAY) -> None:
    payment = Payment(Loan(LOAN), "BK0001")
    bank_line.match(payment, on=on, today=TODAY, by="officer")


def set_aside(bank_line: BankLine, on: date = TODAY) -> None:
    bank_line.set_aside(Aside.RETURNED, on=on, today=TODAY, by="officer")


def reopen(bank_line: BankLine, reason: Reopening = Reopening.WRONG_CONTRACT) -> None:
    bank_line.reopen(reason, on=TODAY, today=TODAY, by="officer")


def test_a_line_is_taken_in_and_waits() -> None:
    given(BankLine).when(take_in).then(imported())
    given(BankLine, imported()).when(lambda each: each.queue(line(), Unmatched.NO_NUMBER)).then(
        queued()
    )


def test_the_same_line_is_known_and_another_one_is_refused() -> None:
    bank_line = BankLine(line_id("EFS-85", "BK0001"))
    assert not bank_line.is_known("f1")
    take_in(bank_line)
    assert bank_line.is_known("f1")
    with pytest.raises(Rejected, match="bank_reference_reused"):
        bank_line.is_known("f2")


def test_a_person_matches_a_queued_line_once() -> None:
    given(BankLine, imported(), queued()).when(match).then(matched(TODAY, "officer"))
    for history in ((queued(), matched()), (queued(), aside())):
        given(BankLine, imported(), *history).when(match).then(rejected("kasa.line_not_queued"))
    given(BankLine).when(match).then(rejected("not_found"))
    given(BankLine, imported(), queued()).when(lambda each: match(each, VALUE_ON)).then(
        rejected("date_too_early")
    )


def test_a_queued_line_is_set_aside_once() -> None:
    given(BankLine, imported(), queued()).when(set_aside).then(aside())
    given(BankLine, imported(), queued(), aside()).when(set_aside).then(
        rejected("kasa.line_not_queued")
    )


def test_what_was_said_of_a_line_is_taken_back() -> None:
    given(BankLine, imported(), queued(), matched()).when(reopen).then(reopened())
    wrongly = Reopening.WRONGLY_SET_ASIDE
    given(BankLine, imported(), queued(), aside()).when(lambda each: reopen(each, wrongly)).then(
        reopened(wrongly)
    )
    given(BankLine, imported(), queued(), aside()).when(reopen).then(rejected("kasa.line_not_so"))
    given(BankLine, imported(), queued()).when(reopen).then(rejected("kasa.line_not_so"))
    again = (queued(), matched(), reopened(), matched(TODAY, "officer"))
    given(BankLine, imported(), *again).when(reopen).then(reopened())


def test_what_the_bank_paid_out_stays_paid_out() -> None:
    history = (imported(Direction.DEBIT), matched())
    given(BankLine, *history).when(reopen).then(rejected("kasa.line_paid_out"))


def test_no_line_of_a_day_to_come_is_taken_in() -> None:
    given(BankLine).when(lambda each: take_in(each, today=VALUE_ON)).then(
        rejected("date_in_future", pointer="/booked_on")
    )
    late = date(2026, 3, 11)
    given(BankLine).when(lambda each: take_in(each, value_on=late)).then(
        rejected("date_in_future", pointer="/value_on")
    )


def test_payer_and_title_are_sealed_and_the_id_is_of_source_and_reference() -> None:
    assert personal_fields(BankLine.Queued) == {
        "payer_account": DataClass.IDENTITY,
        "title": DataClass.IDENTITY,
    }
    assert not personal_fields(BankLine.Imported)
    assert len({line_id(s, r) for s in ("EFS-85", "BP-15") for r in ("BK1", "BK2")}) == 4
