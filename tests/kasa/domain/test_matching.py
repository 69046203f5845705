"""What a bank line is about: contract numbers in titles, and whether the contract can be meant."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.kasa.domain.ids import id_of
from services.kasa.domain.loan import Loan
from services.kasa.domain.matching import (
    Booking,
    Payment,
    number_keys,
    numbers_of,
    payment_by_person,
    payment_of,
    the_one,
)
from shared.contracts.kasa.vocabulary.bank import Direction, Unmatched
from shared.kernel.money import Currency, Money
from tests.kasa.domain.lending import RULES
from tests.kasa.domain.test_loan import CHIEF, DRAWN, OFFICER, TODAY, TRANCHE, pln, sign

PAID_ON = date(2026, 4, 14)
CREDIT = Booking("BGK/1", "BK1", pln("500"), PAID_ON, Direction.CREDIT)
DEBIT = Booking("BGK/1", "W1", pln("12000"), DRAWN, Direction.DEBIT)


def loan(*, paid_out: bool = True, **changes: object) -> Loan:
    found = Loan(id_of("loan", "POZ/2026/0001"))
    sign(found, conditions=(), **changes)
    _approved(found, TRANCHE, "12000")
    if paid_out:
        confirm(found, "W1")
    return found


def _approved(each: Loan, request: UUID, amount: str) -> None:
    each.request_disbursement(
        request_id=request, amount=pln(amount), source_document="W/1", by=OFFICER, today=TODAY
    )
    each.decide(request_id=request, approve=True, by=CHIEF, today=TODAY)


def confirm(each: Loan, reference: str) -> None:
    each.confirm_disbursement(
        request_id=TRANCHE, bank_reference=reference, paid_on=DRAWN, today=TODAY, rules=RULES
    )


def paid(each: Loan, amount: str = "500", reference: str = "BK1") -> None:
    each.receive(
        bank_reference=reference,
        amount=pln(amount),
        purpose="instalment",  # type: ignore[arg-type]
        paid_on=PAID_ON,
        today=TODAY,
        rules=RULES,
    )


def taken_back(each: Loan, reference: str = "BK1") -> None:
    each.reverse_payment(bank_reference=reference, source_document="P/1", today=TODAY, rules=RULES)


@pytest.mark.parametrize(
    "title",
    ["POZ/2026/0007", "rata 3 poz-2026-7", "POZ 2026 / 07 marzec", "Umowa nr POZ/2026/7"],
)
def test_a_number_is_found_however_it_is_written(title: str) -> None:
    (key,) = number_keys(title)
    assert "POZ/2026/0007" in set(numbers_of(key))
    assert "POZ/2026/7" in set(numbers_of(key))


@pytest.mark.parametrize("title", ["", "rata za 03/2026", "2026/7", "POZ/26/7", "POZ/2026/123456"])
def test_what_is_no_number(title: str) -> None:
    assert list(number_keys(title)) == []


def test_every_number_of_a_title_is_found_and_none_of_another() -> None:
    assert set(number_keys("poz/2026/1, DOT 2026-12")) == {("POZ", 2026, 1), ("DOT", 2026, 12)}
    others = {each for key in number_keys("XPOZ/2026/7 POZ/2026/70") for each in numbers_of(key)}
    assert "POZ/2026/7" not in others
    assert list(numbers_of(("POZ", 2026, 7))) == [
        "POZ/2026/7",
        "POZ/2026/07",
        "POZ/2026/007",
        "POZ/2026/0007",
        "POZ/2026/00007",
    ]


def test_one_contract_is_meant_or_a_person_has_to_look() -> None:
    first, second = loan(), loan()
    assert the_one([first], named=True) is first
    assert the_one([first, second], named=True) is Unmatched.SEVERAL_CONTRACTS
    assert the_one([], named=True) is Unmatched.UNKNOWN_NUMBER
    assert the_one([], named=False) is Unmatched.NO_NUMBER


def test_money_that_came_in_is_a_payment() -> None:
    each = loan()
    assert payment_of(CREDIT, each) == Payment(each, "BK1")


@pytest.mark.parametrize(
    ("booking", "why"),
    [
        (replace(CREDIT, source="EFS-85"), Unmatched.OTHER_SOURCE),
        (replace(CREDIT, amount=Money.of("5", Currency.EUR)), Unmatched.WRONG_CURRENCY),
        (replace(CREDIT, value_on=date(2026, 3, 15)), Unmatched.BEFORE_CONTRACT),
        (replace(DEBIT, reference="W2"), Unmatched.NO_APPROVED_PAYMENT),
        (replace(DEBIT, amount=pln("1")), Unmatched.RECORDED_OTHERWISE),
    ],
)
def test_what_cannot_be_this_loan_s(booking: Booking, why: Unmatched) -> None:
    assert payment_of(booking, loan()) is why
    assert payment_by_person(booking, loan()) is why


def test_nothing_comes_back_of_a_loan_that_was_not_paid_out() -> None:
    assert payment_of(CREDIT, loan(paid_out=False)) is Unmatched.BEFORE_CONTRACT


def test_of_a_loan_that_is_repaid_only_a_person_can_tell() -> None:
    each = loan()
    paid(each, "13000", "ALL")
    each.review(today=date(2027, 4, 1), rules=RULES)
    assert each.repaid_on is not None
    assert payment_of(CREDIT, each) is Unmatched.CONTRACT_ENDED
    assert payment_by_person(CREDIT, each) == Payment(each, "BK1")


def test_a_payment_recorded_by_hand_is_known_by_amount_and_day() -> None:
    each = loan()
    paid(each)
    assert payment_of(CREDIT, each) == Payment(each, "BK1", is_known=True)
    for other in (replace(CREDIT, amount=pln("501")), replace(CREDIT, value_on=TODAY)):
        assert payment_of(other, each) is Unmatched.RECORDED_OTHERWISE


def test_a_reference_that_was_taken_back_is_not_used_again() -> None:
    each = loan()
    paid(each)
    taken_back(each)
    assert payment_of(CREDIT, each) is Unmatched.RECORDED_OTHERWISE
    assert payment_by_person(CREDIT, each) == Payment(each, "BK1__2")
    paid(each, "500", "BK1__2")
    assert payment_by_person(CREDIT, each) == Payment(each, "BK1__2", is_known=True)
    long = replace(CREDIT, reference="B" * 60)
    paid(each, "500", long.reference)
    taken_back(each, long.reference)
    found = payment_by_person(long, each)
    assert isinstance(found, Payment)
    assert len(found.reference) <= 60


def test_money_that_went_out_confirms_the_one_payment_that_was_approved() -> None:
    each = loan(paid_out=False)
    assert payment_of(DEBIT, each) == Payment(each, "W1", item=TRANCHE)
    confirm(each, "W1")
    assert payment_of(DEBIT, each) == Payment(each, "W1", is_known=True)


def test_of_two_approved_payments_of_one_amount_a_person_has_to_look() -> None:
    each = Loan(id_of("loan", "POZ/2026/0001"))
    sign(each, conditions=())
    for number in (1, 2):
        _approved(each, UUID(int=number), "6000")
    half = replace(DEBIT, amount=Money.of(Decimal(6000)))
    assert payment_of(half, each) is Unmatched.SEVERAL_APPROVED_PAYMENTS
