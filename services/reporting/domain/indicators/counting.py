"""Count every indicator of a set: numbers, cells of breakdowns, and who stands behind each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np

from services.reporting.domain.history.facts import Known, Origin
from services.reporting.domain.indicators import rules as rule
from services.reporting.domain.indicators.definition import (
    SUMS,
    AgeBand,
    Indicator,
    IndicatorSet,
)
from services.reporting.domain.indicators.frames import UNKNOWN, Frame, Ints, Mask, Prepared
from services.reporting.domain.indicators.vocabulary import AGE_BAND, PERSONS, columns_of

Label = tuple[tuple[str, str], ...]
"""Of a cell: each dimension with its label, e.g. `(("sex", "female"),)`; `()` is the number itself."""
WHOLE: Label = ()


@dataclass(frozen=True)
class Number:
    """`value` None: not in force on the day, or not counted here, for the `reason`.

    `incomplete` entered, but only the grand total counts them; `unreadable` cannot be judged any more
    because keys were destroyed; `refused` and `unasked` are about sensitive questions.
    """

    code: str
    value: int | None
    cells: Mapping[Label, int] = field(default_factory=dict)
    incomplete: int = 0
    unreadable: int = 0
    refused: int = 0
    unasked: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class Counted:
    """What a set says on a day as known at a time. `masks` say which places of a frame count in a
    cell, so that the units behind a number cost nothing before somebody asks for them.
    """

    rules: IndicatorSet
    prepared: Prepared
    numbers: Mapping[str, Number]
    masks: Mapping[str, Mapping[Label, Mask]]

    @property
    def on(self) -> date:
        return self.prepared.on

    @property
    def known(self) -> Known:
        return self.prepared.as_of.known

    def units(self, code: str, label: Label = WHOLE) -> dict[str, int]:
        """What each unit contributes to a cell; their sum is its number."""
        mask = self.masks.get(code, {}).get(label)
        if mask is None:
            return {}
        frame = self.frame(code)
        amounts = _amounts(self.rules.indicator(code), frame)
        return {frame.units[place]: int(amounts[place]) for place in np.flatnonzero(mask).tolist()}

    def sources(self, code: str, unit: str, names: frozenset[str]) -> frozenset[Origin]:
        """The facts that the named parts of a unit rest on; none of a unit that is not there."""
        frame = self.frame(code)
        place = frame.places.get(unit)
        return frozenset() if place is None else frozenset(frame.sources(place, names))

    def frame(self, code: str) -> Frame:
        return self.prepared.frames[self.rules.indicator(code).universe]

    def contributions(self) -> dict[tuple[str, Label], dict[str, int]]:
        """All of it, as a submitted report freezes it."""
        return {
            (code, label): self.units(code, label)
            for code, cells in self.masks.items()
            for label in cells
        }


def count(rules: IndicatorSet, prepared: Prepared) -> Counted:
    """Counting under another set is a what-if: nothing is written either way."""
    known = prepared.as_of.known
    return tally(
        rules,
        prepared,
        [each for each in rules.indicators if rule.in_force(each, prepared.on, known)],
    )


def tally(rules: IndicatorSet, prepared: Prepared, active: Sequence[Indicator]) -> Counted:
    """Count those indicators, whichever are in force."""
    wholes: dict[str, Mask] = {}
    numbers: dict[str, Number] = {}
    masks: dict[str, dict[Label, Mask]] = {}
    for indicator in _wholes_first(rules, active):
        code = indicator.code
        if indicator.not_counted:
            numbers[code] = Number(code, None, reason=indicator.not_counted)
            continue
        frame = prepared.frames[indicator.universe]
        wholes[code] = mask = rule.within_the_whole(
            wholes, indicator, _counted(rules, indicator, frame)
        )
        masks[code] = cells = {WHOLE: mask, **dict(_cells(rules, indicator, frame, mask))}
        numbers[code] = _number(rules, indicator, frame, cells)
    for indicator in rules.indicators:
        numbers.setdefault(indicator.code, Number(indicator.code, None, reason="not in force"))
    in_order = {each.code: numbers[each.code] for each in rules.indicators}
    return Counted(rules, prepared, in_order, masks)


def _wholes_first(rules: IndicatorSet, active: Sequence[Indicator]) -> list[Indicator]:
    return sorted(active, key=lambda each: len(rules.with_wholes(each.code)))


def _counted(rules: IndicatorSet, indicator: Indicator, frame: Frame) -> Mask:
    condition = rules.compiled.get(indicator.code)
    mask = np.ones(len(frame), np.bool_) if condition is None else condition.test(frame)
    if indicator.moment is None:
        return mask
    mask = mask & rule.measured(frame, indicator.moment, rules.windows)
    return mask if indicator.grand_total else mask & rule.complete_record(frame)


def _number(
    rules: IndicatorSet, indicator: Indicator, frame: Frame, cells: Mapping[Label, Mask]
) -> Number:
    amounts = _amounts(indicator, frame)
    values = {label: int(amounts[mask].sum()) for label, mask in cells.items()}
    whole = values.pop(WHOLE)
    if indicator.universe != PERSONS:
        return Number(indicator.code, whole, values)
    base = rule.entered(frame)
    asked = frozenset(
        name
        for name in (rules.compiled[indicator.code].columns if indicator.where else ())
        if columns_of(PERSONS)[name].special
    )
    unreadable = frame.flag("monitoring_unreadable")
    if asked:
        unreadable = unreadable | frame.flag("special_unreadable")
    incomplete = base & ~rule.complete_record(frame) & ~unreadable
    readable = base & ~unreadable
    return Number(
        indicator.code,
        whole,
        values,
        incomplete=int(incomplete.sum()),
        unreadable=int((base & unreadable).sum()),
        refused=int((readable & rule.refused(frame, asked)).sum()),
        unasked=int((readable & rule.unasked(frame, asked)).sum()),
    )


def _amounts(indicator: Indicator, frame: Frame) -> Ints:
    return frame.amounts if indicator.unit in SUMS else np.ones(len(frame), np.int64)


def _cells(
    rules: IndicatorSet, indicator: Indicator, frame: Frame, mask: Mask
) -> Iterator[tuple[Label, Mask]]:
    for dimensions in indicator.breakdowns:
        sides = [list(_sides(rules, frame, name)) for name in dimensions]
        for combination in product(*sides):
            cell = mask
            for _, _, side in combination:
                cell = cell & side
            yield tuple((name, label) for name, label, _ in combination), cell


def _sides(rules: IndicatorSet, frame: Frame, name: str) -> Iterator[tuple[str, str, Mask]]:
    if name == AGE_BAND:
        ages = frame.ints("age_at_start")
        for band in rules.age_bands:
            yield name, band.label, _in_band(ages, band)
        return
    column = frame.columns[name]
    if isinstance(column, dict):
        yield from ((name, label, side) for label, side in column.items() if label)
        return
    choices = frame.choices(name)
    for code, label in enumerate(choices.labels):
        yield name, label, choices.codes == code


def _in_band(ages: Ints, band: AgeBand) -> Mask:
    mask: Mask = (ages != UNKNOWN) & (ages >= band.first)
    return mask if band.last is None else mask & (ages <= band.last)
