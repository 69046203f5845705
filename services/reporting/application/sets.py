"""The sets of indicators that are in use, by their codes."""

from collections.abc import Mapping
from pathlib import Path

from services.reporting.domain.indicators.definition import IndicatorSet
from shared.kernel.errors import Rejected

Sets = Mapping[str, IndicatorSet]


def read_sets(folder: Path) -> Sets:
    """Raises `ValueError` that names the file and the key of what cannot be understood."""
    found = [IndicatorSet.parse(each.name, each.read_text()) for each in folder.glob("*.toml")]
    return {each.code: each for each in sorted(found, key=lambda each: each.code)}


def set_of(sets: Sets, code: str) -> IndicatorSet:
    """Refused as `reporting.set_unknown`."""
    if code not in sets:
        raise Rejected("reporting.set_unknown", {"known": list(sets)}, "/set_code")
    return sets[code]


def require_indicator(rules: IndicatorSet, code: str, pointer: str = "/code") -> None:
    """Refused as `reporting.indicator_unknown`."""
    if code not in rules.by_code:
        known = [each.code for each in rules.indicators]
        raise Rejected("reporting.indicator_unknown", {"known": known}, pointer)
