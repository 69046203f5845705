"""Bank lines: taken in once, matched by the title or by a person."""

from datetime import date
from uuid import UUID

from services.kasa.domain.bank import BankLine, line_id
from shared.contracts.kasa.vocabulary.bank import Direction, StatementLine, Unmatched
from shared.kernel.personal import DataClass, personal_fields
from shared.testing.scenario import Fact, fact, given, rejected
from tests.kasa.domain.books import LOAN, OTHER_LOAN, pln

BOOKED_ON, VALUE_ON, TODAY = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 10)
IBAN = "PL61109010140000071219812874"


def line(direction: Direction = Direction.CREDIT) -> StatementLine:
    return StatementLine(
        bank_reference="BK0001",
        booked_on=BOOKED_ON,
        value_on=VALUE_ON,
        amount=pln("1032.80"),
        direction=direction,
        payer_account=IBAN,
        title="rata 3",
    )


def take_in(
    bank_line: BankLine,
    match: UUID | Unmatched = LOAN,
    fingerprint: str = "f1",
    today: date = TODAY,
    direction: Direction = Direction.CREDIT,
) -> None:
    bank_line.take_in(
        line(direction), source="EFS-85", fingerprint=fingerprint, match=match, today=today
    )


def imported(direction: Direction = Direction.CREDIT) -> Fact:
    return fact(
        BankLine.Imported,
        occurred_on=BOOKED_ON,
        source="EFS-85",
        bank_reference="BK0001",
        value_on=VALUE_ON,
        amount=pln("1032.80"),
        direction=direction,
        fingerprint="f1",
    )


def queued(why: Unmatched = Unmatched.NO_NUMBER) -> Fact:
    return fact(BankLine.Queued, occurred_on=BOOKED_ON, why=why, payer_account=IBAN, title="rata 3")


def matched(contract: UUID = LOAN, on: date = BOOKED_ON, by: str | None = None) -> Fact:
    return fact(BankLine.Matched, occurred_on=on, contract_id=contract, matched_by=by)


def match(bank_line: BankLine, on: date = TODAY) -> None:
    bank_line.match(OTHER_LOAN, on=on, today=TODAY, by="officer")


def test_a_line_is_matched_or_waits_for_a_person() -> None:
    given(BankLine).when(take_in).then(imported(), matched())
    given(BankLine).when(lambda each: take_in(each, Unmatched.NO_NUMBER)).then(imported(), queued())


def test_the_same_line_again_changes_nothing_and_another_one_is_refused() -> None:
    given(BankLine, imported(), matched()).when(take_in).then()
    given(BankLine, imported(), queued()).when(take_in).then()
    given(BankLine, imported(), matched()).when(lambda each: take_in(each, fingerprint="f2")).then(
        rejected("kasa.bank_reference_reused", {"bank_reference": "BK0001"})
    )


def test_a_person_matches_a_queued_line_once() -> None:
    given(BankLine, imported(), queued()).when(match).then(matched(OTHER_LOAN, TODAY, "officer"))
    given(BankLine, imported(), matched()).when(match).then(
        rejected("kasa.line_matched", {"contract": str(LOAN)})
    )
    given(BankLine).when(match).then(rejected("not_found"))
    given(BankLine, imported(), queued()).when(lambda each: match(each, VALUE_ON)).then(
        rejected("date_too_early")
    )


def test_what_went_out_is_nobodys_payment() -> None:
    history = (imported(Direction.DEBIT), queued(Unmatched.NOT_A_CREDIT))
    given(BankLine, *history).when(match).then(rejected("kasa.line_not_a_credit"))


def test_no_line_of_a_day_to_come_is_taken_in() -> None:
    given(BankLine).when(lambda each: take_in(each, today=VALUE_ON)).then(
        rejected("date_in_future", pointer="/booked_on")
    )


def test_payer_and_title_are_sealed_and_the_id_is_of_source_and_reference() -> None:
    assert personal_fields(BankLine.Queued) == {
        "payer_account": DataClass.IDENTITY,
        "title": DataClass.IDENTITY,
    }
    assert not personal_fields(BankLine.Imported)
    assert len({line_id(s, r) for s in ("EFS-85", "BP-15") for r in ("BK1", "BK2")}) == 4
