"""Indicators of the social economy of a commune, by their definitions in the rules; exact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from services.research.domain.need.facts import Inputs
from services.research.domain.rules.indicators import (
    Gap,
    IndicatorRule,
    IndicatorRules,
    Ratio,
    Total,
)


@dataclass(frozen=True)
class Value:
    """None when an input is missing or there is nothing to divide by; `missing` names the inputs."""

    value: Decimal | None
    missing: tuple[str, ...] = ()


def indicator(rule: IndicatorRule, inputs: Inputs) -> Value:
    missing = tuple(name for name in rule.formula.inputs if name not in inputs)
    if missing:
        return Value(None, missing)
    exact = _exact(rule.formula, inputs)
    return Value(None if exact is None else rounded(exact, rule.places))


def _exact(formula: Ratio | Gap | Total, inputs: Inputs) -> Fraction | None:
    """None if there is nothing to divide by."""
    if isinstance(formula, Total):
        return _sum(inputs, formula.of)
    if isinstance(formula, Gap):
        part = Fraction(inputs[formula.need]) - Fraction(inputs[formula.supply])
        base = Fraction(inputs[formula.per]) if formula.per else Fraction(1)
    else:
        part = _sum(inputs, formula.numerator)
        base = _sum(inputs, formula.denominator)
    return part / base * Fraction(formula.scale) if base else None


def indicators(
    rules: IndicatorRules, inputs: Mapping[str, Inputs], on: date
) -> Mapping[str, Mapping[str, Value]]:
    """Every indicator in force on a day, of every commune: by commune, then by indicator."""
    in_force = {
        code: periods.on(on) for code, periods in rules.indicators.items() if periods.spans(on, on)
    }
    return {
        commune: {code: indicator(rule, known) for code, rule in in_force.items()}
        for commune, known in inputs.items()
    }


def rounded(exact: Fraction, places: int) -> Decimal:
    """Half up, away from zero, from the exact value."""
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places, _WIDE)


def _sum(inputs: Inputs, names: Iterable[str]) -> Fraction:
    return sum((Fraction(inputs[name]) for name in names), Fraction(0))


_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
