"""The shape of the dated parameters on measurements after the exit."""

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt

from shared.kernel.parameters import Dated


class SixMonths(BaseModel):
    """The situation is that of `months` after exit, observed within `days` from then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: PositiveInt
    days: NonNegativeInt


class FollowUpRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    four_weeks: Dated[PositiveInt]
    """Days after exit within which the immediate result is measured."""
    six_months: Dated[SixMonths]
