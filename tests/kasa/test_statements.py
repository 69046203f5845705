"""Statements imported as jobs: what each line does to contract and books, once and only once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pymongo import MongoClient

from services.kasa.domain.bank import BankLine
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from services.kasa.domain.journal import reconcile
from shared.contracts.kasa.commands.loans import DecideLoanRequest, RequestCreditReturn
from shared.contracts.kasa.views import bank as views
from shared.contracts.kasa.vocabulary.bank import LineState, Unmatched
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.kasa.vocabulary.grants import TrancheState
from shared.contracts.kasa.vocabulary.loans import LoanState
from shared.kernel.errors import Rejected
from shared.kernel.money import Money
from shared.runtime.provision import Administrator
from tests.kasa.banking import (
    NUMBER,
    balance,
    counts,
    imported,
    lent,
    line,
    loan,
    looked_at,
    ordered,
    race_on,
    work,
)
from tests.kasa.clients import by_id
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND, endow
from tests.kasa.formats.statements import IBAN, Booking, as_camt, as_csv, as_mt940
from tests.kasa.test_grants import GRANT, releasing, signed

RATE = Booking("BK0001", Decimal("1032.80"), f"{NUMBER} rata 1")
NOBODY = Booking("BK0002", Decimal("15.00"), "wpłata bez numeru")


@pytest.fixture
def fund(kasa: Kasa) -> Kasa:
    """A source of money, and one loan that is paid out."""
    endow(kasa)
    lent(kasa)
    return kasa


def received(kasa: Kasa, number: str = NUMBER) -> list[str]:
    return list(loan(kasa, number).payments)


def recorded(kasa: Kasa, kind: type) -> int:
    return sum(isinstance(each.event, kind) for each in kasa.followed.history.read(0, 100_000))


def agrees(kasa: Kasa, *numbers: str) -> bool:
    """Whether the books and the loans say the same, to the grosz."""
    history = kasa.followed.history.read(0, 100_000)
    entries = [each.event.entry for each in history if isinstance(each.event, Fund.Posted)]
    loans = [loan(kasa, number) for number in numbers or (NUMBER,)]
    return reconcile(entries, {each.id: each.money for each in loans}) == ()


@pytest.mark.parametrize("form", [as_csv, as_mt940, as_camt])
def test_a_statement_pays_loans_and_queues_the_rest(fund: Kasa, form: Callable[..., bytes]) -> None:
    job = imported(fund, form([RATE, NOBODY]), "wyciag.txt")
    assert (job.state, job.failure, counts(job)) == ("done", None, (1, 1, 0, 0))
    assert (job.rows, job.processed) == (2, 2)
    assert received(fund) == ["BK0001"]
    assert loan(fund).payments["BK0001"].occurred_on == date(2026, 3, 1)
    assert balance(fund, Account.HELD) == balance(fund, Account.PAYABLE) == Money.of("15.00")
    total = balance(fund, Account.REPAID) + balance(fund, Account.INCOME)
    assert total == Money.of("1032.80")
    assert agrees(fund)
    first, second = fund.ask("list_bank_lines", views.ListBankLines()).items
    assert (first.state, first.contract_id, first.why) == (
        LineState.MATCHED,
        loan(fund).id,
        None,
    )
    assert (second.state, second.contract_id, second.why) == (
        LineState.QUEUED,
        None,
        Unmatched.NO_NUMBER,
    )


def test_a_line_and_what_it_does_are_one_commit(fund: Kasa) -> None:
    imported(fund, [RATE, NOBODY])
    ledger = fund.composition.application.recorder.ledger
    topics = [event.topic for event in ledger.commits(ledger.head(), 1)[0].events]
    assert topics.count("kasa.BankLine.Imported") == 2
    assert {"kasa.Loan.PaymentReceived", "kasa.BankLine.Matched", "kasa.BankLine.Queued"} < set(
        topics
    )
    assert topics.count("kasa.Fund.Posted") == 2


@pytest.mark.parametrize("form", [as_csv, as_mt940, as_camt])
def test_the_same_and_an_overlapping_statement_change_nothing_twice(
    fund: Kasa, form: Callable[..., bytes]
) -> None:
    imported(fund, form([RATE, NOBODY]))
    head = fund.followed.history.head()
    assert counts(imported(fund, form([RATE, NOBODY]))) == (0, 0, 2, 0)
    assert fund.followed.history.head() == head
    later = Booking("BK0003", Decimal("10.00"), NUMBER)
    assert counts(imported(fund, form([NOBODY, later]))) == (1, 0, 1, 0)
    assert received(fund) == ["BK0001", "BK0003"]
    assert agrees(fund)


def test_a_dry_run_tells_the_same_and_records_nothing(fund: Kasa) -> None:
    head = fund.followed.history.head()
    dry = imported(fund, [RATE, NOBODY], dry_run=True)
    assert fund.followed.history.head() == head
    assert dry.dry_run
    assert counts(dry) == counts(imported(fund, [RATE, NOBODY])) == (1, 1, 0, 0)


def test_all_or_nothing_records_nothing_while_a_row_is_wrong(fund: Kasa) -> None:
    content = as_csv([RATE, NOBODY]).replace(b"15,00;PLN", b"15,00;USD")
    head = fund.followed.history.head()
    job = imported(fund, content)
    assert (job.failure, counts(job)) == ("import_rows_rejected", (0, 0, 0, 1))
    assert fund.followed.history.head() == head
    (error,) = job.errors
    assert (error.row, error.column, error.code, error.value) == (
        3,
        "Waluta",
        "import_currency",
        "USD",
    )
    assert (error.message_pl, error.message_en) == (
        "Oczekiwano: PLN albo EUR.",
        "Expected: PLN or EUR.",
    )
    assert counts(imported(fund, content, mode="good_rows")) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("content", "filename", "failure", "text"),
    [
        (b"%PDF-1.7 x", "wyciag.pdf", "import_statement_type", "CAMT.053"),
        (b"Imie;Nazwisko\nA;B", "wyciag.csv", "import_unknown_column", "column"),
        (b"<html><body/></html>", "wyciag.xml", "import_file_type", ""),
        (b"", "wyciag.csv", "import_empty", "no rows"),
    ],
)
def test_what_is_no_statement_is_refused_whole(
    fund: Kasa, content: bytes, filename: str, failure: str, text: str
) -> None:
    job = imported(fund, content, filename)
    assert (job.state, job.failure, counts(job)) == ("done", failure, (0, 0, 0, 0))
    assert text in job.errors[0].message_en
    assert job.errors[0].message_pl


def test_a_broken_balance_is_told_in_both_languages(fund: Kasa) -> None:
    content = as_mt940([RATE]).replace(b"C1032,80", b"C1032,81")
    job = imported(fund, content, "wyciag.sta")
    (error,) = job.errors
    assert (job.failure, error.code, error.column) == (
        "import_rows_rejected",
        "import_balance",
        ":62F:",
    )
    assert error.message_pl.startswith("Saldo końcowe")
    assert error.message_en.startswith("The closing balance")
    assert not received(fund)


def test_lines_of_days_to_come_and_of_days_before_the_books_are_told(fund: Kasa) -> None:
    content = as_csv([RATE, NOBODY]).replace(b"2026-03-02", b"2026-03-20", 1)
    content = content.replace(b"2026-03-02;01.03.2026", b"2026-01-03;02.01.2026", 1)
    job = imported(fund, content, mode="good_rows")
    assert [(each.row, each.column, each.code) for each in job.errors] == [
        (2, "Data księgowania", "import_date_in_future"),
        (3, "Data księgowania", "import_date_too_early"),
    ]
    assert "2026-01-05" in job.errors[1].message_en


def test_another_line_under_a_known_reference_is_told(fund: Kasa) -> None:
    imported(fund, [RATE])
    job = imported(fund, [RATE._replace(amount=Decimal("1032.81")), NOBODY], mode="good_rows")
    (error,) = job.errors
    assert (error.code, error.column, error.value, counts(job)) == (
        "kasa.bank_reference_reused",
        "Numer operacji",
        "BK0001",
        (0, 1, 0, 1),
    )
    assert received(fund) == ["BK0001"]


def test_a_source_that_is_none_is_refused_at_once(fund: Kasa) -> None:
    with pytest.raises(Rejected) as refusal:
        ordered(fund, [RATE], source="NIEMA")
    assert (refusal.value.code, refusal.value.pointer) == ("kasa.source_unknown", "/source")


WHY = {
    "rata za marzec": Unmatched.NO_NUMBER,
    "POZ/2026/0999": Unmatched.UNKNOWN_NUMBER,
    f"{NUMBER} POZ/2026/0008": Unmatched.SEVERAL_CONTRACTS,
    "POZ/2026/0009": Unmatched.OTHER_SOURCE,
    "POZ/2026/0010": Unmatched.BEFORE_CONTRACT,
    "POZ/2026/0011": Unmatched.CONTRACT_ENDED,
    "POZ/2026/7": None,
    "poz 2026 / 08": None,
}


def test_what_is_not_sure_waits_with_its_reason_and_its_money_is_held(fund: Kasa) -> None:
    lent(fund, "POZ/2026/0008")
    endow(fund, source="BP-15")
    lent(fund, "POZ/2026/0009", source="BP-15")
    lent(fund, "POZ/2026/0010", paid_out=False)
    lent(fund, "POZ/2026/0011", "100.00")
    imported(fund, [Booking("BK0100", Decimal("500.00"), "POZ/2026/0011")])
    assert loan(fund, "POZ/2026/0011").state is LoanState.REPAID
    before = balance(fund, Account.HELD)
    bookings = [
        Booking(f"BK{number:04}", Decimal("1.00"), title) for number, title in enumerate(WHY)
    ]
    job = imported(fund, bookings)
    assert {title: line(fund, f"BK{number:04}").why for number, title in enumerate(WHY)} == WHY
    assert counts(job) == (2, 6, 0, 0)
    assert balance(fund, Account.HELD) - before == Money.of("6.00")
    euros = as_csv([Booking("BK0200", Decimal("9.00"), NUMBER)]).replace(b"PLN", b"EUR")
    imported(fund, euros)
    assert line(fund, "BK0200").why is Unmatched.WRONG_CURRENCY
    assert balance(fund, Account.HELD) - before == Money.of("6.00")
    assert agrees(fund, NUMBER, *(f"POZ/2026/{number:04}" for number in range(8, 12)))


def test_a_debit_confirms_the_payment_that_two_persons_approved(fund: Kasa) -> None:
    lent(fund, "POZ/2026/0008", paid_out=False)
    lent(fund, "POZ/2026/0012", paid_out=False, first_due_on=date(2026, 2, 15))
    out = [
        Booking("BK0000", Decimal("-12000.00"), "POZ/2026/0012 po terminie"),
        Booking("BK0001", Decimal("-11999.00"), "POZ/2026/0008"),
        Booking("BK0002", Decimal("-12000.00"), "POZ/2026/0008 wypłata"),
        Booking("BK0003", Decimal("-12000.00"), "POZ/2026/0008 jeszcze raz"),
        Booking("BK0004", Decimal("-4.50"), "opłata za prowadzenie rachunku"),
    ]
    job = imported(fund, out)
    assert counts(job) == (1, 4, 0, 0)
    assert list(loan(fund, "POZ/2026/0008").tranches) == ["BK0002"]
    assert [line(fund, each.reference).why for each in out] == [
        Unmatched.REFUSED_BY_CONTRACT,
        Unmatched.NO_APPROVED_PAYMENT,
        None,
        Unmatched.NO_APPROVED_PAYMENT,
        Unmatched.NO_NUMBER,
    ]
    assert balance(fund, Account.HELD) == Money.of("0")
    assert agrees(fund, NUMBER, "POZ/2026/0008", "POZ/2026/0012")


def test_a_payment_recorded_by_hand_is_the_line_of_the_bank(fund: Kasa) -> None:
    lent(fund, "POZ/2026/0008")
    outgoing = Booking("W0008", Decimal("-12000.00"), "POZ/2026/0008")
    head = balance(fund, Account.DISBURSED)
    assert counts(imported(fund, [outgoing])) == (1, 0, 0, 0)
    assert balance(fund, Account.DISBURSED) == head
    wrong = as_csv([Booking("W0007", Decimal("-12.00"), NUMBER)])
    imported(fund, wrong)
    assert line(fund, "W0007").why is Unmatched.RECORDED_OTHERWISE


def test_a_debit_confirms_that_held_money_was_paid_back(fund: Kasa) -> None:
    imported(fund, [Booking("BK0001", Decimal("13000.00"), NUMBER)])
    held = balance(fund, Account.HELD)
    loan_id = id_of("loan", NUMBER)
    request = RequestCreditReturn(loan_id=loan_id, amount=held, source_document="Z/1")
    fund.do(request, OFFICER)
    (*_, asked) = loan(fund).approvals.values()
    decision = DecideLoanRequest(loan_id=loan_id, request_id=asked.id, approve=True)
    fund.do(decision, SECOND)
    out = Booking("BK0002", -held.amount, f"zwrot nadplaty {NUMBER}")
    assert counts(imported(fund, [out])) == (1, 0, 0, 0)
    assert list(loan(fund).returns) == ["BK0002"]
    assert balance(fund, Account.HELD) == Money.of("0")
    assert agrees(fund, NUMBER)


def test_a_grant_s_tranche_is_paid_by_the_line_and_repaid_by_another(kasa: Kasa) -> None:
    signed(kasa)
    kasa.do(releasing(1), SECOND)
    paid = Booking("BK0001", Decimal("-40000.00"), "DOT/2026/1 transza 1")
    back = Booking("BK0002", Decimal("100.00"), "zwrot DOT 2026/0001")
    job = imported(kasa, as_csv([paid, back]).replace(b"01.03.2026", b"02.03.2026"))
    assert [line(kasa, each).why for each in ("BK0001", "BK0002")] == [None, None]
    assert counts(job) == (2, 0, 0, 0)
    grant = kasa.ask("get_grant", by_id(GRANT))
    assert grant.tranches[0].state is TrancheState.PAID
    assert grant.tranches[0].bank_reference == "BK0001"
    assert balance(kasa, Account.HELD) == Money.of("100.00")
    assert [each.overpaid for each in grant.repayments] == [Money.of("100.00")]


@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_interrupted_import_goes_on_and_records_nothing_twice(fund: Kasa, after: int) -> None:
    numbers = [NUMBER, *(f"POZ/2026/{number:04}" for number in range(20, 30))]
    for number in numbers[1:]:
        lent(fund, number)
    bookings = many(450, numbers)
    job = ordered(fund, bookings, mode="good_rows")
    work(fund, stop_after=after)
    begun = looked_at(fund, job)
    assert begun.state == "running"
    work(fund)
    done = looked_at(fund, job)
    assert counts(done) == (405, 45, 0, 0)
    assert recorded(fund, BankLine.Imported) == 450
    assert sum(len(received(fund, number)) for number in numbers) == 405
    assert agrees(fund, *numbers)


def many(count: int, numbers: list[str]) -> list[Booking]:
    """Payments of ten złotys to the loans in turn; every tenth names none."""
    return [
        Booking(
            f"B{n:06}", Decimal("10.00"), "kto wie" if n % 10 == 9 else numbers[n % len(numbers)]
        )
        for n in range(count)
    ]


def test_racing_imports_of_overlapping_statements_record_each_line_once(fund: Kasa) -> None:
    """Four jobs at once, and one of them twice."""
    numbers = [NUMBER, "POZ/2026/0020", "POZ/2026/0021"]
    for number in numbers[1:]:
        lent(fund, number)
    bookings = many(160, numbers)
    files = [as_csv(bookings), as_csv(bookings), as_csv(bookings[60:]), as_csv(bookings[::-1])]
    first, *others = [ordered(fund, each, mode="good_rows") for each in files]
    ended = race_on(fund, [first, first, *others])
    assert all(each.total() in {160, 100} for each in ended)
    assert recorded(fund, BankLine.Imported) == 160
    assert sum(len(received(fund, number)) for number in numbers) == 144
    assert balance(fund, Account.HELD) == Money.of("160.00")
    assert agrees(fund, *numbers)


def test_payer_and_title_are_nowhere_in_clear(fund: Kasa, administrator: Administrator) -> None:
    canary = Booking("BK0009", Decimal("1.00"), "Kanarkowska Zofia za syna")
    imported(fund, [canary, RATE])
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        found = [
            document
            for name in ("kasa_ledger", "kasa_views", "vault")
            for collection in client[name].list_collection_names()
            for document in client[name][collection].find()
        ]
    text = str(found)
    assert "BK0009" in text
    assert not any(each in text for each in ("Kanarkowska", "rata 1", IBAN))
