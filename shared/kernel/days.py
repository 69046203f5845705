"""What days a fact may have; the rule is the same in every service."""

from calendar import monthrange
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from shared.kernel.errors import Rejected

POLAND: Final = ZoneInfo("Europe/Warsaw")
"""Days and times of day are those of Poland."""
SHORTEST_MONTH: Final = 28
"""Days."""


def require_come(day: date, today: date, pointer: str) -> None:
    """Nothing is recorded as true on a day that has not come. Raises `date_in_future`."""
    if day > today:
        raise Rejected("date_in_future", {"not_after": today.isoformat()}, pointer)


def require_not_before(earliest: date, day: date, pointer: str) -> None:
    """A step comes after those it rests on. Raises `date_too_early`."""
    if day < earliest:
        raise Rejected("date_too_early", {"not_before": earliest.isoformat()}, pointer)


def whole_months(start: date, end: date) -> int:
    """Months that are over, from one day to a later one; 0 when it is not later."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - (months_after(start, months) > end))


def months_after(day: date, months: int, day_of_month: int | None = None) -> date:
    """The same day of a later month, or `day_of_month` of it; its last day where it is shorter
    (art. 112 KC).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    wanted = day.day if day_of_month is None else day_of_month
    if wanted > SHORTEST_MONTH:
        wanted = min(wanted, monthrange(year, month + 1)[1])
    return date(year, month + 1, wanted)
