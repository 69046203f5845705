"""Rules, terms and days that the tests of loans share."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from services.kasa.domain.interest import Rates, constant
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import Row, Terms, plan
from shared.contracts.kasa.vocabulary.loans import DayCount, ScheduleKind
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
