"""The trial's two applications: `counting` publishes numbers, `tallying` records each it hears of."""

from datetime import date
from functools import singledispatchmethod
from typing import Any, ClassVar
from uuid import uuid4, uuid5

import pymongo
from eventsourcing.persistence import Tracking

from shared.contracts.events import Envelope, PublicEvent
from shared.eventstore import schema
from shared.eventstore.application import LedgerApplication
from shared.eventstore.connection import connect, durable
from shared.eventstore.vault import BlindIndex
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance
from shared.messaging.parking import COLLECTION, Parking
from shared.messaging.publication import Publication
from shared.messaging.reactions import Reactions, provenance_of
from tests.messaging.trial import contracts

TODAY = date(2026, 1, 2)
POISON = 666_666
"""A number that breaks the handler for as long as it is not mended."""
FORBIDDEN = 777_777
"""A number that the rules refuse."""
MALFORMED = 888_888
"""Published in a shape that its contract does not allow."""


class Count(Aggregate):
    class Counted(Event):
        TOPIC: ClassVar[str] = "counting.Count.Counted"
        number: int

    class Ticked(Event):
        TOPIC: ClassVar[str] = "counting.Count.Ticked"

    class Kept(Event):
        """Never published."""

        TOPIC: ClassVar[str] = "counting.Count.Kept"

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        """Remembers nothing."""


class Entry(Aggregate):
    class Entered(Event):
        TOPIC: ClassVar[str] = "tallying.Entry.Entered"
        number: int

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        """Remembers nothing."""


def publish(event: object) -> PublicEvent | None:
    match event:
        case Count.Counted(number=number) if number == MALFORMED:
            return contracts.Counted.model_construct(subject=event.originator_id, number="many")  # type: ignore[arg-type]
        case Count.Counted(number=number):
            return contracts.Counted(subject=event.originator_id, number=number)
        case Count.Ticked():
            return contracts.Ticked(subject=event.originator_id)
        case _:
            return None


class Counting(LedgerApplication):
    name = "counting"

    def count(self, *facts: int | str) -> None:
        """One commit: numbers are counted, "tick" is published, "keep" is not."""
        count = Count(uuid4())
        for fact in facts:
            match fact:
                case int():
                    count.record(Count.Counted, occurred_on=TODAY, number=fact)
                case "tick":
                    count.record(Count.Ticked, occurred_on=TODAY)
                case _:
                    count.record(Count.Kept, occurred_on=TODAY)
        self.record(count, provenance=_provenance())

    @property
    def publication(self) -> Publication:
        return Publication.of(self, publish)


class Tallying(LedgerApplication):
    name = "tallying"

    def __init__(self, *arguments: Any, mended: bool = False, **named: Any) -> None:
        self._mended = mended
        super().__init__(*arguments, **named)

    def enter(self, event: contracts.Counted, envelope: Envelope, tracking: Tracking) -> None:
        if event.number == POISON and not self._mended:
            raise RuntimeError(f"cannot digest {event.number}")
        if event.number == FORBIDDEN and not self._mended:
            raise Rejected("tallying.forbidden", {"limit": FORBIDDEN})
        entry = Entry(uuid5(envelope.id, "entry"))
        entry.record(Entry.Entered, occurred_on=TODAY, number=event.number)
        provenance = provenance_of(envelope, self.name)
        self.record(entry, provenance=provenance, tracking=tracking)

    def numbers(self) -> list[int]:
        """What was entered, in order."""
        notifications = self.recorder.select_notifications(1, 1_000_000)
        events = self.mapper.to_domain_events(notifications)
        return [event.number for event in events if isinstance(event, Entry.Entered)]


class Ledgers:
    """Both applications on one database server; `prefix` keeps trials apart."""

    def __init__(self, mongodb_uri: str, prefix: str, *, mended: bool = False) -> None:
        self._uri = mongodb_uri
        self._prefix = prefix
        self._mended = mended
        self.client: pymongo.MongoClient[dict[str, Any]] = connect(mongodb_uri)

    def provision(self) -> None:
        for name in ("counting", "tallying"):
            schema.create_ledger(self.client[self._database(name)])

    def counting(self) -> Counting:
        return Counting(self._env("counting"), vault=None, index=BlindIndex(bytes(32)))

    def tallying(self) -> Tallying:
        return Tallying(
            self._env("tallying"), vault=None, index=BlindIndex(bytes(32)), mended=self._mended
        )

    def parking(self) -> Parking:
        return Parking(durable(self.client, f"{self._prefix}_views")[COLLECTION])

    def views(self) -> Any:
        return durable(self.client, f"{self._prefix}_views")

    def reactions(self, tallying: Tallying) -> Reactions:
        handlers: dict[type[PublicEvent], Any] = {contracts.Counted: tallying.enter}
        return Reactions("tallying", "counting", handlers, tallying.recorder, self.parking())

    def _database(self, name: str) -> str:
        return f"{self._prefix}_{name}_ledger"

    def _env(self, name: str) -> dict[str, str]:
        return {"MONGODB_URI": self._uri, "MONGODB_DATABASE": self._database(name)}


def _provenance() -> Provenance:
    identity = uuid4()
    return Provenance(
        actor="service:trial",
        role="operator",
        command="count",
        command_id=identity,
        correlation_id=identity,
    )
