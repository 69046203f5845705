"""How long it takes to verify a ledger from its first event, and how much memory.

`./dev bench verify [--events N]`; the bar: a million events within 60 s, memory that does not grow.

Fills a ledger of a private MongoDB with commits of one event, ten to a stream, and signs it.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
from eventsourcing.persistence import StoredEvent
from pymongo import MongoClient
from pymongo.database import Database
from rich.console import Console

from services.audit.application.books import Book
from services.audit.application.verifying import Verifying
from services.audit.domain.log import Log, log_id
from services.audit.domain.signing import KeyChain
from shared.eventstore import commits, schema
from shared.eventstore.connection import durable
from shared.eventstore.transparency.mongodb import MongoTiles
from shared.eventstore.transparency.stored import StoredLedger
from shared.runtime.development.binaries import find_mongod
from shared.runtime.development.mongodb import MongoServer

LEDGER = "bench"
BATCH = 10_000
PER_STREAM = 10
META = {
    "actor": "0f6d1e2f0b7c0e9b7e64d0456",
    "role": "caseworker",
    "command": "registry.record_start",
    "digest": "x" * 44,
}


def documents(start: int, end: int) -> Iterator[Any]:
    now = time.time_ns() // 1_000_000
    for position in range(start, end + 1):
        stream, version = divmod(position - 1, PER_STREAM)
        payload = json.dumps({"occurred_on": "2026-02-01", "sealed": "x" * 400}).encode()
        event = StoredEvent(UUID(int=stream), version + 1, "registry.Participant.Started", payload)
        ids = {"command_id": str(uuid4()), "correlation_id": str(uuid4())}
        body = commits.encode_body(
            str(uuid4()), [commits.event_document(event)], META | ids, tracking=None
        )
        yield commits.number(body, position, position, now)


def fill(database: Database[dict[str, Any]], events: int) -> None:
    for start in range(1, events + 1, BATCH):
        end = min(start + BATCH - 1, events)
        database[schema.COMMITS].insert_many(list(documents(start, end)), ordered=False)


def grow(database: Database[dict[str, Any]], views: Database[dict[str, Any]]) -> Log:
    """The whole ledger followed as the service does it; its last head."""
    book = Book(StoredLedger(LEDGER, database), MongoTiles(views, LEDGER))
    log, on = Log(log_id(LEDGER)), datetime.now(UTC).date()
    while grown := book.look(log, None):
        log.record(
            Log.HeadRecorded,
            occurred_on=on,
            ledger=LEDGER,
            origin=f"bench/{LEDGER}",
            size=grown.size,
            root=grown.root.hex(),
        )
    return log


def record(database: Database[dict[str, Any]], log: Log) -> None:
    for position, event in enumerate(log.collect_events(), 1):
        payload = event.model_dump_json(exclude={"originator_id", "originator_version"}).encode()
        stored = StoredEvent(log.id, position, event.TOPIC, payload)
        body = commits.encode_body(
            str(uuid4()), [commits.event_document(stored)], None, tracking=None
        )
        database[schema.COMMITS].insert_one(commits.number(body, position, position, 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        server = MongoServer(Path(folder) / "mongodb", find_mongod())
        server.start()
        try:
            measure(server.uri, events, console)
        finally:
            server.kill()


def measure(uri: str, events: int, console: Console) -> None:
    with MongoClient[dict[str, Any]](uri) as client:
        ledger, own, views = (durable(client, name) for name in ("bench_l", "bench_a", "bench_v"))
        with console.status(f"filling {events:,} events"):
            fill(ledger, events)
        began = time.perf_counter()
        log = grow(ledger, views)
        console.print(f"followed: {events / (time.perf_counter() - began):,.0f} events/s")
        record(own, log)
        process = psutil.Process()
        rss: list[int] = []
        verifying = Verifying(
            ledgers=[StoredLedger(LEDGER, ledger), StoredLedger("audit", own)],
            own="audit",
            tiles=lambda name: MongoTiles(views, name),
            keys=KeyChain("example.org", (bytes(32),)),  # no checkpoint is signed here
            published={},
            progress=lambda _ledger, _count: None,
        )
        before, cpu = process.memory_info().rss, time.process_time()
        began = time.perf_counter()
        faults, signed = verifying.run()
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        rss.append(process.memory_info().rss - before)
    console.print(
        f"verified {events:,} events ({len(signed[LEDGER].roots)} heads) in {took:.1f} s "
        f"({cpu:.1f} s of CPU, {events / took:,.0f} events/s), {rss[-1] / 2**20:+.0f} MiB; "
        f"faults: {faults.first or 'none'}"
    )


if __name__ == "__main__":
    main()
