"""The shape of the dated parameters on grants."""

from typing import Self

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, model_validator

from services.kasa.domain.clawback import FORMULAS
from shared.contracts.kasa.vocabulary.grants import Support
from shared.kernel.money import Money
from shared.kernel.parameters import Dated


class Durability(BaseModel):
    """Months for which a place has to last, and days a vacancy may take until it is filled again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: PositiveInt
    refill_days: NonNegativeInt


class Clawback(BaseModel):
    """By which formula, and within how many days it is to be paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    formula: str
    pay_within_days: PositiveInt

    @model_validator(mode="after")
    def _formula_is_known(self) -> Self:
        if self.formula not in FORMULAS:
            raise ValueError(f"there is no formula {self.formula}")
        return self


class UnitRate(BaseModel):
    """Of one full-time job place: its creation, and its upkeep in the first months."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    creation: Money
    upkeep: Money
    most_places: PositiveInt
    """That one entity may be given."""


class GrantRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    durability: dict[Support, Dated[Durability]]
    clawback: dict[Support, Dated[Clawback]]
    unit_rates: dict[Support, Dated[UnitRate]]
    """For the kinds of support that are paid by unit rates."""
    fill_place_days: Dated[PositiveInt]
    report_review_days: Dated[PositiveInt]
