"""Plan against actual, and where the way leads: small functions over numbers and days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple


class Point(NamedTuple):
    """A number as true on a day."""

    on: date
    value: int


class Comparison(NamedTuple):
    target: int
    actual: int

    @property
    def left(self) -> int:
        """What is missing; below zero when the target is exceeded."""
        return self.target - self.actual

    @property
    def percent(self) -> int | None:
        """Whole per cent, cut off, so that 100 is said only of a target that is reached."""
        return self.actual * 100 // self.target if self.target else None

    @property
    def reached(self) -> bool:
        return self.actual >= self.target


@dataclass(frozen=True)
class Trend:
    """The straight line of least squares through the points; exact, hence the same everywhere."""

    first: date
    level: Fraction
    per_day: Fraction

    def on(self, day: date) -> Fraction:
        return self.level + self.per_day * (day - self.first).days


class Forecast(NamedTuple):
    """`expected` on the day of the target, never below what is reached already, half up."""

    expected: int
    comparison: Comparison

    @property
    def at_risk(self) -> bool:
        return not self.comparison.reached


def trend(points: Sequence[Point]) -> Trend | None:
    """None where less than two days are known: one point has no direction."""
    days = {point.on for point in points}
    if len(days) < 2:
        return None
    first = min(days)
    places = [(Fraction((point.on - first).days), Fraction(point.value)) for point in points]
    mean_x = sum((x for x, _ in places), Fraction()) / len(places)
    mean_y = sum((y for _, y in places), Fraction()) / len(places)
    spread = sum(((x - mean_x) * (x - mean_x) for x, _ in places), Fraction())
    per_day = sum(((x - mean_x) * (y - mean_y) for x, y in places), Fraction()) / spread
    return Trend(first, mean_y - per_day * mean_x, per_day)


def forecast(points: Sequence[Point], target: int, due_on: date) -> Forecast | None:
    """Where the trend leads by the day of the target; None without a trend."""
    line = trend(points)
    if line is None:
        return None
    latest = max(points, key=lambda point: point.on)
    expected = line.on(max(due_on, latest.on))
    rounded = (2 * expected + 1) // 2
    expected_number = max(int(rounded), latest.value)
    return Forecast(expected_number, Comparison(target, expected_number))
