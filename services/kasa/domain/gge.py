"""The gross grant equivalent of a loan (EDB): what it is worth to be charged less than the market.

EDB = Σ B(k) · (r_market - r_loan) · τ(k) / (1 + r_discount)^t(k): discounted market interest less
discounted interest charged, each on the balance of its period and in arrears.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from services.kasa.domain.interest import Count
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import Row
from shared.contracts.kasa.vocabulary.loans import Collateral, DayCount, Rating
from shared.kernel.money import rounded_amount

Method = Literal["effective_annual", "nominal_monthly"]


class Exposure(NamedTuple):
    """A balance outstanding for `months`, with the interest due `due_after` months after the grant."""

    balance: Decimal
    months: Decimal
    due_after: Decimal


@dataclass(frozen=True)
class MarketRates:
    """Per cent a year, and what they were made of."""

    base: Decimal
    margin_points: int
    discount_points: int

    @property
    def market(self) -> Decimal:
        return self.base + Decimal(self.margin_points) / 100

    @property
    def discount(self) -> Decimal:
        return self.base + Decimal(self.discount_points) / 100


@dataclass(frozen=True)
class GrantEquivalent:
    """`exact` is not rounded; `amount` is, to the grosz. `convention` is the version of the method."""

    exact: Decimal
    amount: Decimal
    convention: str
    charged: Decimal
    rates: MarketRates


def market_rates(
    day: date, rating: Rating, collateral: Collateral, rules: LoanRules
) -> MarketRates:
    """The Commission's reference and discount rates of a grant day (2008/C 14/02)."""
    return MarketRates(
        rules.base_rate.on(day),
        rules.margins.on(day)[rating][collateral],
        rules.discount_addition.on(day),
    )


def exposures(rows: Sequence[Row], granted_on: date) -> list[Exposure]:
    """The balances of a schedule, its months counted from the day of the grant (30/360)."""
    if not rows:
        return []
    count = Count(DayCount.THIRTY_360, rows[-1].ends.day)
    return [
        Exposure(
            row.opening,
            Decimal(count.days(row.starts, row.ends)) / 30,
            Decimal(count.days(granted_on, row.ends)) / 30,
        )
        for row in rows
    ]


def advantages(
    balances: Iterable[Exposure],
    *,
    charged: Decimal,
    market: Decimal,
    discount: Decimal,
    method: Method,
) -> list[Decimal]:
    """The discounted advantage of each period, not rounded."""
    return [
        each.balance
        * (market - charged)
        * each.months
        / 1200
        / discount_factor(discount, each.due_after, method)
        for each in balances
    ]


def discount_factor(percent: Decimal, months: Decimal, method: Method) -> Decimal:
    """What one zloty after so many months is divided by to be worth it today."""
    if method == "effective_annual":
        return (1 + percent / 100) ** (months / 12)
    return (1 + percent / 1200) ** months


def grant_equivalent(
    balances: Sequence[Exposure],
    *,
    charged: Decimal,
    rates: MarketRates,
    granted_on: date,
    rules: LoanRules,
    foregone_fees: Decimal = Decimal(0),
) -> GrantEquivalent:
    """Under the convention in force on the day of the grant. A loan at or above the market rate is
    no aid; fees that others pay and this borrower does not are.
    """
    discounting = rules.discounting.on(granted_on)
    exact = foregone_fees + max(
        Decimal(0),
        sum(
            advantages(
                balances,
                charged=charged,
                market=rates.market,
                discount=rates.discount,
                method=discounting.method,
            ),
            start=Decimal(0),
        ),
    )
    convention = f"{discounting.method}/{discounting.convention}"
    return GrantEquivalent(exact, rounded_amount(exact), convention, charged, rates)
