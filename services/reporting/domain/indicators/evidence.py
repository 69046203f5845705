"""The facts behind a number: enough to count it again from them alone, and complete or not."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from services.reporting.domain.history.facts import Fact, Known, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.history.person import OTHERS
from services.reporting.domain.history.record import Sources
from services.reporting.domain.indicators.counting import WHOLE, Counted, Label, tally
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.frames import prepare


class Item(NamedTuple):
    """A person or a row that counts, how much, and the facts that decided it."""

    unit: str
    amount: int
    sources: Sources


@dataclass(frozen=True)
class Evidence:
    """Of one cell of one indicator, by the version of the definition that counted it."""

    code: str
    label: Label
    on: date
    known: Known
    version: str
    items: tuple[Item, ...]

    @property
    def number(self) -> int:
        return sum(item.amount for item in self.items)

    @property
    def origins(self) -> frozenset[Origin]:
        return frozenset(origin for item in self.items for origin in item.sources)

    @cached_property
    def digest(self) -> str:
        """Kept beside the number: a list from which anything was taken has another digest."""
        canonical = json.dumps(
            [
                self.code,
                self.label,
                self.on.isoformat(),
                self.known.on.isoformat(),
                self.version,
                [
                    [unit, amount, sorted([ledger, place] for ledger, place, _ in sources)]
                    for unit, amount, sources in sorted(self.items)
                ],
            ],
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


class Recount(NamedTuple):
    """`missing` facts are listed and were not supplied; `number` is what the supplied ones give."""

    number: int
    missing: frozenset[Origin]
    complete: bool
    """Nothing is missing, and the same units count for the same amounts."""


def evidence(counted: Counted, code: str, label: Label = WHOLE) -> Evidence:
    """Raises `KeyError` for an indicator or a cell that was not counted."""
    mask = counted.masks[code][label]
    frame = counted.frame(code)
    read = counted.rules.sources(code)
    names = read | {name + OTHERS for name in read}
    units = counted.units(code, label)
    items = tuple(
        Item(frame.units[place], units[frame.units[place]], frame.sources(place, names))
        for place in np.flatnonzero(mask).tolist()
    )
    return Evidence(code, label, counted.on, counted.known, counted.rules.version, items)


def recount(listed: Evidence, rules: IndicatorSet, facts: Sequence[Fact]) -> Recount:
    """Count from the listed facts alone, among those supplied.

    Raises `ValueError` when the set is another version than the one that counted.
    """
    if rules.version != listed.version:
        raise ValueError(f"counted by version {listed.version}, not by {rules.version}")
    supplied = _listed(facts, listed.origins)
    prepared = prepare(Knowledge.of(supplied, listed.known), listed.on)
    found = tally(rules, prepared, rules.with_wholes(listed.code))
    units = found.units(listed.code, listed.label)
    missing = listed.origins - {fact.origin for fact in supplied}
    same = units == {item.unit: item.amount for item in listed.items}
    return Recount(sum(units.values()), missing, same and not missing)


def _listed(facts: Sequence[Fact], origins: Collection[Origin]) -> list[Fact]:
    return [fact for fact in facts if fact.origin in origins]
