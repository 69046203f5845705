"""The de minimis aid in a loan: its gross grant equivalent on the day of the contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kasa.domain.gge import exposures, grant_equivalent, market_rates
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import Row
from shared.contracts.kasa.vocabulary.loans import Collateral, LoanAid, Rating
from shared.kernel.money import Money


@dataclass(frozen=True)
class Support:
    """Under which regulation a loan is de minimis aid, and how risky it is."""

    aid_id: UUID
    regulation: str
    rating: Rating
    collateral: Collateral


def aid_in(
    rows: Sequence[Row],
    principal: Money,
    percent: Decimal,
    support: Support,
    day: date,
    rules: LoanRules,
) -> LoanAid | None:
    """None when the loan is not cheaper than the market."""
    rates = market_rates(day, support.rating, support.collateral, rules)
    equivalent = grant_equivalent(
        exposures(rows, day),
        charged=min(percent, rules.contractual_cap.on(day)),
        rates=rates,
        granted_on=day,
        rules=rules,
    )
    if not equivalent.amount:
        return None
    return LoanAid(
        aid_id=support.aid_id,
        regulation=support.regulation,
        equivalent=Money(amount=equivalent.amount, currency=principal.currency),
        convention=equivalent.convention,
        rating=support.rating,
        collateral=support.collateral,
        base_percent=rates.base,
        margin_points=rates.margin_points,
        discount_points=rates.discount_points,
    )
