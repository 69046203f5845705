"""The words of measurements after the exit."""

from enum import StrEnum


class FollowUpKind(StrEnum):
    FOUR_WEEKS = "four_weeks"
    """The immediate result: the situation within four weeks after exit."""
    SIX_MONTHS = "six_months"
    """The longer-term result: the situation six months after exit."""


class FollowUpState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class Cancellation(StrEnum):
    """Why nobody is asked any more."""

    RE_ENTRY = "re_entry"
    """That exit was not the final one."""
    MERGED = "merged"
    """The record was of the same person as another, who is asked there."""
    ERASED = "erased"
