"""Several aggregates that are changed together: each is there once, and all go into one commit.

Where one act posts to the same books more than once, or many lines of a statement are one commit, what
comes later is decided on what came before.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final
from uuid import UUID

from services.kasa.application import AggregateT, Kasa
from services.kasa.domain.rules import KasaRules
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected


class UnitOfWork:
    def __init__(self, kasa: Kasa) -> None:
        self.kasa: Final = kasa
        self._held: dict[UUID, Aggregate] = {}
        self._absent: set[UUID] = set()
        self._changed: dict[UUID, Aggregate] = {}

    @property
    def size(self) -> int:
        """Aggregates that are held."""
        return len(self._held)

    @property
    def rules(self) -> KasaRules:
        return self.kasa.rules

    @property
    def changed(self) -> tuple[Aggregate, ...]:
        """In the order in which they were."""
        return tuple(self._changed.values())

    def today(self) -> date:
        return self.kasa.today()

    def find(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT | None:
        held = self._held.get(aggregate_id)
        if held is None and aggregate_id not in self._absent:
            held = self.kasa.find(aggregate_class, aggregate_id)
            if held is not None:
                self._held[aggregate_id] = held
        return held if isinstance(held, aggregate_class) else None

    def latest(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT:
        return self.kasa.load(aggregate_class, aggregate_id)

    def load(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT:
        """Refused as `not_found`."""
        found = self.find(aggregate_class, aggregate_id)
        if found is None:
            raise Rejected("not_found", {"id": str(aggregate_id)})
        return found

    def fetch(self, aggregate_ids: Iterable[UUID]) -> None:
        """Read what is not held yet, with one look-up."""
        missing = {each for each in aggregate_ids if each not in self._held} - self._absent
        if missing:
            found = self.kasa.find_many(missing)
            self._held |= found
            self._absent |= missing - found.keys()

    def change(self, *aggregates: Aggregate) -> None:
        for each in aggregates:
            self._held[each.id] = self._changed[each.id] = each

    def done(self) -> None:
        """What was changed is recorded; it is held on as it is now."""
        self._changed.clear()

    def release(self, aggregate_ids: Iterable[UUID]) -> None:
        """Hold these no longer, and look again for what was not there."""
        for each in aggregate_ids:
            self._held.pop(each, None)
        self._absent.clear()

    def retain(self, aggregate_ids: AbstractSet[UUID]) -> None:
        """Hold nothing but these."""
        self._held = {each: self._held[each] for each in aggregate_ids & self._held.keys()}

    def forget(self) -> None:
        """Somebody was faster, or something was refused half-way: begin again from the ledger."""
        self._held.clear()
        self._absent.clear()
        self._changed.clear()
