"""The database user of a service can append to its ledger and read it, and do nothing else."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from shared.eventstore import schema
from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.mongodb import MongoDBFactory
from shared.eventstore.recorders import MongoDBApplicationRecorder
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import event, new_name

UNAUTHORIZED = 13

FORBIDDEN: dict[str, Callable[[Database[Any]], object]] = {
    "update": lambda ledger: ledger.commits.update_one({}, {"$set": {"meta.actor": "x"}}),
    "replace": lambda ledger: ledger.commits.replace_one({"_id": 1}, {"e": []}),
    "delete": lambda ledger: ledger.commits.delete_one({"_id": 1}),
    "find and modify": lambda ledger: ledger.commits.find_one_and_delete({"_id": 1}),
    "drop": lambda ledger: ledger.commits.drop(),
    "drop the database": lambda ledger: ledger.client.drop_database(ledger.name),
    "drop an index": lambda ledger: ledger.commits.drop_index(schema.STREAM_INDEX),
    "create an index": lambda ledger: ledger.commits.create_index("meta.actor"),
    "rename": lambda ledger: ledger.commits.rename("elsewhere"),
    "merge into": lambda ledger: list(ledger.commits.aggregate([{"$merge": "commits"}])),
    "write out over": lambda ledger: list(ledger.commits.aggregate([{"$out": "commits"}])),
    "change tracking": lambda ledger: ledger.tracking.update_one({}, {"$set": {"n": 0}}),
    "delete tracking": lambda ledger: ledger.tracking.delete_many({}),
    "change a snapshot": lambda ledger: ledger.snapshots.update_one({}, {"$set": {"d": ""}}),
    "another collection": lambda ledger: ledger.other.insert_one({}),
    "cap": lambda ledger: ledger.command("convertToCapped", "commits", size=1),
    "loosen": lambda ledger: ledger.command("collMod", "commits", validator={"x": 1}),
    "take a role": lambda ledger: ledger.command("createUser", "me", pwd="x", roles=["root"]),
}


@pytest.fixture(scope="module")
def service_uri(mongodb: MongoServer) -> Iterator[tuple[str, str]]:
    """The address for a user with the ledger's role, and the ledger's name."""
    name = new_name()
    user = f"user_{uuid4().hex[:8]}"
    with connect(mongodb.uri) as admin:
        database = durable(admin, name)
        schema.create_ledger(database)
        role = schema.ledger_role(name)
        database.command(role)
        admin.admin.command(
            "createUser", user, pwd="secret", roles=[{"role": role["createRole"], "db": name}]
        )
        yield f"mongodb://{user}:secret@127.0.0.1:{mongodb.port}/?authSource=admin", name
        admin.admin.command("dropUser", user)
        admin.drop_database(name)


@pytest.fixture
def as_service(service_uri: tuple[str, str]) -> Iterator[Database[dict[str, Any]]]:
    uri, name = service_uri
    with connect(uri) as client:
        yield durable(client, name)


def test_it_can_do_all_that_the_recorders_need(
    service_uri: tuple[str, str], as_service: Database[dict[str, Any]]
) -> None:
    uri, name = service_uri
    ledger = Ledger(as_service)
    ledger.append([event(), event()], "command-1", {"actor": "a"})
    assert ledger.find_commit("command-1") is not None
    with as_service.commits.watch(max_await_time_ms=1) as stream:
        assert stream.try_next() is None
    with MongoDBApplicationRecorder(ledger).subscribe() as subscription:
        assert next(subscription).id == 1
    factory = MongoDBFactory({"MONGODB_URI": uri, "MONGODB_DATABASE": name})
    snapshots = factory.aggregate_recorder("snapshots")
    taken = [event(), event()]
    snapshots.insert_events(taken)
    found: list[StoredEvent] = list(snapshots.select_events(taken[0].originator_id))
    assert found == taken[:1]
    factory.close()


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_it_can_change_nothing(attempt: str, as_service: Database[dict[str, Any]]) -> None:
    with pytest.raises(OperationFailure) as refusal:
        FORBIDDEN[attempt](as_service)
    assert refusal.value.code == UNAUTHORIZED


def test_it_cannot_read_another_database(
    as_service: Database[dict[str, Any]], mongodb: MongoServer
) -> None:
    client: MongoClient[dict[str, Any]] = as_service.client
    with pytest.raises(OperationFailure) as refusal:
        client["registry_ledger"].commits.find_one()
    assert refusal.value.code == UNAUTHORIZED
