"""What was promised to the authority by a set of indicators, in versions that all stay."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.reporting.vocabulary.plans import Target
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_come, require_not_before
from shared.kernel.errors import Rejected


@dataclass(frozen=True)
class Version:
    """`number` counts from 1."""

    number: int
    agreed_on: date
    document: str
    targets: tuple[Target, ...]


class IndicatorPlan(Aggregate):
    """Its id derives from the code of its set (`id_of("plan", code)`), so a set has one plan."""

    class Agreed(Event):
        TOPIC: ClassVar[str] = "reporting.IndicatorPlan.Agreed"
        set_code: str
        targets: tuple[Target, ...]
        document: str

    class Revised(Event):
        TOPIC: ClassVar[str] = "reporting.IndicatorPlan.Revised"
        targets: tuple[Target, ...]
        document: str

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.set_code = ""
        self.versions: tuple[Version, ...] = ()

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Agreed) -> None:
        self.set_code = event.set_code
        self._go_on(event)

    @apply.register
    def _(self, event: Revised) -> None:
        self._go_on(event)

    def _go_on(self, event: Agreed | Revised) -> None:
        number = len(self.versions) + 1
        version = Version(number, event.occurred_on, event.document, event.targets)
        self.versions = (*self.versions, version)

    def agree(
        self, set_code: str, targets: tuple[Target, ...], *, document: str, on: date, today: date
    ) -> None:
        if self.versions:
            raise Rejected("reporting.plan_exists", {"id": str(self.id)}, "/set_code")
        require_come(on, today, "/agreed_on")
        _require_periods(targets)
        self.record(
            self.Agreed, occurred_on=on, set_code=set_code, targets=targets, document=document
        )

    def revise(self, targets: tuple[Target, ...], *, document: str, on: date, today: date) -> None:
        """Refused as `nothing_changed` for the targets in force."""
        require_come(on, today, "/agreed_on")
        require_not_before(self.versions[-1].agreed_on, on, "/agreed_on")
        _require_periods(targets)
        if targets == self.versions[-1].targets:
            raise Rejected("nothing_changed")
        self.record(self.Revised, occurred_on=on, targets=targets, document=document)

    def numbered(self, number: int | None) -> Version:
        """The version in force, or the one of a number. Refused as `reporting.plan_version_unknown`."""
        if number is None:
            return self.versions[-1]
        if number > len(self.versions):
            raise Rejected(
                "reporting.plan_version_unknown", {"latest": len(self.versions)}, "/number"
            )
        return self.versions[number - 1]


def _require_periods(targets: tuple[Target, ...]) -> None:
    """Each period ends after it begins; periods of one indicator and cell do not overlap."""
    for index, target in enumerate(targets):
        pointer = f"/targets/{index}"
        if target.last_on < target.first_on:
            raise Rejected(
                "reporting.period_reversed",
                {"first_on": target.first_on.isoformat(), "last_on": target.last_on.isoformat()},
                f"{pointer}/last_on",
            )
        for other, earlier in enumerate(targets[:index]):
            if _overlap(earlier, target):
                raise Rejected("reporting.target_repeated", {"first": other}, pointer)


def _overlap(one: Target, other: Target) -> bool:
    return (
        (one.code, one.cell) == (other.code, other.cell)
        and one.first_on <= other.last_on
        and other.first_on <= one.last_on
    )
