"""A trial service with databases of its own for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.eventstore.schema import create_ledger
from shared.runtime.development.mongodb import MongoServer
from tests.runtime.trial.counting import Counting


@pytest.fixture
def name() -> str:
    return f"runtime_{uuid4().hex[:8]}"


@pytest.fixture
def counting(mongodb: MongoServer, name: str) -> Iterator[Counting]:
    made = Counting(mongodb.uri, name)
    create_ledger(made.client[f"{name}_ledger"])
    yield made
    made.client.drop_database(f"{name}_ledger")
    made.client.drop_database(f"{name}_views")
    made.close()
