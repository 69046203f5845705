"""Rules, terms and days that the tests of loans share."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from services.kasa.domain.interest import Rates, constant
from services.kasa.domain.loan_facts import Contract, Fact, Payment, Tranche
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import Row, Terms, plan
from services.kasa.domain.settlement import Settlement
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    PaymentPurpose,
    PrepaymentEffect,
    ScheduleKind,
)
from shared.kernel.parameters import read_toml

RULES: Final = LoanRules.model_validate(
    read_toml(path.read_text() for path in sorted(Path("services/kasa/rules/loans").glob("*.toml")))
)
DRAWN_ON: Final = date(2026, 1, 15)


def terms(**changes: Any) -> Terms:
    facts: dict[str, Any] = {
        "kind": ScheduleKind.ANNUITY,
        "months": 12,
        "first_due_on": date(2026, 2, 15),
        "day_of_month": 15,
        "day_count": DayCount.THIRTY_360,
    }
    return Terms(**(facts | changes))


def schedule(principal: str, percent: str, since: date = DRAWN_ON, **changes: Any) -> list[Row]:
    return plan(
        terms(**changes),
        constant(since, Decimal(percent)),
        RULES.due_days,
        principal=Decimal(principal),
        since=since,
    )


def flat(percent: str, since: date = DRAWN_ON) -> Rates:
    return constant(since, Decimal(percent))


def contract(**changes: Any) -> Contract:
    """12,000 at 6 % over 12 months as an annuity, unless changed."""
    facts: dict[str, Any] = {
        "terms": terms(),
        "percent": Decimal(6),
        "late_percent": Decimal(10),
        "waterfall": "ancillary_first",
        "prepayment_effect": PrepaymentEffect.REDUCE_INSTALMENTS,
        "contracted_on": date(2026, 1, 10),
    }
    return Contract(**(facts | changes))


def drawn(amount: str = "12000", on: date = DRAWN_ON, reference: str = "T1") -> Tranche:
    return Tranche(on, reference, Decimal(amount))


def paid(on: date, amount: str, reference: str | None = None, *, early: bool = False) -> Payment:
    purpose = PaymentPurpose.PREPAYMENT if early else PaymentPurpose.INSTALMENT
    return Payment(on, reference or f"P{on:%m%d}", Decimal(amount), purpose)


def require_whole(settlement: Settlement, facts: Sequence[Fact]) -> None:
    """What holds of every settlement: nothing is negative, nothing is lost, nothing is made up."""
    balances, rows = settlement.balances, settlement.rows
    assert all(amount >= 0 for amount in vars(balances).values()), balances
    for each in rows:
        row = each.row
        assert min(row.principal, row.interest, row.capitalised, row.balance, each.owed) >= 0, each
    counted = [fact for fact in facts if fact.on <= settlement.as_of]
    lent = sum(fact.amount for fact in counted if isinstance(fact, Tranche))
    planned = sum(each.row.principal - each.row.capitalised for each in rows)
    assert balances.disbursed == lent
    assert planned == lent, "the principal of all rows is what was lent"
    for plan_then in settlement.plans:
        drawn_then = sum(
            fact.amount for fact in counted if isinstance(fact, Tranche) and fact.on <= plan_then.on
        )
        principal = sum(row.principal - row.capitalised for row in plan_then.rows)
        assert principal <= drawn_then
    for fact in counted:
        if isinstance(fact, Payment):
            parts = [a.amount for a in settlement.allocations if a.reference == fact.reference]
            assert sum(parts) == fact.amount, "every grosz of a payment went somewhere"
    owed = sum(each.row.principal - each.paid_principal for each in rows)
    remitted = sum(each.remitted for each in rows)
    to_come = sum(e.row.capitalised for e in rows if e.row.ends > settlement.as_of)
    if settlement.lost is None:
        assert owed - to_come - balances.principal <= remitted
    else:
        assert balances.principal == balances.penalty == 0
