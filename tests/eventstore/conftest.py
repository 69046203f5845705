"""A vault in a database of its own, new for each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from shared.eventstore.schema import create_vault
from shared.eventstore.vault import KeyStore, MasterKey, MasterKeys, Vault
from shared.runtime.development.mongodb import MongoServer


@pytest.fixture(scope="session")
def client(mongodb: MongoServer) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongodb.uri) as connected:
        yield connected


@pytest.fixture
def database(client: MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    client.drop_database("vault_tests")
    database = client["vault_tests"]
    create_vault(database)
    yield database
    client.drop_database("vault_tests")


@pytest.fixture
def masters() -> MasterKeys:
    return MasterKeys(MasterKey(b"m" * 32))


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> KeyStore:
    return KeyStore(database)


@pytest.fixture
def vault(store: KeyStore, masters: MasterKeys) -> Vault:
    return Vault(store, masters)
