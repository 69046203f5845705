"""Fills a ledger with valid commits, faster than appends would."""

import time
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress

from shared.eventstore import commits, schema
from shared.eventstore.connection import connect, durable
from tests.benchmarks.append_stores import new_event

BATCH = 5_000


def preload(uri: str, database: str, events: int, console: Console) -> None:
    """One commit per event, of different streams, as a registry's ledger has them."""
    now = time.time_ns() // 1_000_000
    with connect(uri) as client, Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"filling {events:,} events", total=events)
        collection = durable(client, database)[schema.COMMITS]
        for start in range(1, events + 1, BATCH):
            documents = []
            for position in range(start, min(start + BATCH, events + 1)):
                commit_id = str(uuid4())
                event = commits.event_document(new_event())
                body = commits.encode_body(commit_id, [event], None, None)
                documents.append(commits.number(body, position, position, now))
            collection.insert_many(documents)
            progress.advance(task, len(documents))
        client.admin.command("fsync")  # or the appends would pay for writing this out
