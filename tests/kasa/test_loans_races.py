"""Loans by many at once: money goes out once, comes in once, and no limit is exceeded together."""

from uuid import UUID

from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa.vocabulary.fund import Account
from shared.kernel.money import Money
from tests.kasa.borrowing import (
    LOAN,
    approved,
    asking,
    balances,
    borrower,
    card,
    confirming,
    deciding,
    lent,
    meeting,
    on_day,
    paying,
    signing,
)
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND, SOURCE
from tests.kasa.test_loans import APRIL, JULY
from tests.kasa.test_races import GRANTED, race


def ready(kasa: Kasa) -> UUID:
    enterprise = borrower(kasa)
    kasa.do(signing(enterprise), OFFICER)
    kasa.do(meeting(), OFFICER)
    return enterprise


def test_of_two_who_approve_at_once_one_does(kasa: Kasa) -> None:
    ready(kasa)
    kasa.do(asking(), OFFICER)
    decide = deciding(kasa)
    ended = race([lambda: kasa.command(decide, SECOND) for _ in range(2)])
    assert ended == {GRANTED: 1, "kasa.request_decided": 1}


def test_two_confirmations_of_one_payment_pay_it_out_once(kasa: Kasa) -> None:
    ready(kasa)
    approved(kasa, asking())
    same, other = confirming(kasa), confirming(kasa, "W-2")
    ended = race([lambda each=each: kasa.command(each, OFFICER) for each in (same, same, other)])  # type: ignore[misc]
    assert ended[GRANTED] == 1
    assert set(ended) <= {GRANTED, "nothing_changed", "kasa.already_disbursed"}
    assert balances(kasa, Account.DISBURSED, Account.COMMITTED) == ("12000.00", "0.00")


def test_the_same_payment_many_times_at_once_counts_once(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    payment = paying("1038.00", APRIL)
    ended = race([lambda: kasa.command(payment, OFFICER) for _ in range(8)])
    assert ended == {GRANTED: 1, "nothing_changed": 7}
    assert len(card(kasa).payments) == 1
    assert balances(kasa, Account.REPAID) == ("979.95",), "the rest was interest"


def test_payments_of_many_at_once_all_count(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    payments = [paying("10", APRIL, f"B-{number}") for number in range(8)]
    ended = race([lambda each=each: kasa.command(each, OFFICER) for each in payments])  # type: ignore[misc]
    assert ended == {GRANTED: 8}
    assert sum(each.amount for each in card(kasa).payments) == 80
    balances(kasa)


def test_of_two_contracts_for_the_rest_of_a_borrowers_limit_one_is_signed(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    contracts = [
        signing(
            enterprise,
            number=f"POZ/2026/{number}",
            principal=Money.of("100000"),
            creates_jobs=True,
        )
        for number in range(1, 4)
    ]
    ended = race([lambda each=each: kasa.command(each, OFFICER) for each in contracts])  # type: ignore[misc]
    assert ended == {GRANTED: 2, "kasa.product_limit": 1}
    fund = kasa.composition.application.load(Fund, id_of("fund", SOURCE))
    assert fund.balances[Account.COMMITTED] == Money.of("200000")
    assert LOAN not in fund.commitments
