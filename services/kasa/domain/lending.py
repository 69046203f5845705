"""Whether a loan is within its product: the limits of the day on which the contract is made."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.kasa.domain.interest import constant
from services.kasa.domain.rules.loans import LoanRules, Product
from services.kasa.domain.schedule import Row, plan, terms_of
from shared.contracts.kasa.vocabulary.loans import DayCount, LoanTerms
from shared.kernel.errors import Rejected
from shared.kernel.money import Money, require_currency
from shared.kernel.parameters import Period


@dataclass(frozen=True)
class Standing:
    """The borrower on the day of the contract; a new enterprise is 0 months old."""

    age_months: int
    loans: int
    lent: Money
    staff: int
    creates_jobs: bool


def product_on(code: str, day: date, rules: LoanRules) -> Period[Product]:
    """The terms of a product in force on a day."""
    if code not in rules.products:
        raise Rejected("kasa.product_unknown", {"known": sorted(rules.products)}, "/product")
    return rules.products[code].period_on(day, "/product")


def agreed_percent(product: Product, day: date, rules: LoanRules) -> Decimal:
    """The rate of a contract made on a day."""
    if product.rate.follows is not None:
        return rules.nbp_rates.on(day).named(product.rate.follows)
    if product.rate.percent is None:
        raise ValueError("a product has a percentage or follows a rate")
    return product.rate.percent


def first_plan(
    percent: Decimal,
    principal: Money,
    terms: LoanTerms,
    day_count: DayCount,
    since: date,
    rules: LoanRules,
) -> list[Row]:
    """The schedule, were all of the principal paid out on one day; interest is capped by law."""
    return plan(
        terms_of(terms, day_count),
        constant(since, percent).capped(rules.contractual_cap),
        rules.due_days,
        principal=principal.amount,
        since=since,
    )


def require_within(
    product: Period[Product], principal: Money, terms: LoanTerms, standing: Standing
) -> None:
    """Raises `kasa.product_limit` that names the limit, what it allows, what was asked, its source."""
    require_terms(product, principal, terms)
    limits, refuse = product.value, _Refusal(product)
    in_all = standing.lent + principal
    if limits.maximum_per_entity is not None and in_all > limits.maximum_per_entity:
        raise refuse("maximum_per_entity", limits.maximum_per_entity, in_all, "/principal")
    _require_borrower(limits, standing, refuse)


def require_terms(product: Period[Product], principal: Money, terms: LoanTerms) -> None:
    """What a product allows whoever borrows. Raises `kasa.product_limit`."""
    limits, refuse = product.value, _Refusal(product)
    require_currency(principal, limits.maximum.currency, "/principal/currency")
    if principal > limits.maximum:
        raise refuse("maximum", limits.maximum, principal, "/principal")
    if terms.months > limits.maximum_months:
        raise refuse("maximum_months", limits.maximum_months, terms.months, "/terms/months")
    if terms.grace_months > limits.maximum_grace_months:
        allowed, asked = limits.maximum_grace_months, terms.grace_months
        raise refuse("maximum_grace_months", allowed, asked, "/terms/grace_months")


def _require_borrower(limits: Product, standing: Standing, refuse: "_Refusal") -> None:
    if limits.maximum_loans is not None and standing.loans >= limits.maximum_loans:
        raise refuse("maximum_loans", limits.maximum_loans, standing.loans + 1)
    if limits.second_only_for_new_jobs and standing.loans and not standing.creates_jobs:
        raise refuse("second_only_for_new_jobs", "new jobs", "none")
    youngest, oldest = limits.minimum_age_months, limits.maximum_age_months
    if youngest is not None and standing.age_months < youngest:
        raise refuse("minimum_age_months", youngest, standing.age_months)
    if oldest is not None and standing.age_months > oldest:
        raise refuse("maximum_age_months", oldest, standing.age_months)
    if limits.maximum_staff is not None and standing.staff > limits.maximum_staff:
        raise refuse("maximum_staff", limits.maximum_staff, standing.staff)


@dataclass(frozen=True)
class _Refusal:
    product: Period[Product]

    def __call__(
        self, limit: str, allowed: Any, asked: Any, pointer: str | None = None
    ) -> Rejected:
        return Rejected(
            "kasa.product_limit",
            {
                "limit": limit,
                "allowed": _plain(allowed),
                "asked": _plain(asked),
                "source": self.product.source,
                "valid_from": self.product.valid_from.isoformat(),
            },
            pointer,
        )


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Money) else value
