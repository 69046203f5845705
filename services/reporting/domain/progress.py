"""Actual numbers against planned ones, and the line that they are on."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.days import months_after


def days_of(target: Target, as_of: date) -> tuple[date, date] | None:
    """The numbers of these two days differ by what was reached within the period; None before it."""
    if as_of < target.first_on:
        return None
    return target.first_on - timedelta(1), min(target.last_on, as_of)


def percent(actual: int, planned: int) -> str | None:
    """One decimal place, half up; None of nothing planned."""
    if planned == 0:
        return None
    exact = Decimal(actual) * 100 / planned
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


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


def forecast(points: Sequence[tuple[date, int]], ahead: int) -> list[tuple[date, int]]:
    """The least-squares line through the points at the ends of the next months.

    Exact in fractions, rounded half up to whole units, never below zero. Nothing with fewer than three
    points, because any two are on a line.
    """
    if len(points) < 3 or any(later[0] <= earlier[0] for earlier, later in pairwise(points)):
        return []
    start, last = points[0][0], points[-1][0]
    days = [(day - start).days for day, _ in points]
    values = [value for _, value in points]
    middle, mean = Fraction(sum(days), len(days)), Fraction(sum(values), len(values))
    rise = sum((day - middle) * (each - mean) for day, each in zip(days, values, strict=True))
    slope = rise / sum((day - middle) ** 2 for day in days)
    found = []
    day = last
    for _ in range(ahead):
        day = _end_of_month(day + timedelta(1))
        exact = mean + slope * ((day - start).days - middle)
        found.append((day, max(0, floor(exact + Fraction(1, 2)))))
    return found


def _end_of_month(day: date) -> date:
    return months_after(day, 0, 31)
