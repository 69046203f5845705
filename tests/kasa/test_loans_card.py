"""The card of a long loan fits into one message, and it says what it leaves out."""

from datetime import date
from uuid import UUID

import pytest

from services.kasa.domain.loan import Loan
from services.kasa.queries.loans_card import card_of, version_of
from shared.contracts.kasa.vocabulary.loans import LoanTerms, PaymentPurpose, ScheduleKind
from shared.kernel.days import months_after
from shared.messaging.wire import ITEMS_LIMIT
from tests.kasa.domain.lending import RULES
from tests.kasa.domain.test_loan import (
    CHIEF,
    DRAWN,
    SIGNED,
    TRANCHE,
    ask,
    confirm,
    pay,
    pln,
    sign,
)

FIRST = date(2026, 4, 15)


@pytest.fixture(scope="module")
def loan() -> Loan:
    """84 months, with a prepayment in each of the first two years' months."""
    loan = Loan(UUID(int=7))
    terms = LoanTerms(kind=ScheduleKind.EQUAL_PRINCIPAL, months=84, first_due_on=FIRST)
    sign(loan, product="bgk-later", principal=pln("500000"), terms=terms, conditions=())
    ask(loan, "500000")
    loan.decide(request_id=TRANCHE, approve=True, by=CHIEF, today=SIGNED)
    confirm(loan, today=DRAWN)
    for month in range(24):
        day = months_after(FIRST, month)
        early = PaymentPurpose.PREPAYMENT
        pay(loan, f"PRZELEW/2026/{month}", "6500", day, today=day, purpose=early)
    return loan


@pytest.mark.parametrize("months", [0, 12, 24, 60, 200])
def test_the_card_fits_and_counts_what_it_leaves_out(loan: Loan, months: int) -> None:
    day = months_after(FIRST, months)
    card = card_of(loan, day, RULES)
    assert len(card.model_dump_json().encode()) <= ITEMS_LIMIT + 100
    settled = loan.settlement(day, RULES)
    assert len(card.schedule) + card.schedule_left_out == len(settled.rows)
    assert len(card.versions) + card.versions_left_out == len(loan.schedules)
    paid = [each for each in loan.payments.values() if each.occurred_on <= day]
    assert len(card.payments) + card.payments_left_out == len(paid)
    assert card.schedule[-1].number == 84
    assert card.versions[0].number == len(loan.schedules)
    assert len(card.chart.days) == len(card.chart.balance) == len(card.chart.original_balance)


def test_a_version_fits_whole(loan: Loan) -> None:
    for number in range(1, len(loan.schedules) + 1):
        version = version_of(loan, number)
        assert len(version.model_dump_json().encode()) <= ITEMS_LIMIT
        rows = [*version.unchanged, *(each.after for each in version.changed if each.after)]
        assert len(rows) == len(loan.schedules[number - 1].rows)
        assert all(row in rows for row in loan.schedules[number - 1].rows)
