"""The need index: how much the communes compared need, from 0 to 100, and why.

Exact: fractions up to the last step, where the index is rounded to hundredths and the contributions
are rounded so that they still sum to it (largest remainder).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from services.research.domain.need.indicators import rounded
from services.research.domain.rules.indicators import (
    Component,
    Direction,
    NeedIndexRule,
    Normalisation,
)
from shared.contracts.research.vocabulary.diagnoses import CommuneNeed, Contribution, NeedIndex
from shared.kernel.errors import Rejected

Values = Mapping[str, Decimal | None]
"""Indicators of one commune; None or absent: unknown."""
FULL: Final = Fraction(100)
PLACES: Final = 2


def need_index(rule: NeedIndexRule, values: Mapping[str, Values], year: int) -> NeedIndex:
    """Raises `research.need_index_empty` if no commune has enough known to get an index."""
    normalised = {
        each.indicator: _normalised(rule.normalisation, each, values) for each in rule.components
    }
    needs = {commune: _need(rule, commune, values[commune], normalised) for commune in values}
    if all(need.index is None for need in needs.values()):
        raise Rejected("research.need_index_empty", {"definition": rule.code, "year": year})
    return NeedIndex(definition=rule.code, version=rule.version, year=year, communes=_ranked(needs))


def _normalised(
    how: Normalisation, component: Component, values: Mapping[str, Values]
) -> Mapping[str, Fraction]:
    """0 to 100 by need, of the communes where the indicator is known."""
    sign = 1 if component.direction is Direction.MORE_IS_NEED else -1
    known = {
        commune: sign * Fraction(value)
        for commune, own in values.items()
        if (value := own.get(component.indicator)) is not None
    }
    return _by_range(known) if how is Normalisation.MIN_MAX else _by_rank(known)


def _by_range(known: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    """Where all are equal, the indicator tells nothing apart: each gets the middle."""
    if not known:
        return {}
    least, most = min(known.values()), max(known.values())
    if least == most:
        return dict.fromkeys(known, FULL / 2)
    return {commune: FULL * (value - least) / (most - least) for commune, value in known.items()}


def _by_rank(known: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    """By how many lie below, equal ones halfway; one commune alone gets the middle."""
    ordered = sorted(known.values())
    others = len(ordered) - 1
    if not others:
        return dict.fromkeys(known, FULL / 2)
    below: dict[Fraction, int] = {}
    equal: dict[Fraction, int] = {}
    for place, value in enumerate(ordered):
        below.setdefault(value, place)
        equal[value] = equal.get(value, 0) + 1
    return {
        commune: FULL * (Fraction(equal[value] - 1, 2) + below[value]) / others
        for commune, value in known.items()
    }


def _need(
    rule: NeedIndexRule,
    commune: str,
    own: Values,
    normalised: Mapping[str, Mapping[str, Fraction]],
) -> CommuneNeed:
    known = [each for each in rule.components if commune in normalised[each.indicator]]
    missing = tuple(each.indicator for each in rule.components if each not in known)
    weight = sum((Fraction(each.weight) for each in known), Fraction(0))
    if weight < Fraction(rule.least_weight):
        return CommuneNeed(teryt=commune, index=None, rank=None, contributions=(), missing=missing)
    exact = [normalised[each.indicator][commune] * Fraction(each.weight) / weight for each in known]
    index = rounded(sum(exact, Fraction(0)), PLACES)
    contributions = tuple(
        Contribution(indicator=each.indicator, value=own[each.indicator] or Decimal(0), points=part)
        for each, part in zip(known, _apportioned(exact, index), strict=True)
    )
    return CommuneNeed(
        teryt=commune, index=index, rank=None, contributions=contributions, missing=missing
    )


def _apportioned(exact: Sequence[Fraction], whole: Decimal) -> Sequence[Decimal]:
    """The parts rounded to hundredths, down or up, so that they sum to the whole."""
    scaled = [part * 10**PLACES for part in exact]
    floors = [part.numerator // part.denominator for part in scaled]
    spare = int(whole.scaleb(PLACES)) - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda at: (floors[at] - scaled[at], at))
    raised = set(by_remainder[:spare])
    return [Decimal(floor + (at in raised)).scaleb(-PLACES) for at, floor in enumerate(floors)]


def _ranked(needs: Mapping[str, CommuneNeed]) -> tuple[CommuneNeed, ...]:
    indices = [need.index for need in needs.values() if need.index is not None]
    return tuple(
        need
        if need.index is None
        else need.model_copy(update={"rank": 1 + sum(other > need.index for other in indices)})
        for _, need in sorted(needs.items())
    )
