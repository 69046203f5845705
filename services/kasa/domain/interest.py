"""Interest: rates that change by day, days counted by convention, amounts exact until rounded once.

An accrual is kept as principal * per cent * days, a number without division, so that the interest
of a period is the same in however many pieces it was counted.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from shared.contracts.kasa.vocabulary.loans import DayCount
from shared.kernel.errors import Rejected
from shared.kernel.money import rounded_amount

_YEAR: Final = {DayCount.THIRTY_360: 360, DayCount.ACT_365: 365, DayCount.ACT_360: 360}


class Step(NamedTuple):
    """From this day on the rate is so many per cent a year."""

    since: date
    percent: Decimal


class Piece(NamedTuple):
    """Days of one rate; the last one is not included."""

    start: date
    end: date
    percent: Decimal


@dataclass(frozen=True)
class Rates:
    """A rate as it changes, in order of days."""

    steps: tuple[Step, ...]

    @cached_property
    def _days(self) -> list[date]:
        return [step.since for step in self.steps]

    def on(self, day: date) -> Decimal:
        """Raises `Rejected("rules.none_in_force")` for a day before the first step."""
        return self.steps[self._index(day)].percent

    def pieces(self, start: date, end: date) -> Iterator[Piece]:
        """The days from `start` until `end`, cut where the rate changes."""
        index = self._index(start)
        while start < end:
            last = index + 1 == len(self.steps) or self.steps[index + 1].since >= end
            until = end if last else self.steps[index + 1].since
            yield Piece(start, until, self.steps[index].percent)
            start, index = until, index + 1

    def from_day(self, day: date, percent: Decimal) -> "Rates":
        """These rates until a day, and another one from then on."""
        kept = tuple(step for step in self.steps if step.since < day)
        return Rates((*kept, Step(day, percent)))

    def capped(self, caps: "Rates") -> "Rates":
        """What is due of these rates: on each day no more than the cap of that day.

        Raises `Rejected("rules.none_in_force")` when the caps begin after the rates do.
        """
        first = self.steps[0].since
        days = {first, *self._days, *(step.since for step in caps.steps if step.since > first)}
        steps: list[Step] = []
        for day in sorted(days):
            percent = min(self.on(day), caps.on(day))
            if not steps or steps[-1].percent != percent:
                steps.append(Step(day, percent))
        return Rates(tuple(steps))

    def _index(self, day: date) -> int:
        index = bisect_right(self._days, day) - 1
        if index < 0:
            raise Rejected("rules.none_in_force", {"day": day.isoformat()})
        return index


def constant(since: date, percent: Decimal) -> Rates:
    return Rates((Step(since, percent),))


@dataclass(frozen=True)
class Count:
    """How days are counted. `due_day` is the contract's day of the month: under 30/360 the last day
    of a shorter month stands for it, so that months between due days all have thirty days.
    """

    convention: DayCount
    due_day: int

    @cached_property
    def year(self) -> int:
        return _YEAR[self.convention]

    def days(self, start: date, end: date) -> int:
        if self.convention is not DayCount.THIRTY_360:
            return (end - start).days
        return self._ordinal(end) - self._ordinal(start)

    def _ordinal(self, day: date) -> int:
        of_month = day.day
        if of_month < self.due_day and of_month == monthrange(day.year, day.month)[1]:
            of_month = self.due_day
        return 360 * day.year + 30 * day.month + min(of_month, 30)

    def accrued(self, principal: Decimal, rates: Rates, start: date, end: date) -> Decimal:
        """Principal * per cent * days."""
        accrual = Decimal(0)
        for piece in rates.pieces(start, end):
            accrual += principal * piece.percent * self.days(piece.start, piece.end)
        return accrual

    def interest(self, accrual: Decimal) -> Decimal:
        """What an accrual comes to, to the grosz, half up."""
        return rounded_amount(accrual / (100 * self.year))

    def accrual_of(self, interest: Decimal) -> Decimal:
        """The accrual that comes to exactly this interest."""
        return interest * 100 * self.year
