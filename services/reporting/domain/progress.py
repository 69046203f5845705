"""Actual numbers against planned ones, and the line that they are on."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from services.reporting.domain.indicators.comparison import Point, trend
from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.days import months_after


def days_of(target: Target, as_of: date) -> tuple[date, date] | None:
    """The numbers of these two days differ by what was reached within the period; None before it."""
    if as_of < target.first_on:
        return None
    return target.first_on - timedelta(1), min(target.last_on, as_of)


def ends_of_months(first: date, last: date) -> list[date]:
    """The last days of all months that end from `first` to `last`, then `last` itself."""
    found = []
    day = _end_of_month(first)
    while day <= last:
        found.append(day)
        day = _end_of_month(day + timedelta(1))
    if not found or found[-1] != last:
        found.append(last)
    return found


def ahead(points: Sequence[Point], months: int) -> list[Point]:
    """Where the trend leads at the ends of the next months, half up, never below zero.

    Nothing with fewer than three points, because any two are on a line.
    """
    line = trend(points) if len(points) >= 3 else None
    if line is None:
        return []
    found = []
    day = points[-1].on
    for _ in range(months):
        day = _end_of_month(day + timedelta(1))
        found.append(Point(day, max(0, floor(line.on(day) + Fraction(1, 2)))))
    return found


def _end_of_month(day: date) -> date:
    return months_after(day, 0, 31)
