"""The words of measurements after the exit."""

from enum import StrEnum


class FollowUpKind(StrEnum):
    FOUR_WEEKS = "four_weeks"
    """The immediate result: the situation within four weeks after exit."""
    SIX_MONTHS = "six_months"
    """The longer-term result: the situation six months after exit."""
