"""A fact as another service told it, and how much of them is known."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from shared.kernel.days import POLAND
from shared.kernel.personal import Unreadable

Opened = Mapping[str, Any] | Unreadable | None
"""What a sealed box held, as JSON by field; a mark when it cannot be read; None without a box."""


class Origin(NamedTuple):
    """The public event that a fact came with."""

    ledger: str
    position: int
    event_id: UUID


class Fact(NamedTuple):
    """`kind` is the type of the public event, `data` its JSON without boxes.

    `occurred_on` is the day on which it was true, or was decided.
    """

    subject: UUID
    kind: str
    origin: Origin
    recorded_at: datetime
    occurred_on: date
    data: Mapping[str, Any]
    monitoring: Opened = None
    special: Opened = None


class Known(NamedTuple):
    """Everything that was recorded until the end of a day, Polish time.

    `positions` by ledger bound it further: what arrived later than a submitted report cannot change
    it, even when it had been recorded before. A ledger that is not named there is not known at all.
    """

    on: date
    positions: Mapping[str, int] | None = None

    def of(self, facts: "list[Fact] | tuple[Fact, ...]") -> list[Fact]:
        """The facts that were known, ledger by ledger in the order in which they were recorded."""
        end = datetime.combine(self.on + timedelta(1), time.min, POLAND)
        known = [fact for fact in facts if fact.recorded_at < end]
        if self.positions is not None:
            reach = self.positions
            known = [fact for fact in known if fact.origin.position <= reach.get(fact.origin[0], 0)]
        known.sort(key=_place)
        return known


def _place(fact: Fact) -> tuple[str, int]:
    return fact.origin[:2]
