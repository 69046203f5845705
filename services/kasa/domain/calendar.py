"""Due days: counted from one day without drifting, and moved off holidays (art. 112 and 115 KC)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from holidays import country_holidays

from shared.kernel.days import months_after
from shared.kernel.parameters import Dated

SATURDAY: Final = 5
SUNDAY: Final = 6
_HOLIDAYS: Final = country_holidays("PL")


class DueDays:
    """The days by which to pay, under the rule in force on each."""

    def __init__(self, saturday_moves: Dated[bool]) -> None:
        self._saturday_moves = saturday_moves
        self.moved: Callable[[date], date] = lru_cache(maxsize=50_000)(self._moved)
        """A due day that is off work moves to the next day that is not (art. 115 KC)."""

    def _moved(self, day: date) -> date:
        while self._off_work(day):
            day += timedelta(1)
        return day

    def _off_work(self, day: date) -> bool:
        weekday = day.weekday()
        if weekday == SATURDAY and self._saturday_moves.on(day):
            return True
        return weekday == SUNDAY or day in _HOLIDAYS


def nominal_due_day(first_due_on: date, day_of_month: int, months: int) -> date:
    """The contract's due day so many months after the first: always the same day of the month, or
    the last where the month is shorter, whatever the months between had.
    """
    return months_after(first_due_on, months, day_of_month)
