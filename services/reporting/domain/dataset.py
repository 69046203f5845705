"""A count as plain data: what is shown, kept and compared, without the histories it came from.

The definition that counted is part of it, so that it can be shown for ever as it was.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from services.reporting.domain.indicators.counting import WHOLE, Counted, Label, Number
from services.reporting.domain.indicators.definition import Indicator, IndicatorSet
from services.reporting.domain.indicators.evidence import evidence
from shared.contracts.reporting.vocabulary.plans import Target
from shared.eventstore.canonical import canonical_json

FROZEN = ConfigDict(frozen=True, extra="forbid")


class CountedUnit(BaseModel):
    """A person or a row, how much it counts, and the facts that decided it (`ledger/position`)."""

    model_config = FROZEN

    unit: str
    amount: int
    facts: tuple[str, ...] = ()


class CountedCell(BaseModel):
    """`labels` are the dimensions with their values; none: the number itself."""

    model_config = FROZEN

    labels: tuple[tuple[str, str], ...]
    value: int
    units: tuple[CountedUnit, ...]
    evidence: str | None = None
    """Digest of the units with their facts; None where facts were not listed."""


class CountedNumber(BaseModel):
    model_config = FROZEN

    code: str
    value: int | None
    incomplete: int
    unreadable: int
    refused: int
    unasked: int
    reason: str | None
    cells: tuple[CountedCell, ...]

    def cell(self, labels: Label) -> CountedCell | None:
        return next((each for each in self.cells if each.labels == labels), None)


class ReachedTarget(BaseModel):
    """What of a target was reached by the day of the dataset; None: not counted."""

    model_config = FROZEN

    target: Target
    actual: int | None


class Planned(BaseModel):
    """The version of the plan that was in force when it was counted."""

    model_config = FROZEN

    number: int
    targets: tuple[ReachedTarget, ...]


class Dataset(BaseModel):
    """`positions` are the publishers' ledgers as far as they were known; `definition` is the set.
    `plan` is None where none was agreed.
    """

    model_config = FROZEN

    definition: dict[str, Any]
    version: str
    as_of: date
    known_at: date
    positions: dict[str, int]
    facts: int
    numbers: tuple[CountedNumber, ...]
    plan: Planned | None = None

    @classmethod
    def of(
        cls,
        counted: Counted,
        positions: Mapping[str, int],
        facts: int,
        *,
        with_facts: bool,
        plan: Planned | None = None,
    ) -> Self:
        """`with_facts`: each unit says which facts decided it; many units make that long."""
        return cls(
            definition=counted.rules.model_dump(mode="json"),
            version=counted.rules.version,
            as_of=counted.on,
            known_at=counted.known.on,
            positions=dict(sorted(positions.items())),
            facts=facts,
            numbers=tuple(
                _number(counted, number, with_facts=with_facts)
                for number in counted.numbers.values()
            ),
            plan=plan,
        )

    @property
    def rules(self) -> IndicatorSet:
        return IndicatorSet.model_validate(self.definition)

    def number(self, code: str) -> CountedNumber | None:
        return next((each for each in self.numbers if each.code == code), None)

    def indicator(self, code: str) -> Indicator:
        """Raises `KeyError`."""
        return self.rules.indicator(code)

    def content(self) -> bytes:
        """The same bytes for the same count, by which it is known (RFC 8785)."""
        return canonical_json(self.model_dump(mode="json"))

    def digest(self) -> str:
        return hashlib.sha256(self.content()).hexdigest()

    def contributions(self) -> dict[tuple[str, Label], dict[str, int]]:
        """What each unit contributes to each cell, as an explanation compares it."""
        return {
            (number.code, cell.labels): {each.unit: each.amount for each in cell.units}
            for number in self.numbers
            for cell in number.cells
        }


def _number(counted: Counted, number: Number, *, with_facts: bool) -> CountedNumber:
    return CountedNumber(
        code=number.code,
        value=number.value,
        incomplete=number.incomplete,
        unreadable=number.unreadable,
        refused=number.refused,
        unasked=number.unasked,
        reason=number.reason,
        cells=tuple(_cells(counted, number, with_facts=with_facts)),
    )


def _cells(counted: Counted, number: Number, *, with_facts: bool) -> Iterator[CountedCell]:
    for labels in counted.masks.get(number.code, {}):
        if labels != WHOLE and not number.cells[labels]:
            continue
        if with_facts:
            found = evidence(counted, number.code, labels)
            units = tuple(
                CountedUnit(
                    unit=item.unit,
                    amount=item.amount,
                    facts=tuple(f"{each.ledger}/{each.position}" for each in item.sources),
                )
                for item in found.items
            )
            yield CountedCell(labels=labels, value=found.number, units=units, evidence=found.digest)
            continue
        amounts = counted.units(number.code, labels)
        yield CountedCell(
            labels=labels,
            value=sum(amounts.values()),
            units=tuple(CountedUnit(unit=unit, amount=each) for unit, each in amounts.items()),
        )
