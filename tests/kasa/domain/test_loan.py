"""The life of a loan: its decisions, its refusals, and what is recorded with each fact."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.kasa.domain.lending import Standing
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_facts import Repricing
from services.kasa.domain.schedule import difference
from shared.contracts.kasa.vocabulary.loans import (
    ApprovalKind,
    ArrearsClass,
    Condition,
    DayCount,
    LoanState,
    LoanTerms,
    PaymentPurpose,
    PlanCause,
    PrepaymentEffect,
    ScheduleKind,
)
from shared.kernel.errors import Rejected
from shared.kernel.money import Currency, Money
from tests.kasa.domain.lending import RULES

SIGNED, DRAWN, TODAY = date(2026, 3, 10), date(2026, 3, 16), date(2026, 10, 1)
OFFICER, CHIEF = "oidc|officer", "oidc|chief"
TRANCHE, REMISSION, WRITE_OFF = (UUID(int=number) for number in (1, 2, 3))
NEW = Standing(age_months=3, loans=0, lent=Money.zero(), staff=5, creates_jobs=True)


def pln(amount: str) -> Money:
    return Money.of(amount)


def sign(loan: Loan, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "number": "POZ/2026/0001",
        "enterprise_id": UUID(int=99),
        "application_id": None,
        "source": "BGK/1",
        "product": "start",
        "principal": pln("12000"),
        "terms": LoanTerms(
            kind=ScheduleKind.EQUAL_PRINCIPAL, months=12, first_due_on=date(2026, 4, 15)
        ),
        "late_percent": None,
        "day_count": DayCount.THIRTY_360,
        "waterfall": "ancillary_first",
        "prepayment_effect": PrepaymentEffect.REDUCE_INSTALMENTS,
        "conditions": (Condition(code="promissory_note", text="Weksel in blanco"),),
        "standing": NEW,
        "support": None,
        "signed_on": SIGNED,
        "today": TODAY,
        "rules": RULES,
    }
    loan.sign(**(facts | changes))


def signed() -> Loan:
    loan = Loan(UUID(int=7))
    sign(loan)
    return loan


def ready() -> Loan:
    loan = signed()
    loan.meet_condition(code="promissory_note", evidence="W/1", met_on=SIGNED, today=TODAY)
    return loan


def ask(loan: Loan, amount: str = "12000", request: UUID = TRANCHE, by: str = OFFICER) -> None:
    loan.request_disbursement(
        request_id=request, amount=pln(amount), source_document="D/1", by=by, today=SIGNED
    )


def confirm(loan: Loan, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "request_id": TRANCHE,
        "bank_reference": "B0",
        "paid_on": DRAWN,
        "today": TODAY,
    }
    loan.confirm_disbursement(**(facts | {"rules": RULES} | changes))


def running() -> Loan:
    loan = ready()
    ask(loan)
    loan.decide(request_id=TRANCHE, approve=True, by=CHIEF, today=SIGNED)
    confirm(loan, today=DRAWN)
    return loan


def pay(loan: Loan, reference: str, amount: str, on: date, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "bank_reference": reference,
        "amount": pln(amount),
        "purpose": PaymentPurpose.INSTALMENT,
        "paid_on": on,
        "today": TODAY,
        "rules": RULES,
    }
    loan.receive(**(facts | changes))


def cause(loan: Loan) -> str:
    """Of the schedule in force."""
    return str(loan.schedules[-1].cause)


def refusal(decision: Any, *arguments: Any, **facts: Any) -> Rejected:
    with pytest.raises(Rejected) as refused:
        decision(*arguments, **facts)
    return refused.value


def test_a_contract_takes_the_rate_of_its_product_on_its_day() -> None:
    loan = signed()
    assert loan.agreed.percent == Decimal("3.80"), "the rediscount rate since 5 March 2026"
    assert loan.schedules[0].cause is PlanCause.CONTRACT
    assert sum(row.principal for row in loan.schedule) == 12000
    assert loan.state is LoanState.CONTRACTED


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"principal": pln("100000.01")}, "maximum"),
        ({"standing": Standing(3, 1, pln("190000"), 5, creates_jobs=True)}, "maximum_per_entity"),
        (
            {"standing": Standing(3, 1, pln("1000"), 5, creates_jobs=False)},
            "second_only_for_new_jobs",
        ),
        ({"standing": Standing(13, 0, pln("0"), 5, creates_jobs=True)}, "maximum_age_months"),
        ({"standing": NEW, "product": "development"}, "minimum_age_months"),
        (
            {"standing": Standing(30, 2, pln("0"), 5, creates_jobs=True), "product": "development"},
            "maximum_loans",
        ),
        (
            {
                "terms": LoanTerms(
                    kind=ScheduleKind.ANNUITY, months=61, first_due_on=date(2026, 4, 15)
                )
            },
            "maximum_months",
        ),
        (
            {
                "terms": LoanTerms(
                    kind=ScheduleKind.ANNUITY,
                    months=60,
                    grace_months=7,
                    first_due_on=date(2026, 4, 15),
                )
            },
            "maximum_grace_months",
        ),
    ],
)
def test_a_contract_beyond_its_product_is_refused_with_the_rule(
    changes: dict[str, Any], limit: str
) -> None:
    refused = refusal(sign, Loan(UUID(int=7)), **changes)
    assert refused.code == "kasa.product_limit"
    assert refused.details["limit"] == limit
    assert refused.details["source"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"product": "unheard-of"}, "kasa.product_unknown"),
        ({"product": "pokl-1-4"}, "rules.none_in_force"),
        ({"principal": Money.of("1000", Currency.EUR)}, "currency_mismatch"),
        ({"waterfall": "unheard_of"}, "kasa.waterfall_unknown"),
        ({"signed_on": date(2026, 11, 1)}, "date_in_future"),
        ({"signed_on": date(2026, 5, 1)}, "date_too_early"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    loan = Loan(UUID(int=7))
    assert refusal(sign, loan, **changes).code == code
    assert not loan.collect_events()


def test_a_number_is_used_once() -> None:
    assert refusal(sign, signed()).code == "kasa.contract_number_taken"


def test_no_money_goes_out_before_the_conditions_are_met() -> None:
    refused = refusal(ask, signed())
    assert (refused.code, refused.details) == (
        "kasa.conditions_unmet",
        {"missing": ["promissory_note"]},
    )


def test_who_asks_for_a_disbursement_does_not_approve_it() -> None:
    loan = ready()
    ask(loan)
    decide = loan.decide
    assert refusal(decide, request_id=TRANCHE, approve=True, by=OFFICER, today=TODAY).code == (
        "four_eyes"
    )
    assert refusal(confirm, loan).code == "kasa.not_approved"
    decide(request_id=TRANCHE, approve=False, by=CHIEF, today=TODAY)
    assert refusal(confirm, loan).code == "kasa.not_approved"
    assert refusal(decide, request_id=TRANCHE, approve=True, by=CHIEF, today=TODAY).code == (
        "kasa.request_decided"
    )


def test_tranches_are_within_the_principal() -> None:
    loan = ready()
    ask(loan, "7000")
    refused = refusal(ask, loan, "5000.01", UUID(int=8))
    assert (refused.code, refused.pointer) == ("kasa.principal_exceeded", "/amount")
    ask(loan, "5000", UUID(int=8))


def test_a_tranche_is_paid_out_once() -> None:
    loan = running()
    version = loan.version
    confirm(loan)
    assert loan.version == version, "the same line of the bank has no second effect"
    assert refusal(confirm, loan, bank_reference="B1").code == "kasa.already_disbursed"
    assert loan.drawn == 12000
    assert loan.schedules[-1].cause is PlanCause.DISBURSEMENT


def test_a_payment_counts_once_per_bank_reference() -> None:
    loan = running()
    pay(loan, "P1", "1500", date(2026, 4, 15))
    version, owed = loan.version, loan.settlement(TODAY, RULES)
    pay(loan, "P1", "1500", date(2026, 4, 15))
    assert loan.version == version
    assert loan.settlement(TODAY, RULES) == owed
    assert refusal(pay, loan, "P1", "1500.01", date(2026, 4, 15)).code == "kasa.bank_reference_used"
    assert refusal(pay, loan, "B0", "1", date(2026, 4, 15)).code == "kasa.bank_reference_used"


@pytest.mark.parametrize("loan", [signed(), running()])
def test_no_payment_is_before_the_loan(loan: Loan) -> None:
    refused = refusal(pay, loan, "P1", "100", date(2026, 3, 15))
    assert (refused.code, refused.pointer) == ("kasa.payment_before_loan", "/paid_on")
    assert refused.details["paid_on"] == "2026-03-15"


def test_no_payment_is_of_another_currency_or_of_a_day_to_come() -> None:
    loan = running()
    euro = Money.of("10", Currency.EUR)
    refused = refusal(
        loan.receive,
        bank_reference="P1",
        amount=euro,
        purpose=PaymentPurpose.INSTALMENT,
        paid_on=DRAWN,
        today=TODAY,
        rules=RULES,
    )
    assert (refused.code, refused.pointer) == ("currency_mismatch", "/amount/currency")
    assert refusal(pay, loan, "P1", "1", date(2026, 10, 2)).code == "date_in_future"


def test_a_reversed_payment_never_was() -> None:
    loan, other = running(), running()
    pay(loan, "P1", "2000", date(2026, 4, 15))
    assert cause(loan) == PlanCause.PREPAYMENT
    loan.reverse_payment(bank_reference="P1", source_document="R/1", today=TODAY, rules=RULES)
    assert loan.settlement(TODAY, RULES) == other.settlement(TODAY, RULES)
    assert cause(loan) == PlanCause.BACKDATED_FACT
    assert loan.schedule == other.schedule
    assert not any(loan.allocated["P1"].model_dump(exclude={"reference"}).values())
    again = loan.reverse_payment
    facts: dict[str, Any] = {"source_document": "R/1", "today": TODAY, "rules": RULES}
    assert refusal(again, bank_reference="P1", **facts).code == "kasa.payment_reversed"
    assert refusal(again, bank_reference="P2", **facts).code == "kasa.payment_unknown"


def test_a_backdated_payment_moves_the_later_ones_and_what_moved_is_recorded() -> None:
    loan = running()
    pay(loan, "P2", "1038.00", date(2026, 5, 20))
    before = loan.allocated["P2"]
    assert before.penalty > 0
    pay(loan, "P1", "1038.00", date(2026, 4, 14))
    after = loan.allocated["P2"]
    assert after.penalty < before.penalty
    recorded = loan.collect_events()[-1]
    assert isinstance(recorded, Loan.Settled)
    assert after in recorded.allocated


def test_every_version_of_the_schedule_is_kept_with_its_cause() -> None:
    loan = running()
    pay(loan, "P1", "3000", date(2026, 4, 1), purpose=PaymentPurpose.PREPAYMENT)
    loan.apply_job_discount(
        job_place_id=UUID(int=5), effective_on=date(2026, 4, 20), today=TODAY, rules=RULES
    )
    longer = LoanTerms(kind=ScheduleKind.ANNUITY, months=24, first_due_on=date(2026, 7, 15))
    loan.restructure(
        annex="A/1",
        terms=longer,
        capitalise_interest=True,
        effective_on=date(2026, 6, 30),
        today=TODAY,
        rules=RULES,
    )
    assert [(each.number, each.cause) for each in loan.schedules] == [
        (1, PlanCause.CONTRACT),
        (2, PlanCause.DISBURSEMENT),
        (3, PlanCause.PREPAYMENT),
        (4, PlanCause.JOB_DISCOUNT),
        (5, PlanCause.RESTRUCTURING),
    ]
    changed = difference(loan.schedules[2].rows, loan.schedules[3].rows)
    assert {change.number for change in changed} == set(range(2, 13))
    assert loan.state is LoanState.RESTRUCTURED
    assert loan.settlement(TODAY, RULES).rows[0].row.told() == loan.schedule[0]


def test_a_job_discount_is_the_products_and_given_once() -> None:
    loan = running()
    facts: dict[str, Any] = {"effective_on": DRAWN, "today": TODAY, "rules": RULES}
    loan.apply_job_discount(job_place_id=UUID(int=5), **facts)
    assert Repricing(DRAWN, str(UUID(int=5)), Decimal("1.9000")) in loan.facts
    refused = refusal(loan.apply_job_discount, job_place_id=UUID(int=6), **facts)
    assert refused.code == "kasa.job_discount_applied"


def test_a_repaid_loan_ends_and_a_reversal_opens_it_again() -> None:
    loan = running()
    owed = loan.settlement(date(2026, 4, 1), RULES).balances.payoff
    early = PaymentPurpose.PREPAYMENT
    pay(loan, "P1", str(owed), date(2026, 4, 1), purpose=early)
    assert str(loan.state) == "repaid"
    loan.reverse_payment(bank_reference="P1", source_document="R/1", today=TODAY, rules=RULES)
    assert loan.state is LoanState.RUNNING


def test_remission_takes_two_people_and_is_of_what_is_owed() -> None:
    loan = running()
    asked: dict[str, Any] = {
        "request_id": REMISSION,
        "principal": pln("1000"),
        "interest": pln("0"),
        "penalty": pln("0"),
        "source_document": "U/1",
        "by": OFFICER,
        "today": TODAY,
        "rules": RULES,
    }
    refused = refusal(loan.request_remission, **(asked | {"principal": pln("12000.01")}))
    assert (refused.code, refused.pointer) == ("kasa.more_than_owed", "/principal")
    loan.request_remission(**asked)
    facts: dict[str, Any] = {"request_id": REMISSION, "today": TODAY, "rules": RULES}
    assert refusal(loan.remit, **facts).code == "kasa.not_approved"
    loan.decide(request_id=REMISSION, approve=True, by=CHIEF, today=TODAY)
    loan.remit(**facts)
    assert loan.settlement(TODAY, RULES).balances.principal == 11000
    assert refusal(loan.remit, **facts).code == "kasa.not_approved"


def test_a_product_limits_what_is_remitted() -> None:
    loan = Loan(UUID(int=7))
    sign(loan, product="bgk-later", conditions=())
    ask(loan)
    loan.decide(request_id=TRANCHE, approve=True, by=CHIEF, today=SIGNED)
    confirm(loan)
    refused = refusal(
        loan.request_remission,
        request_id=REMISSION,
        principal=pln("4800.01"),
        interest=pln("0"),
        penalty=pln("0"),
        source_document="U/1",
        by=OFFICER,
        today=TODAY,
        rules=RULES,
    )
    assert refused.code == "kasa.remission_limit"
    assert refused.details["allowed"] == "4800.00"


def test_a_write_off_takes_two_people_and_later_payments_are_recoveries() -> None:
    loan = running()
    loan.request_write_off(request_id=WRITE_OFF, source_document="S/1", by=OFFICER, today=TODAY)
    refused = refusal(loan.decide, request_id=WRITE_OFF, approve=True, by=OFFICER, today=TODAY)
    assert refused.code == "four_eyes"
    loan.decide(request_id=WRITE_OFF, approve=True, by=CHIEF, today=TODAY)
    loan.write_off(request_id=WRITE_OFF, today=TODAY, rules=RULES)
    assert loan.state is LoanState.WRITTEN_OFF
    assert loan.class_on(TODAY, RULES) is ArrearsClass.LOST
    tomorrow = date(2026, 10, 2)
    pay(loan, "P9", "100", tomorrow, today=tomorrow)
    assert loan.allocated["P9"].recovered == 100
    assert refusal(ask, loan).code == "kasa.loan_not_running"
    assert loan.approvals[WRITE_OFF].kind is ApprovalKind.WRITE_OFF


def test_the_class_follows_the_days_and_the_debtors_situation() -> None:
    loan = running()
    for day, arrears_class in (
        (date(2026, 4, 16), ArrearsClass.NORMAL),
        (date(2026, 5, 16), ArrearsClass.WATCH),
        (date(2026, 7, 16), ArrearsClass.SUBSTANDARD),
    ):
        loan.review(today=day, rules=RULES)
        assert loan.arrears_class is arrears_class
        assert loan.class_on(day, RULES) is arrears_class
    loan.assess(
        situation=ArrearsClass.DOUBTFUL, source_document="O/1", today=date(2026, 7, 17), rules=RULES
    )
    assert loan.arrears_class is ArrearsClass.DOUBTFUL
    version = loan.version
    loan.review(today=date(2026, 7, 18), rules=RULES)
    assert loan.version == version, "nothing changed, nothing is recorded"


def test_the_events_alone_rebuild_the_loan() -> None:
    loan = running()
    pay(loan, "P1", "1500", date(2026, 4, 15))
    rebuilt = Loan(loan.id)
    for event in loan.collect_events():
        type(event).model_validate_json(event.model_dump_json()).mutate(rebuilt)
    assert rebuilt.settlement(TODAY, RULES) == loan.settlement(TODAY, RULES)
    assert rebuilt.schedules == loan.schedules
    assert rebuilt.allocated == loan.allocated
