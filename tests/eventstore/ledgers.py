"""Throw-away ledgers for the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from shared.eventstore import schema
from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger


def new_name() -> str:
    return f"ledger_{uuid4().hex[:12]}"


@contextmanager
def new_ledger(uri: str, name: str | None = None, timeout: float = 20.0) -> Iterator[Ledger]:
    """An empty ledger; its database is dropped in the end."""
    name = name or new_name()
    with connect(uri) as client:
        schema.create_ledger(durable(client, name))
        yield Ledger(durable(client, name), timeout=timeout)
        client.drop_database(name)


@contextmanager
def open_ledger(uri: str, name: str, timeout: float = 20.0) -> Iterator[Ledger]:
    """Another process's view of a ledger: its own client, its own sequencer."""
    with connect(uri) as client:
        yield Ledger(durable(client, name), timeout=timeout)


def event(stream: UUID | None = None, version: int = 1, state: bytes = b'{"n":1}') -> StoredEvent:
    return StoredEvent(stream or uuid4(), version, "test.something_happened.v1", state)
