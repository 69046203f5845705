"""Actual numbers against planned ones, and the line that they are on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from services.reporting.domain.dataset import Planned, ReachedTarget
from services.reporting.domain.indicators.cells import labels_of
from services.reporting.domain.indicators.comparison import Point, trend
from services.reporting.domain.indicators.counting import Counted
from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.days import months_after


def days_of(target: Target, as_of: date) -> tuple[date, date] | None:
    """The numbers of these two days differ by what was reached within the period; None before it."""
    if as_of < target.first_on:
        return None
    return target.first_on - timedelta(1), min(target.last_on, as_of)


def days_needed(targets: Iterable[Target], as_of: date) -> set[date]:
    return {day for each in targets for day in days_of(each, as_of) or ()}


def units_reached(
    target: Target, as_of: date, counted: Mapping[date, Counted]
) -> tuple[dict[str, int], dict[str, int]]:
    """What counts for the target before its period and by the day, unit by unit: nothing before it begins."""
    days = days_of(target, as_of)
    if days is None:
        return {}, {}
    labels = labels_of(target.cell)
    before, now = (counted[day].units(target.code, labels) for day in days)
    return before, now


def reason_of(target: Target, as_of: date, counted: Mapping[date, Counted]) -> str | None:
    """Why a target has no actual number; None: it has one."""
    days = days_of(target, as_of)
    return None if days is None else counted[days[1]].numbers[target.code].reason


def planned(
    number: int, targets: Iterable[Target], as_of: date, counted: Mapping[date, Counted]
) -> Planned:
    """All targets of a version of the plan, with what was reached by the day."""
    return Planned(
        number=number,
        targets=tuple(
            ReachedTarget(target=each, actual=_reached(each, as_of, counted)) for each in targets
        ),
    )


def _reached(target: Target, as_of: date, counted: Mapping[date, Counted]) -> int | None:
    if reason_of(target, as_of, counted):
        return None
    before, now = units_reached(target, as_of, counted)
    return sum(now.values()) - sum(before.values())


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
