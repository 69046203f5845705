"""A domain of one aggregate, and projections in which a lost or doubled event shows."""

import base64
from collections.abc import Sequence
from datetime import date
from functools import singledispatchmethod
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from pymongo import ASCENDING, IndexModel, UpdateOne

from shared.contracts.events import PublicEvent
from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.mapper import LedgerMapper
from shared.kernel.aggregate import Aggregate, Event
from shared.messaging.publication import Recorded
from shared.runtime.history import History
from shared.runtime.views import Projection, Views, Writer

DAY = date(2026, 11, 23)
NO_BROKER = "amqp://nobody@127.0.0.1/"
MAPPER = LedgerMapper("counting", None)


class Counter(Aggregate):
    class Counted(Event):
        TOPIC = "counting.Counter.Counted"

        amount: int

    def __init__(self, id: UUID) -> None:
        super().__init__(id)
        self.total = 0

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Counted) -> None:
        self.total += event.amount


class CounterCounted(PublicEvent):
    TYPE: ClassVar[str] = "trial.counter_counted.v1"

    amount: int


def publish(event: Event) -> PublicEvent | None:
    """Odd amounts are nobody else's business."""
    if isinstance(event, Counter.Counted) and event.amount % 2 == 0:
        return CounterCounted(subject=event.originator_id, amount=event.amount)
    return None


class Counting:
    """The databases of the trial service, by the name that the test chose."""

    def __init__(self, uri: str, name: str, views_uri: str | None = None) -> None:
        self.client = connect(uri)
        self.ledger = Ledger(durable(self.client, f"{name}_ledger"))
        self.views: Views = durable(connect(views_uri or uri), f"{name}_views")
        self.history = History(self.ledger, MAPPER.to_domain_events)

    def close(self) -> None:
        self.client.close()
        self.views.client.close()

    def record(self, counter: UUID, first_version: int, amounts: Sequence[int]) -> int:
        """One commit; its last position."""
        events = [
            Counter.Counted(
                originator_id=counter,
                originator_version=version,
                occurred_on=DAY,
                amount=amount,
            )
            for version, amount in enumerate(amounts, first_version)
        ]
        stored: list[StoredEvent] = MAPPER.to_stored_events(events)
        return self.ledger.append(stored, meta={"actor": "trial"})[-1]

    def record_many(self, commits: int, counters: int = 3) -> int:
        """Commits of one to three events; the sum of all amounts."""
        ids = [uuid4() for _ in range(counters)]
        versions = dict.fromkeys(ids, 1)
        total = 0
        for number in range(commits):
            counter = ids[number % counters]
            amounts = [number + step for step in range(number % 3 + 1)]
            self.record(counter, versions[counter], amounts)
            versions[counter] += len(amounts)
            total += sum(amounts)
        return total


def count(batch: Sequence[Recorded], write: Writer) -> None:
    """Totals by increment (a doubled event shows) and a list of positions (a lost one shows)."""
    write["totals"].bulk_write(
        [
            UpdateOne(
                {"_id": str(recorded.event.originator_id)},
                {"$inc": {"total": recorded.event.amount, "events": 1}},
                upsert=True,
            )
            for recorded in batch
        ]
    )
    write["entries"].insert_many(
        [
            {"_id": recorded.position, "amount": recorded.event.amount, "at": recorded.at}
            for recorded in batch
        ]
    )


TOTALS = Projection(
    "totals",
    {"totals": [IndexModel([("total", ASCENDING)], name="total")], "entries": []},
    count,
)


def found(views: Views) -> dict[str, Any]:
    """What the read models say, in figures."""
    totals = list(views["totals"].find())
    return {
        "sum": sum(document["total"] for document in totals),
        "events": sum(document["events"] for document in totals),
        "positions": [document["_id"] for document in views["entries"].find().sort("_id")],
    }


def write_settings(folder: Path, uri: str, name: str, amqp_uri: str = NO_BROKER) -> None:
    """The settings file by which a process of its own finds the databases of the test."""
    server, options = uri.split("/?")
    key = base64.b64encode(b"k" * 32).decode()
    values = {
        "AMQP_URI": amqp_uri,
        "LEDGER_URI": f"{server}/{name}_ledger?{options}",
        "VIEWS_URI": f"{server}/{name}_views?{options}",
        "FILES_URI": f"{server}/files?{options}",
        "INDEX_KEY": key,
        "FILES_MASTER_KEY": key,
    }
    folder.mkdir(exist_ok=True)
    lines = "".join(f"{variable}={value}\n" for variable, value in values.items())
    (folder / "counting.env").write_text(lines)
