"""Means, medians and shares with confidence intervals.

Weights are those of respondents, not repetitions: the precision they leave is Kish's effective size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Final

from scipy.special import ndtri, stdtrit

LEVEL: Final = 0.95


@dataclass(frozen=True)
class Estimate:
    """`low` and `high` bound the confidence interval of `level`; None where the data allow none."""

    n: int
    effective: float
    value: float
    standard_error: float | None
    low: float | None
    high: float | None
    level: float


def mean(
    values: Sequence[float],
    weights: Sequence[float] | None = None,
    *,
    population: float | None = None,
    level: float = LEVEL,
) -> Estimate | None:
    """Student's t with the effective size less one degrees of freedom. `population` is how many there
    are in all, when they are so few that a sample is a good part of them (finite population correction,
    Cochran, Sampling Techniques, 1977, §2.6). None without values.
    """
    if not values:
        return None
    given = _weights(values, weights)
    whole = fsum(given)
    effective = whole**2 / fsum(weight**2 for weight in given)
    average = fsum(w * x for w, x in zip(given, values, strict=True)) / whole
    if effective <= 1:
        return Estimate(len(values), effective, average, None, None, None, level)
    spread = fsum(w * (x - average) ** 2 for w, x in zip(given, values, strict=True)) / whole
    variance = spread / (effective - 1)
    error = sqrt(variance) * _correction(len(values), population)
    reach = float(stdtrit(effective - 1, (1 + level) / 2)) * error
    return Estimate(len(values), effective, average, error, average - reach, average + reach, level)


def median(
    values: Sequence[float],
    weights: Sequence[float] | None = None,
    *,
    population: float | None = None,
    level: float = LEVEL,
) -> Estimate | None:
    """With Woodruff's interval (J. Amer. Statist. Assoc. 47, 1952): the bounds of the share below the
    median, read off the weighted distribution. None without values.
    """
    if not values:
        return None
    given = _weights(values, weights)
    ordered = sorted(zip(values, given, strict=True))
    whole = fsum(given)
    effective = whole**2 / fsum(weight**2 for weight in given)
    middle = _quantile(ordered, 0.5 * whole)
    if effective <= 1:
        return Estimate(len(values), effective, middle, None, None, None, level)
    error = sqrt(0.25 / effective) * _correction(len(values), population)
    reach = float(stdtrit(effective - 1, (1 + level) / 2)) * error
    low = _quantile(ordered, max(0.0, 0.5 - reach) * whole)
    high = _quantile(ordered, min(1.0, 0.5 + reach) * whole)
    return Estimate(len(values), effective, middle, None, low, high, level)


def share(part: float, effective: float, *, level: float = LEVEL) -> tuple[float, float] | None:
    """Wilson's interval (J. Amer. Statist. Assoc. 22, 1927) of a share observed among `effective`
    respondents: it stays between 0 and 1 also for few of them. None without any.
    """
    if effective <= 0:
        return None
    z = float(ndtri((1 + level) / 2))
    centre = (part + z**2 / (2 * effective)) / (1 + z**2 / effective)
    reach = (z / (1 + z**2 / effective)) * sqrt(
        part * (1 - part) / effective + z**2 / (4 * effective**2)
    )
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _weights(values: Sequence[float], weights: Sequence[float] | None) -> Sequence[float]:
    given = [1.0] * len(values) if weights is None else weights
    if len(given) != len(values):
        raise ValueError(f"{len(given)} weights for {len(values)} values")
    return given


def _correction(n: int, population: float | None) -> float:
    if population is None:
        return 1.0
    if population < n:
        raise ValueError(f"{n} of a population of {population}")
    return sqrt(1 - n / population)


def _quantile(ordered: Sequence[tuple[float, float]], mark: float) -> float:
    """The first value at which the weights reach the mark; halfway to the next if exactly there."""
    reached = 0.0
    for place, (value, weight) in enumerate(ordered):
        reached += weight
        if reached > mark:
            return value
        if reached == mark and place + 1 < len(ordered):
            return (value + ordered[place + 1][0]) / 2
    return ordered[-1][0]
