"""Fills a ledger with valid commits, faster than appends would."""

import time
from typing import Any
from uuid import uuid4

from pymongo import MongoClient, WriteConcern
from pymongo.database import Database
from rich.console import Console
from rich.progress import Progress

from shared.eventstore import commits, schema
from shared.eventstore.connection import durable
from tests.benchmarks.append_stores import new_event

BATCH = 10_000


def preload(uri: str, database: str, events: int, console: Console) -> None:
    """One commit per event, of different streams; the indexes are built over them in the end."""
    now = time.time_ns() // 1_000_000
    with MongoClient[dict[str, Any]](uri) as client:
        ledger = durable(client, database)
        collection = ledger[schema.COMMITS].with_options(write_concern=WriteConcern(w=1))
        collection.drop_indexes()
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"filling {events:,} events", total=events)
            for start in range(1, events + 1, BATCH):
                documents = []
                for position in range(start, min(start + BATCH, events + 1)):
                    event = commits.event_document(new_event())
                    body = commits.encode_body(str(uuid4()), [event], None, None)
                    documents.append(commits.number(body, position, position, now))
                collection.insert_many(documents, ordered=False)
                progress.advance(task, len(documents))
        with console.status(f"indexing {events:,} events"):
            schema.create_ledger(ledger)
            client.admin.command("fsync")  # or the appends would pay for writing this out
        with console.status("reading the indexes into memory"):
            _warm(ledger)


def _warm(ledger: Database[dict[str, Any]]) -> None:
    """A ledger that grew by appends has its indexes in memory; one that was just built has not."""
    for field, index in (("commit_id", schema.COMMIT_ID_INDEX), ("e.o", schema.STREAM_INDEX)):
        ledger.command("count", schema.COMMITS, query={field: {"$gte": ""}}, hint=index)
