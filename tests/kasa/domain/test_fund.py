"""The fund's books: what moves, what is refused, what is taken back."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from services.kasa.domain.accounts import Proceeds, in_balance
from services.kasa.domain.fund import Fund
from services.kasa.domain.journal import ContractMoney, Discrepancy, balances, reconcile
from shared.contracts.kasa.vocabulary.fund import Account, EntryKind, JournalEntry
from shared.kernel.aggregate import Event
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from shared.testing.scenario import given, rejected
from tests.kasa.domain.books import (
    LOAN,
    MAKER,
    OPENED_ON,
    OTHER,
    OTHER_LOAN,
    TODAY,
    WITHDRAWAL,
    ask_back,
    cause,
    contribute,
    fund_with,
    give_back,
    opened,
    pln,
    received,
    reverse,
    sums,
)

MARCH = date(2026, 3, 2)


def refused(code: str, decision: Callable[[], object]) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        decision()
    assert refusal.value.code == code
    return refusal.value


def shown(fund: Fund) -> dict[str, str]:
    """The accounts that hold something."""
    return {str(k): str(v.amount) for k, v in fund.balances.items() if v}


def entries(events: tuple[Event, ...]) -> list[JournalEntry]:
    return [event.entry for event in events if isinstance(event, Fund.Posted)]


def lent(fund: Fund, amount: str, contract: UUID = LOAN) -> None:
    fund.commit(contract, pln(amount), cause(1, contract), on=MARCH)
    fund.disburse(contract, pln(amount), cause(2, contract), on=MARCH)


def test_a_source_is_opened_once() -> None:
    def open_it(fund: Fund) -> None:
        fund.open(
            source="EFS-85",
            name="Europejski Fundusz Społeczny",
            currency=Currency.PLN,
            opened_on=OPENED_ON,
            today=TODAY,
        )

    given(Fund).when(open_it).then(opened())
    given(Fund, opened()).when(open_it).then(rejected("kasa.source_taken", pointer="/source"))


def test_nothing_is_posted_for_a_source_that_is_not_open() -> None:
    refused("kasa.source_unknown", lambda: Fund(LOAN).commit(LOAN, pln(1), cause(1), on=MARCH))


def test_a_loan_from_contract_to_loss_has_every_zloty_explained() -> None:
    fund = fund_with("100000")
    fund.commit(LOAN, pln("60000"), cause(1), on=MARCH)
    assert shown(fund) == {"free": "40000.00", "committed": "60000.00", "capital": "100000.00"}
    fund.disburse(LOAN, pln("50000"), cause(2), on=MARCH)
    fund.release(LOAN, pln("10000"), cause(3), on=MARCH)
    assert fund.commitments == {}
    fund.receive(LOAN, received("20000", "312.50", "7.50"), cause(4), on=MARCH)
    fund.let_go(LOAN, pln("7.50"), cause(5), on=MARCH)
    fund.settle(LOAN, sums(), sums(given_up="30000"), cause(6), on=MARCH)
    assert shown(fund) == {
        "free": "70312.50",
        "disbursed": "50000.00",
        "loss": "30000.00",
        "capital": "100000.00",
        "income": "312.50",
        "repaid": "20000.00",
        "written_off": "30000.00",
    }
    assert fund.outstanding == {}
    assert in_balance(fund.balances, Currency.PLN)


def test_free_money_is_never_below_zero_and_the_refusal_names_source_free_and_wanted() -> None:
    fund = fund_with("1000")
    refusal = refused(
        "kasa.fund_short", lambda: fund.commit(LOAN, pln("1000.01"), cause(1), on=MARCH)
    )
    assert refusal.details == {
        "source": "EFS-85",
        "free": "1000.00 PLN",
        "wanted": "1000.01 PLN",
    }
    fund.commit(LOAN, pln("1000"), cause(1), on=MARCH)
    refused("kasa.fund_short", lambda: ask_back(fund, pln("0.01")))


def test_a_withdrawal_takes_two_people_and_free_money_on_the_day_it_is_approved() -> None:
    fund = fund_with("1000")
    ask_back(fund, pln("600"), on=MARCH)
    assert shown(fund) == {"free": "1000.00", "capital": "1000.00"}
    refused("four_eyes", lambda: give_back(fund, by=MAKER))
    refused("date_too_early", lambda: give_back(fund, on=OPENED_ON))
    fund.commit(LOAN, pln("500"), cause(1), on=MARCH)
    refused("kasa.fund_short", lambda: give_back(fund))
    assert list(fund.withdrawals) == [WITHDRAWAL]
    contribute(fund, pln("100"), on=MARCH)
    give_back(fund)
    assert shown(fund) == {"committed": "500.00", "capital": "500.00"}
    refused("kasa.withdrawal_not_waiting", lambda: give_back(fund))
    posted = entries(tuple(fund.collect_events()))[-1]
    assert posted.cause == cause(fund.version - 1, fund.id)
    (own,) = [each for each in fund.own_entries.values() if each.entry == posted]
    assert (own.source_document, own.posted_by) == ("D/1", OTHER)


def test_a_refused_withdrawal_moves_nothing_and_cannot_be_approved() -> None:
    fund = fund_with("1000")
    ask_back(fund, pln("600"))

    def refuse(by: str) -> None:
        fund.refuse_withdrawal(WITHDRAWAL, on=MARCH, today=TODAY, by=by)

    refused("four_eyes", lambda: refuse(MAKER))
    refuse(OTHER)
    assert shown(fund) == {"free": "1000.00", "capital": "1000.00"}
    refused("kasa.withdrawal_not_waiting", lambda: give_back(fund))


def test_no_more_is_given_back_than_was_paid_in() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    fund.receive(LOAN, received("600", "50"), cause(3), on=MARCH)
    refusal = refused("kasa.account_short", lambda: ask_back(fund, pln("1000.01")))
    assert refusal.details == {
        "source": "EFS-85",
        "account": "capital",
        "balance": "1000.00 PLN",
        "wanted": "1000.01 PLN",
    }


def test_nothing_is_paid_out_that_the_contract_does_not_bind() -> None:
    """The other contract's money is not there to be taken, though the account holds enough."""
    fund = fund_with("1000")
    fund.commit(OTHER_LOAN, pln("600"), cause(1, OTHER_LOAN), on=MARCH)
    fund.commit(LOAN, pln("400"), cause(1), on=MARCH)
    refusal = refused(
        "kasa.commitment_short", lambda: fund.disburse(LOAN, pln("401"), cause(2), on=MARCH)
    )
    assert refusal.details == {
        "source": "EFS-85",
        "committed": "400.00 PLN",
        "wanted": "401.00 PLN",
    }
    refused("kasa.commitment_short", lambda: fund.release(LOAN, pln("401"), cause(2), on=MARCH))


def test_no_contract_pays_back_or_loses_more_than_it_got() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    lent(fund, "400", OTHER_LOAN)
    too_much = received("600.01")
    refused("kasa.outstanding_exceeded", lambda: fund.receive(LOAN, too_much, cause(3), on=MARCH))
    refused(
        "kasa.outstanding_exceeded",
        lambda: fund.settle(LOAN, sums(), sums(given_up="600.01"), cause(3), on=MARCH),
    )


def test_another_currency_is_refused() -> None:
    fund = fund_with("1000")
    euros = Money.of("10", Currency.EUR)
    refusal = refused("currency_mismatch", lambda: fund.commit(LOAN, euros, cause(1), on=MARCH))
    assert refusal.details == {"expected": "PLN", "got": "EUR"}


def test_nothing_is_posted_before_the_source_opened_or_by_hand_on_a_day_to_come() -> None:
    fund = fund_with("1000")
    early = date(2026, 1, 4)
    refused("date_too_early", lambda: fund.commit(LOAN, pln(1), cause(1), on=early))
    refused("date_too_early", lambda: contribute(fund, pln(1), on=early))
    refused("date_in_future", lambda: contribute(fund, pln(1), on=MARCH, today=OPENED_ON))


def test_a_payment_the_bank_took_back_leaves_what_was_before() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    before = shown(fund)
    fund.receive(LOAN, received("100", "5", "1"), cause(3), on=MARCH)
    fund.take_back(LOAN, received("100", "5", "1"), cause(4), on=MARCH)
    assert shown(fund) == before


def test_two_entries_of_one_cause_are_two() -> None:
    fund = fund_with("1000")
    fund.commit(LOAN, pln("1"), cause(1), on=MARCH)
    fund.commit(LOAN, pln("1"), cause(1), on=MARCH)
    posted = entries(tuple(fund.collect_events()))
    assert len({each.id for each in posted}) == len(posted) == 3


def test_payments_allocated_anew_move_the_difference_only() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    fund.receive(LOAN, received("100", "20"), cause(3), on=MARCH)
    fund.collect_events()
    fund.settle(LOAN, sums("100", "20"), sums("103.50", "16.50"), cause(4), on=MARCH)
    (entry,) = entries(tuple(fund.collect_events()))
    assert entry.kind is EntryKind.REALLOCATION
    assert balances([entry]) == {
        Account.FREE: pln(0),
        Account.REPAID: pln("3.50"),
        Account.INCOME: pln("-3.50"),
    }
    fund.settle(LOAN, sums("9"), sums("9"), cause(5), on=MARCH)
    assert not fund.collect_events()


def test_capitalised_interest_is_income_that_was_lent_again() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    fund.settle(LOAN, sums(), sums(capitalised="12.30"), cause(3), on=MARCH)
    assert fund.outstanding == {LOAN: pln("612.30")}
    assert fund.balances[Account.INCOME] == pln("12.30")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (sums(), sums("10"), EntryKind.RECEIPT),
        (sums("10", "1"), sums("5"), EntryKind.RECEIPT_REVERSED),
        (sums(), sums(given_up="10"), EntryKind.WRITE_OFF),
        (sums(), sums(capitalised="3"), EntryKind.CAPITALISATION),
        (sums("5", "5"), sums("9", "1"), EntryKind.REALLOCATION),
        (sums("5", "5", "9"), sums("5", "5", "2", returned="7"), EntryKind.HOLDING_ENDED),
    ],
)
def test_an_entry_is_called_for_what_moved(
    before: Proceeds, after: Proceeds, kind: EntryKind
) -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    fund.settle(LOAN, sums(), before, cause(3), on=MARCH)
    fund.collect_events()
    fund.settle(LOAN, before, after, cause(4), on=MARCH)
    (entry,) = entries(tuple(fund.collect_events()))
    assert entry.kind is kind


def test_what_a_late_payment_pays_was_not_lost() -> None:
    """Principal paid and not written off after all passes no balance below zero on the way."""
    fund = fund_with("1000")
    lent(fund, "600")
    fund.settle(LOAN, sums(), sums(given_up="600"), cause(3), on=MARCH)
    fund.settle(LOAN, sums(given_up="600"), sums("50", given_up="550"), cause(4), on=MARCH)
    assert fund.outstanding == {}
    assert fund.balances[Account.LOSS] == pln("550")


def test_a_contribution_posted_in_error_is_reversed_once_and_stays_in_the_journal() -> None:
    fund = fund_with("1000")
    (wrong,) = fund.own_entries
    refused("four_eyes", lambda: reverse(fund, wrong, on=MARCH, by=MAKER))
    reverse(fund, wrong, on=MARCH)
    posted = entries(tuple(fund.collect_events()))
    assert [entry.kind for entry in posted] == [EntryKind.CONTRIBUTION, EntryKind.REVERSAL]
    assert posted[1].reverses == posted[0].id
    assert shown(fund) == {}
    refused("kasa.entry_not_reversible", lambda: reverse(fund, wrong, on=MARCH))


def test_nothing_is_reversed_before_it_was_posted() -> None:
    fund = fund_with("1000")
    contribute(fund, pln("5"), on=MARCH)
    latest = list(fund.own_entries)[-1]
    refusal = refused("date_too_early", lambda: reverse(fund, latest, on=OPENED_ON))
    assert refusal.details == {"not_before": MARCH.isoformat()}


def test_a_contribution_already_bound_cannot_be_reversed() -> None:
    fund = fund_with("1000")
    (wrong,) = fund.own_entries
    fund.commit(LOAN, pln("1"), cause(1), on=MARCH)
    refused("kasa.fund_short", lambda: reverse(fund, wrong, on=MARCH))


def test_what_a_contract_caused_is_not_reversed_by_hand() -> None:
    fund = fund_with("1000")
    fund.commit(LOAN, pln("1"), cause(1), on=MARCH)
    (entry,) = entries(tuple(fund.collect_events()))[1:]
    refused("kasa.entry_not_reversible", lambda: reverse(fund, entry.id, on=MARCH))


def test_reconciliation_names_contract_figure_and_both_amounts() -> None:
    fund = fund_with("1000")
    lent(fund, "600")
    journal = entries(tuple(fund.collect_events()))
    none = ContractMoney.none(Currency.PLN)
    sound = {LOAN: ContractMoney(pln(0), pln(600), pln(0), pln(0), pln(0), pln(0))}
    assert reconcile(journal, sound) == ()
    wrong = {LOAN: ContractMoney(pln(0), pln(600), pln(1), pln(0), pln(0), pln(0))}
    assert reconcile(journal, wrong) == (Discrepancy(LOAN, "repaid", pln(0), pln(1)),)
    assert reconcile(journal, {}) == (Discrepancy(LOAN, "disbursed", pln(600), None),)
    assert reconcile(journal, {**sound, OTHER_LOAN: none}) == ()
