"""The shape of the dated parameters on enterprises."""

from typing import Self

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, model_validator

from shared.contracts.kasa.vocabulary.enterprises import Nature
from shared.kernel.parameters import Dated


class Founding(BaseModel):
    """How a type of social cooperative is founded, and what it owes afterwards.

    `entitled_percent` is the least share of founders and of members who are entitled persons; None
    where nothing is asked. `members` count from `members_within_months` after the entry on (0: at
    once). `employ_entitled` persons are to be employed within `employ_within_months`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    founders: PositiveInt
    entitled_percent: PositiveInt | None = None
    members: PositiveInt
    members_within_months: NonNegativeInt = 0
    members_maximum: PositiveInt
    maximum_of_converted: bool = True
    """Whether the maximum holds for converted cooperatives of invalids and of the blind too."""
    below_months: PositiveInt
    """Fewer members than the least number for longer than this is a ground for liquidation."""
    employ_entitled: NonNegativeInt = 0
    employ_within_months: NonNegativeInt = 0

    @model_validator(mode="after")
    def _an_employment_has_its_time(self) -> Self:
        if bool(self.employ_entitled) != bool(self.employ_within_months):
            raise ValueError("employ_entitled and employ_within_months come together")
        return self


class StatusRule(BaseModel):
    """What the status of a social enterprise asks for (act of 5 August 2022)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article: str
    employees: PositiveInt
    entitled_percent_of_reintegration: PositiveInt


class EnterpriseRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    voivodeships: Dated[frozenset[str]]
    founding_by_natural_persons: Dated[Founding]
    founding_by_legal_persons: Dated[Founding]
    social_enterprise_status: Dated[StatusRule]

    def founding(self, nature: Nature) -> Dated[Founding]:
        if nature is Nature.NATURAL:
            return self.founding_by_natural_persons
        return self.founding_by_legal_persons
