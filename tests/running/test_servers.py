"""The private servers: ready means usable, what was confirmed survives SIGKILL, errors say why."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import amqp
import pymongo
import pytest

from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.processes import Child
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.development.servers import ADMIN, Server, ServerFailed

QUORUM = {"x-queue-type": "quorum"}
REGISTER_DELAY = 2.0
"""Seconds after which a declared quorum queue survives SIGKILL; see BrokerServer."""


def connect(server: MongoServer) -> pymongo.MongoClient[dict[str, Any]]:
    return pymongo.MongoClient(server.uri, timeoutMS=20_000)


def channel(server: BrokerServer) -> amqp.Connection:
    return amqp.Connection(
        f"127.0.0.1:{server.port}", ADMIN, server.password, confirm_publish=True, connect_timeout=5
    )


def processes_of(server: Server) -> list[int]:
    marker = json.loads((server.folder / "server.json").read_text())["marker"]
    return Child(marker).pids()


def test_the_database_survives_sigkill(own_mongodb: MongoServer) -> None:
    with connect(own_mongodb) as client:
        client["trial"]["facts"].with_options(
            write_concern=pymongo.WriteConcern("majority", j=True)
        ).insert_one({"_id": 1})
    own_mongodb.kill()
    assert processes_of(own_mongodb) == []
    own_mongodb.start()
    with connect(own_mongodb) as client:
        assert client["trial"]["facts"].count_documents({}) == 1


def test_access_control_is_on(own_mongodb: MongoServer) -> None:
    with (
        pymongo.MongoClient[Any]("127.0.0.1", own_mongodb.port, directConnection=True) as client,
        pytest.raises(pymongo.errors.OperationFailure, match="requires authentication"),
    ):
        client["trial"]["facts"].find_one()


@pytest.mark.slow
def test_confirmed_messages_survive_sigkill(own_broker: BrokerServer) -> None:
    with channel(own_broker) as connection:
        own = connection.channel()
        own.queue_declare("trial", durable=True, auto_delete=False, arguments=QUORUM)
        for number in range(100):
            own.basic_publish(amqp.Message(str(number), delivery_mode=2), "", "trial")
    time.sleep(REGISTER_DELAY)
    own_broker.kill()
    assert processes_of(own_broker) == []
    own_broker.start()
    with channel(own_broker) as connection:
        own = connection.channel()
        bodies = [own.basic_get("trial", no_ack=True).body for _ in range(100)]
        assert bodies == [str(number) for number in range(100)]


@pytest.mark.slow
def test_stopping_the_broker_leaves_no_process(own_broker: BrokerServer) -> None:
    assert len(processes_of(own_broker)) > 1  # the port mapper and the disk monitor too
    own_broker.stop()
    assert processes_of(own_broker) == []


def test_another_object_on_the_folder_sees_the_same_server(own_mongodb: MongoServer) -> None:
    again = MongoServer(own_mongodb.folder, find_mongod())
    assert again.running
    assert again.uri == own_mongodb.uri
    again.stop()
    assert not own_mongodb.running


def test_the_replica_set_follows_its_node_to_another_port(own_mongodb: MongoServer) -> None:
    own_mongodb.stop()
    before = own_mongodb.port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", before))  # refuses connections, and refuses to be shared
        own_mongodb.start()
    assert own_mongodb.port != before
    with connect(own_mongodb) as client:
        assert client.admin.command("hello")["isWritablePrimary"]


def test_a_broken_database_says_which_part_why_and_where(own_mongodb: MongoServer) -> None:
    own_mongodb.stop()
    (own_mongodb.folder / "data" / "WiredTiger.turtle").write_text("not a database")
    with pytest.raises(ServerFailed, match="MongoDB") as failure:
        own_mongodb.start()
    assert "ended while starting" in failure.value.reason
    assert failure.value.log.exists()
    assert processes_of(own_mongodb) == []


def test_a_broken_broker_says_which_part_why_and_where(tmp_path: Path) -> None:
    server = BrokerServer(tmp_path / "rabbitmq", find_rabbitmq())
    server.folder.mkdir()
    (server.folder / "advanced.config").write_text("[{rabbit, [this is no configuration")
    with pytest.raises(ServerFailed, match="RabbitMQ") as failure:
        server.start()
    assert "advanced.config" in failure.value.reason
    assert processes_of(server) == []
