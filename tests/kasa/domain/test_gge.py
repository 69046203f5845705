"""The gross grant equivalent: both vectors of the field exactly, and the Commission's margins."""

from datetime import date
from decimal import Decimal

import pytest

from services.kasa.domain.gge import (
    Exposure,
    GrantEquivalent,
    advantages,
    exposures,
    grant_equivalent,
    market_rates,
)
from services.kasa.domain.rules.loans import LoanRules
from shared.contracts.kasa.vocabulary.loans import Collateral, Rating, ScheduleKind
from shared.kernel.errors import Rejected
from shared.kernel.money import rounded_amount
from tests.kasa.domain.lending import DRAWN_ON, RULES, schedule

YEARLY = [
    Exposure(Decimal(500_000 - 50_000 * year), Decimal(12), Decimal(12 * (year + 1)))
    for year in range(10)
]
"""500,000 repaid in ten equal yearly instalments."""
SIXTY_MONTHS = schedule(
    "100000", "2.5", months=60, grace_months=6, kind=ScheduleKind.EQUAL_PRINCIPAL
)
UNROUNDED = [
    Exposure(Decimal(100_000) * min(54, 61 - month) / 54, Decimal(1), Decimal(month))
    for month in range(1, 61)
]
"""The same loan with instalments that no grosz rounds."""


def test_the_vector_of_the_commissions_archive() -> None:
    yearly = advantages(
        YEARLY,
        charged=Decimal(6),
        market=Decimal(8),
        discount=Decimal(8),
        method="effective_annual",
    )
    whole = [each.quantize(Decimal(1)) for each in yearly]
    assert whole == [9259, 7716, 6351, 5145, 4083, 3151, 2334, 1621, 1000, 463]
    assert sum(whole) == Decimal(41_123)
    assert rounded_amount(sum(yearly, start=Decimal(0))) == Decimal("41123.98")


@pytest.mark.parametrize(
    ("method", "amount"),
    [("effective_annual", "16435.14"), ("nominal_monthly", "16392.08")],
)
def test_a_loan_of_sixty_months_under_both_conventions(method: str, amount: str) -> None:
    rules = LoanRules.model_validate(
        RULES.model_dump()
        | {
            "discounting": [
                {
                    "valid_from": date(2004, 5, 1),
                    "source": "test",
                    "verified": True,
                    "value": {"convention": "7", "method": method},
                }
            ]
        }
    )
    rates = market_rates(DRAWN_ON, Rating.NONE, Collateral.LOW, rules)
    assert (rates.base, rates.margin_points) == (Decimal(5), 400)
    assert (rates.market, rates.discount) == (Decimal(9), Decimal(6))

    def equivalent(balances: list[Exposure]) -> GrantEquivalent:
        return grant_equivalent(
            balances, charged=Decimal("2.5"), rates=rates, granted_on=DRAWN_ON, rules=rules
        )

    assert equivalent(UNROUNDED).amount == Decimal(amount)
    assert equivalent(UNROUNDED).convention == f"{method}/7"
    of_rows = equivalent(exposures(SIXTY_MONTHS, DRAWN_ON))
    assert abs(of_rows.exact - Decimal(amount)) < Decimal("0.03"), "rows are rounded to the grosz"


def test_a_loan_at_the_market_rate_is_no_aid_but_fees_not_charged_are() -> None:
    rates = market_rates(DRAWN_ON, Rating.STRONG, Collateral.HIGH, RULES)
    assert rates.market == Decimal("5.60")
    for charged, fees, amount in (
        ("5.60", "0", "0.00"),
        ("7", "0", "0.00"),
        ("7", "150", "150.00"),
    ):
        equivalent = grant_equivalent(
            exposures(SIXTY_MONTHS, DRAWN_ON),
            charged=Decimal(charged),
            rates=rates,
            granted_on=DRAWN_ON,
            rules=RULES,
            foregone_fees=Decimal(fees),
        )
        assert equivalent.amount == Decimal(amount)


def test_a_later_payment_is_discounted_to_the_day_of_the_grant() -> None:
    assert [each.due_after for each in exposures(SIXTY_MONTHS, date(2025, 7, 15))][:2] == [7, 8]
    assert exposures([], DRAWN_ON) == []


@pytest.mark.parametrize(
    ("rating", "points"),
    [
        (Rating.STRONG, (60, 75, 100)),
        (Rating.GOOD, (75, 100, 220)),
        (Rating.SATISFACTORY, (100, 220, 400)),
        (Rating.WEAK, (220, 400, 650)),
        (Rating.BAD, (400, 650, 1000)),
        (Rating.NONE, (400, 400, 400)),
    ],
)
def test_margins_are_those_of_the_communication(rating: Rating, points: tuple[int, ...]) -> None:
    found = [market_rates(DRAWN_ON, rating, each, RULES).margin_points for each in Collateral]
    assert found == list(points)


def test_no_rate_is_made_up_for_a_day_without_one() -> None:
    with pytest.raises(Rejected, match=r"rules\.none_in_force"):
        market_rates(date(2019, 5, 1), Rating.GOOD, Collateral.HIGH, RULES)
