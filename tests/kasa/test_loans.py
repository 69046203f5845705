"""Loans through commands, projections and queries; every zloty of them in the fund's books."""

import threading
import time
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from services.kasa.application.loans_review import review_loan, review_loans
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.kasa import events as public
from shared.contracts.kasa.commands import loans as commands
from shared.contracts.kasa.views import loans as views
from shared.contracts.kasa.views import undertakings
from shared.contracts.kasa.vocabulary.enterprises import Person
from shared.contracts.kasa.vocabulary.fund import Account
from shared.contracts.kasa.vocabulary.loans import (
    ArrearsClass,
    LoanState,
    LoanTerms,
    PlanCause,
    ScheduleKind,
)
from shared.contracts.kasa.vocabulary.undertakings import AidBasis
from shared.contracts.operations import NoRequest
from shared.kernel.money import Currency, Money
from tests.kasa.borrowing import (
    LOAN,
    NOTE,
    NUMBER,
    approved,
    asking,
    balances,
    books,
    borrower,
    card,
    carrying_out,
    confirming,
    deciding,
    lent,
    meeting,
    on_day,
    paying,
    recorded,
    reversing,
    signing,
)
from tests.kasa.clients import TODAY, add_founder, announce, declare, declared, employ, found
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import OFFICER, SECOND, SOURCE
from tests.kasa.test_grants import refused, told

APRIL, MAY, JULY = date(2026, 4, 15), date(2026, 5, 20), date(2026, 7, 20)
NOTHING = threading.Event()


def test_a_contract_binds_its_money_and_grants_the_aid_that_is_in_it(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    kasa.do(signing(enterprise), OFFICER)
    assert balances(kasa, Account.FREE, Account.COMMITTED) == ("488000.00", "12000.00")
    shown = card(kasa)
    assert (shown.state, shown.conditions_missing) == (LoanState.CONTRACTED, ("promissory_note",))
    assert sum(row.principal for row in shown.schedule) == 12000
    aid = shown.aid
    assert aid is not None
    assert (aid.regulation, aid.margin_points, aid.convention) == (
        "2023/2831",
        400,
        "effective_annual/1",
    )
    asked = undertakings.GetUndertaking(enterprise_id=enterprise)
    (granted,) = kasa.ask("get_undertaking", asked).aid
    assert granted.aid_id == aid.aid_id
    year = undertakings.ListAid(granted_from=TODAY, granted_to=TODAY)
    register = kasa.ask("list_aid", year).items
    assert [(each.basis, each.amount_pln) for each in register] == [(AidBasis.LOAN, aid.equivalent)]
    assert told(kasa)[-2:] == [public.ContractSigned.TYPE, public.DeMinimisGranted.TYPE]


def test_a_contract_over_the_ceiling_is_refused_whole(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    declare(kasa, enterprise, declared("299999.00", TODAY))
    refusal = refused(kasa, signing(enterprise))
    assert refusal.code == "kasa.de_minimis_ceiling"
    assert refusal.details["article"]
    kasa.project()
    assert kasa.ask("list_loans", views.ListLoans()).items == ()
    fund = kasa.composition.application.load(Fund, id_of("fund", SOURCE))
    assert (fund.free, fund.commitments) == (Money.of("500000"), {})


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"source": "NIC"}, "kasa.source_unknown", "/source"),
        ({"principal": Money.of("100000.01")}, "kasa.product_limit", "/principal"),
        (
            {"principal": Money.of("100", Currency.EUR)},
            "currency_mismatch",
            "/principal/currency",
        ),
        ({"signed_on": TODAY + timedelta(1)}, "date_in_future", "/signed_on"),
        ({"product": "development"}, "kasa.product_limit", None),
        ({"enterprise_id": uuid4()}, "not_found", None),
    ],
)
def test_a_contract_that_cannot_be_names_the_rule(
    kasa: Kasa, changes: dict[str, object], code: str, pointer: str | None
) -> None:
    enterprise = borrower(kasa)
    refusal = refused(kasa, signing(enterprise).model_copy(update=changes))
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_more_than_the_source_has_is_not_lent(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    for number in range(1, 3):
        command = signing(
            enterprise,
            number=f"POZ/2026/{number}",
            principal=Money.of("100000"),
            creates_jobs=True,
        )
        kasa.do(command, OFFICER)
    third = signing(enterprise, number="POZ/2026/3", creates_jobs=True)
    refusal = refused(kasa, third)
    assert (refusal.code, refusal.details["limit"]) == ("kasa.product_limit", "maximum_per_entity")


def test_no_money_goes_out_without_conditions_and_a_second_person(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    kasa.do(signing(enterprise), OFFICER)
    refusal = refused(kasa, asking())
    assert (refusal.code, refusal.details) == (
        "kasa.conditions_unmet",
        {"missing": ["promissory_note"]},
    )
    kasa.do(meeting(), OFFICER)
    over = refused(kasa, asking("12000.01"))
    assert (over.code, over.details["principal"]) == ("kasa.principal_exceeded", "12000.00")
    kasa.do(asking(), OFFICER)
    assert refused(kasa, deciding(kasa)).code == "four_eyes"
    assert refused(kasa, confirming(kasa)).code == "kasa.not_approved"
    kasa.do(deciding(kasa), SECOND)
    early = confirming(kasa, on=TODAY - timedelta(1))
    assert refused(kasa, early).code == "date_too_early"
    confirm = confirming(kasa)
    kasa.do(confirm, OFFICER)
    assert refused(kasa, confirm).code == "nothing_changed"
    other = confirm.model_copy(update={"bank_reference": "W-2"})
    assert refused(kasa, other).code == "kasa.already_disbursed"
    assert balances(kasa, Account.COMMITTED, Account.DISBURSED) == ("0.00", "12000.00")
    assert told(kasa).count(public.Disbursed.TYPE) == 1


def test_an_approval_is_taken_back_until_the_money_is_out(kasa: Kasa) -> None:
    kasa.do(signing(borrower(kasa)), OFFICER)
    kasa.do(meeting(), OFFICER)
    approved(kasa, asking())
    kasa.do(deciding(kasa, approve=False), SECOND)
    assert refused(kasa, confirming(kasa)).code == "kasa.not_approved"
    approved(kasa, asking())
    kasa.do(confirming(kasa), OFFICER)
    assert refused(kasa, deciding(kasa, approve=False), SECOND).code == "kasa.request_decided"


def test_arrears_change_the_class_until_the_loan_is_restructured(kasa: Kasa) -> None:
    lent(kasa)
    application = kasa.composition.application
    on_day(kasa, date(2026, 4, 16))
    assert review_loans(application, [LOAN], kasa.clock[0].date(), NOTHING) == 0
    on_day(kasa, MAY)
    assert review_loans(application, [uuid4(), LOAN], MAY, NOTHING) == 1, "one bad loan stops none"
    assert review_loan(application, LOAN, MAY).repeated  # type: ignore[union-attr]
    assert card(kasa).arrears_class is ArrearsClass.WATCH
    on_day(kasa, JULY)
    review_loan(application, LOAN, JULY)
    shown = card(kasa)
    assert (shown.arrears_class, shown.days_past_due) == (ArrearsClass.SUBSTANDARD, 96)
    assert shown.is_irregular
    assert shown.balances.penalty > 0
    kasa.do(
        commands.AssessSituation(
            loan_id=LOAN, situation=ArrearsClass.DOUBTFUL, source_document="O/1"
        ),
        OFFICER,
    )
    (row,) = kasa.ask("list_loans", views.ListLoans(arrears_class=ArrearsClass.DOUBTFUL)).items
    assert row.number == NUMBER
    longer = LoanTerms(kind=ScheduleKind.ANNUITY, months=24, first_due_on=date(2026, 8, 31))
    restructure = commands.RestructureLoan(
        loan_id=LOAN,
        annex="A/1",
        terms=longer,
        capitalise_interest=True,
        effective_on=JULY,
    )
    kasa.do(restructure, OFFICER)
    shown = card(kasa)
    assert shown.state is LoanState.RESTRUCTURED
    assert shown.days_past_due == 0
    assert shown.versions[0].cause is PlanCause.RESTRUCTURING
    changed = shown.versions[0].changed
    assert changed is not None
    assert changed
    income = shown.balances.capitalised
    assert income > 0
    assert balances(kasa, Account.INCOME) == (str(income),)
    kasa.do(
        commands.AssessSituation(
            loan_id=LOAN, situation=ArrearsClass.NORMAL, source_document="O/2"
        ),
        OFFICER,
    )
    classes = [each for each in told(kasa) if each == public.ArrearsClassChanged.TYPE]
    assert len(classes) == 4, "watch, substandard, doubtful, normal"


def test_a_loan_paid_off_early_frees_what_was_not_drawn(kasa: Kasa) -> None:
    kasa.do(signing(borrower(kasa)), OFFICER)
    kasa.do(meeting(), OFFICER)
    approved(kasa, asking("9000"))
    kasa.do(confirming(kasa), OFFICER)
    on_day(kasa, date(2026, 4, 1))
    owed = card(kasa).balances.payoff
    kasa.do(paying(str(owed + 100), date(2026, 4, 1), early=True), OFFICER)
    shown = card(kasa)
    assert (shown.state, shown.balances.payoff, shown.balances.credit) == (
        LoanState.REPAID,
        Decimal(0),
        Decimal(100),
    )
    assert balances(kasa, Account.COMMITTED, Account.REPAID, Account.HELD) == (
        "0.00",
        "9000.00",
        "100.00",
    )
    interest = owed - 9000
    assert balances(kasa, Account.INCOME, Account.FREE) == (str(interest), str(500000 + interest))
    kasa.do(reversing(), OFFICER)
    assert card(kasa).state is LoanState.RUNNING
    assert balances(kasa, Account.DISBURSED, Account.REPAID, Account.HELD) == (
        "9000.00",
        "0.00",
        "0.00",
    )
    assert refused(kasa, asking("3000")).code == "kasa.principal_exceeded"
    assert told(kasa)[-2:] == [public.Repaid.TYPE, public.RepaymentReversed.TYPE]


def test_what_was_overpaid_is_paid_back_by_two_persons(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, APRIL)
    owed = card(kasa).balances.payoff
    kasa.do(paying(str(owed + 100), APRIL, early=True), OFFICER)
    assert card(kasa).state is LoanState.REPAID
    back = commands.RequestCreditReturn(loan_id=LOAN, amount=Money.of("60"), source_document="Z/1")
    assert refused(kasa, back.model_copy(update={"amount": Money.of("100.01")})).details == {
        "held": "100.00",
        "asked": "100.01",
    }
    kasa.do(back, OFFICER)
    assert refused(kasa, back).details == {"held": "40.00", "asked": "60.00"}
    assert refused(kasa, deciding(kasa)).code == "four_eyes"
    assert refused(kasa, confirming(kasa, "W-2", APRIL)).code == "kasa.not_approved"
    kasa.do(deciding(kasa), SECOND)
    assert refused(kasa, carrying_out(kasa)).code == "kasa.request_unknown"
    assert refused(kasa, confirming(kasa, "B-1", APRIL)).code == "kasa.bank_reference_used"
    early = confirming(kasa, "W-2", APRIL - timedelta(1))
    assert refused(kasa, early).code == "kasa.credit_short"
    kasa.do(confirming(kasa, "W-2", APRIL), OFFICER)
    assert refused(kasa, confirming(kasa, "W-2", APRIL)).code == "nothing_changed"
    assert balances(kasa, Account.HELD, Account.PAYABLE, Account.REPAID) == (
        "40.00",
        "40.00",
        "12000.00",
    )
    shown = card(kasa)
    assert (shown.state, shown.balances.credit) == (LoanState.REPAID, Decimal(40))
    (payment,) = shown.payments
    assert payment.allocated is not None
    assert (payment.allocated.credit, payment.allocated.returned) == (Decimal(40), Decimal(60))
    assert refused(kasa, reversing()).code == "kasa.credit_short", "the money is out"
    reconciled = kasa.ask("reconcile_fund", NoRequest())
    assert (reconciled.contracts, reconciled.found) == (1, 0)


def test_remission_then_write_off_then_a_recovery(kasa: Kasa) -> None:
    enterprise = lent(kasa)
    on_day(kasa, JULY)
    remission = commands.RequestRemission(
        loan_id=LOAN,
        principal=Money.of("2000"),
        interest=Money.of("0"),
        penalty=Money.of("0"),
        source_document="U/1",
    )
    more = remission.model_copy(update={"principal": Money.of("12000.01")})
    assert refused(kasa, more).code == "kasa.more_than_owed"
    approved(kasa, remission)
    assert refused(kasa, carrying_out(kasa)).code == "kasa.rate_missing", "remission is aid"
    announce(kasa, on=date(2026, 7, 17))
    assert refused(kasa, carrying_out(kasa)).code == "kasa.declaration_missing"
    declare(kasa, enterprise, on=JULY)
    kasa.do(carrying_out(kasa), OFFICER)
    year = undertakings.ListAid(granted_from=JULY, granted_to=JULY)
    (aid,) = kasa.ask("list_aid", year).items
    assert (aid.amount_pln, aid.amount) == (Money.of("2000"), Money.of("500", Currency.EUR))
    assert refused(kasa, carrying_out(kasa)).code == "kasa.not_approved"
    assert balances(kasa, Account.WRITTEN_OFF, Account.LOSS) == ("2000.00", "2000.00")
    kasa.do(commands.RequestWriteOff(loan_id=LOAN, source_document="S/1"), OFFICER)
    assert refused(kasa, carrying_out(kasa)).code == "kasa.not_approved"
    assert refused(kasa, deciding(kasa)).code == "four_eyes"
    kasa.do(deciding(kasa), SECOND)
    kasa.do(carrying_out(kasa), OFFICER)
    assert balances(kasa, Account.WRITTEN_OFF, Account.LOSS) == ("12000.00", "12000.00")
    shown = card(kasa)
    assert (shown.state, shown.arrears_class) == (LoanState.WRITTEN_OFF, ArrearsClass.LOST)
    assert shown.balances.payoff == 0
    later = date(2026, 9, 1)
    on_day(kasa, later)
    kasa.do(paying("500", later), OFFICER)
    assert balances(kasa, Account.INCOME, Account.LOSS) == ("500.00", "12000.00")
    assert card(kasa).balances.recovered == 500
    kasa.do(paying("1000", APRIL, "B-0"), OFFICER)
    repaid, lost = map(Decimal, balances(kasa, Account.REPAID, Account.LOSS))
    assert 900 < repaid < 1000, "it was paid before the loan was given up for lost"
    assert repaid + lost == 12000
    assert public.LoanWrittenOff.TYPE in told(kasa)
    reconciled = kasa.ask("reconcile_fund", NoRequest())
    assert (reconciled.contracts, reconciled.found) == (1, 0)


def test_a_payment_that_becomes_known_late_moves_the_others(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, JULY)
    kasa.do(paying("1038.00", MAY, "B-2"), OFFICER)
    before = card(kasa).payments[0].allocated
    kasa.do(paying("1038.00", APRIL, "B-1"), OFFICER)
    payments = {each.bank_reference: each for each in card(kasa).payments}
    after = payments["B-2"].allocated
    assert before is not None
    assert after is not None
    assert after.penalty < before.penalty
    books(kasa)
    assert refused(kasa, paying("1038.00", APRIL, "B-1")).code == "nothing_changed"
    assert refused(kasa, paying("1038.01", APRIL, "B-1")).code == "kasa.bank_reference_used"
    early = refused(kasa, paying("1", date(2026, 3, 1), "B-9"))
    assert (early.code, early.details) == (
        "kasa.payment_before_loan",
        {"disbursed_on": "2026-03-02", "paid_on": "2026-03-01"},
    )
    kasa.do(reversing("B-1"), OFFICER)
    assert card(kasa).payments[0].allocated == before
    assert refused(kasa, reversing("B-1")).code == "kasa.payment_reversed"
    assert refused(kasa, paying("1038.00", APRIL, "B-1")).code == "kasa.payment_reversed"
    books(kasa)


def test_costs_and_the_job_discount(kasa: Kasa) -> None:
    enterprise = lent(kasa)
    on_day(kasa, JULY)
    cost = commands.ChargeCost(
        loan_id=LOAN, source_document="K/1", amount=Money.of("40"), charged_on=MAY
    )
    kasa.do(cost, OFFICER)
    assert card(kasa).balances.costs == 40
    for number in range(3):
        add_founder(kasa, enterprise, Person(number=f"M/{number}"))
    found(kasa, enterprise)
    place = employ(kasa, enterprise, Person(number="M/1"))
    discount = commands.ApplyJobDiscount(loan_id=LOAN, job_place_id=place, effective_on=MAY)
    stranger = discount.model_copy(update={"job_place_id": enterprise})
    assert refused(kasa, stranger).code == "kasa.place_unknown"
    kasa.do(discount, OFFICER)
    assert card(kasa).versions[0].cause is PlanCause.JOB_DISCOUNT
    assert refused(kasa, discount).code == "kasa.job_discount_applied"


def test_who_decided_on_another_version_is_told(kasa: Kasa) -> None:
    enterprise = borrower(kasa)
    kasa.do(signing(enterprise, conditions=(NOTE, NOTE.model_copy(update={"code": "permit"}))))
    seen = card(kasa).version
    kasa.command(meeting(), OFFICER, seen=seen)
    with pytest.raises(Exception, match="stale_version"):
        kasa.command(meeting("permit"), OFFICER, seen=seen)
    other = UUID(int=1)
    unknown = commands.MeetLoanCondition(loan_id=other, code="permit", evidence="W", met_on=TODAY)
    assert refused(kasa, unknown).code == "not_found"


def test_the_follower_reviews_each_running_loan_once_a_day(kasa: Kasa) -> None:
    lent(kasa)
    on_day(kasa, MAY)
    (loop,) = (each for each in kasa.followed.loops if each.name == "loan review")
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop, threading.Event()), daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while recorded(kasa).arrears_class is ArrearsClass.NORMAL and time.monotonic() < end:
        time.sleep(0.05)
    stop.set()
    thread.join(timeout=20)
    assert recorded(kasa).arrears_class is ArrearsClass.WATCH
    kasa.project()
    assert public.ArrearsClassChanged.TYPE in told(kasa)
    books(kasa)
