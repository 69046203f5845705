"""The shape of the dated parameters on loans."""

from decimal import Decimal
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, model_validator

from services.kasa.domain.calendar import DueDays
from services.kasa.domain.interest import Rates, Step
from services.kasa.domain.waterfall import require_sound
from shared.contracts.kasa.vocabulary.loans import (
    ArrearsClass,
    Collateral,
    Percent,
    ProductCode,
    Rating,
    RuleName,
    Tier,
)
from shared.contracts.kasa.vocabulary.undertakings import RegulationNumber
from shared.kernel.money import Money
from shared.kernel.parameters import Dated

NbpRate = Literal["reference", "lombard", "rediscount"]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NbpRates(_Rule):
    """Per cent a year."""

    reference: Percent
    lombard: Percent
    rediscount: Percent

    def named(self, name: NbpRate) -> Decimal:
        rate: Decimal = getattr(self, name)
        return rate


class MaximumInterest(_Rule):
    """`times` the NBP rate `of`, raised before by `plus` percentage points."""

    of: NbpRate
    plus: Percent
    times: Percent


class ProductRate(_Rule):
    """Either a percentage, or the NBP rate of the day of the contract."""

    percent: Percent | None = None
    follows: NbpRate | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.percent is None) == (self.follows is None):
            raise ValueError("a product has a percentage or follows a rate")
        return self


class Product(_Rule):
    """The terms within which a contract is made."""

    name_pl: str
    name_en: str
    maximum: Money
    maximum_per_entity: Money | None = None
    maximum_loans: PositiveInt | None = None
    second_only_for_new_jobs: bool = False
    maximum_months: PositiveInt
    maximum_grace_months: NonNegativeInt
    rate: ProductRate
    job_discount: Percent | None = None
    """Per cent of the rate that remain when a job is created."""
    minimum_age_months: NonNegativeInt | None = None
    maximum_age_months: PositiveInt | None = None
    """Of the enterprise."""
    maximum_staff: PositiveInt | None = None
    maximum_remission: Percent | None = None
    """Per cent of the principal that may be remitted; none when left out."""
    security: tuple[RuleName, ...]
    regulation: RegulationNumber | None = None
    """Under which loans are de minimis aid; the call's comes before it where there is a call."""


class ArrearsThresholds(_Rule):
    """A class begins when the oldest instalment is overdue for more than so many months."""

    watch: PositiveInt
    substandard: PositiveInt
    doubtful: PositiveInt
    lost: PositiveInt

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if not self.watch < self.substandard < self.doubtful < self.lost:
            raise ValueError("the months of the classes do not rise")
        return self

    def worst_first(self) -> tuple[tuple[ArrearsClass, int], ...]:
        return (
            (ArrearsClass.LOST, self.lost),
            (ArrearsClass.DOUBTFUL, self.doubtful),
            (ArrearsClass.SUBSTANDARD, self.substandard),
            (ArrearsClass.WATCH, self.watch),
        )


class Discounting(_Rule):
    convention: str
    """The version that every computed equivalent names."""
    method: Literal["effective_annual", "nominal_monthly"]


class LoanRules(_Rule):
    nbp_rates: Dated[NbpRates]
    maximum_interest: Dated[MaximumInterest]
    maximum_late_interest: Dated[MaximumInterest]
    saturday_moves_due_day: Dated[bool]
    irregular_after_days: Dated[NonNegativeInt]
    arrears_classes: Dated[ArrearsThresholds]
    waterfalls: dict[RuleName, Dated[tuple[Tier, ...]]]
    products: dict[ProductCode, Dated[Product]]
    base_rate: Dated[Percent]
    margins: Dated[dict[Rating, dict[Collateral, NonNegativeInt]]]
    """Basis points."""
    discount_addition: Dated[NonNegativeInt]
    """Basis points."""
    discounting: Dated[Discounting]

    @model_validator(mode="after")
    def _waterfalls_are_sound(self) -> Self:
        for versions in self.waterfalls.values():
            for period in versions.root:
                require_sound(period.value)
        return self

    @cached_property
    def due_days(self) -> DueDays:
        return DueDays(self.saturday_moves_due_day)

    @cached_property
    def contractual_cap(self) -> Rates:
        """The maximum interest of every day (art. 359 § 2(1) KC)."""
        return self._caps(self.maximum_interest)

    @cached_property
    def late_cap(self) -> Rates:
        """The maximum interest for late payment of every day (art. 481 § 2(1) KC)."""
        return self._caps(self.maximum_late_interest)

    def _caps(self, maximum: Dated[MaximumInterest]) -> Rates:
        changes = {period.valid_from for period in self.nbp_rates.root}
        changes |= {period.valid_from for period in maximum.root}
        known = max(self.nbp_rates.root[0].valid_from, maximum.root[0].valid_from)
        steps: list[Step] = []
        for day in sorted(change for change in changes if change >= known):
            cap = maximum.on(day)
            rate = self.nbp_rates.on(day).named(cap.of)
            steps.append(Step(day, cap.times * (rate + cap.plus)))
        return Rates(tuple(steps))
