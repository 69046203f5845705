"""Real servers for all tests: one MongoDB replica set and one RabbitMQ node per test session.

`./dev test` says in `TEST_FOLDER` where the programs and the data are; without it (plain pytest)
the programs must be on the PATH. Tests that stop or kill a server take `own_mongodb`, `own_broker`.
"""

import os

# lxml is here for a comparison only; with it openpyxl would write other bytes than in the image.
os.environ["OPENPYXL_LXML"] = "False"

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings
from pymongo import MongoClient

from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.provision import Administrator, provision

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how fast an example runs says nothing on a busy machine

Provision = Callable[[Sequence[str]], Path]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Where the session's servers keep their data; a short path, as sockets' names are limited."""
    folder = Path(tempfile.mkdtemp(prefix="tjp-", dir=os.environ.get("TEST_FOLDER")))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def launched(server_folder: Path) -> Iterator[tuple[MongoServer, BrokerServer]]:
    """Both servers, starting side by side; `mongodb` and `broker` wait until they are ready."""
    mongodb = MongoServer(server_folder / "mongodb", find_mongod())
    broker = BrokerServer(server_folder / "rabbitmq", find_rabbitmq())
    mongodb.launch()
    broker.launch()
    yield mongodb, broker
    broker.kill()
    mongodb.kill()


@pytest.fixture(scope="session")
def mongodb(launched: tuple[MongoServer, BrokerServer]) -> MongoServer:
    """A replica set of one node, shared by the session: use databases of your own names."""
    launched[0].wait_ready()
    with MongoClient[dict[str, object]](launched[0].uri) as client:
        # From its second minute on, what has expired is removed at once, not once a minute.
        client.admin.command("setParameter", 1, ttlMonitorSleepSecs=3)
    return launched[0]


@pytest.fixture(scope="session")
def broker(launched: tuple[MongoServer, BrokerServer]) -> BrokerServer:
    """A RabbitMQ node, shared by the session: use names or a virtual host of your own."""
    launched[1].wait_ready()
    return launched[1]


@pytest.fixture
def own_mongodb(tmp_path: Path) -> Iterator[MongoServer]:
    """A ready MongoDB node for one test, to be stopped and killed at will."""
    server = MongoServer(tmp_path / "mongodb", find_mongod())
    server.start()
    yield server
    server.kill()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[BrokerServer]:
    """A ready RabbitMQ node for one test, to be stopped and killed at will."""
    server = BrokerServer(tmp_path / "rabbitmq", find_rabbitmq())
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def administrator(mongodb: MongoServer, broker: BrokerServer) -> Administrator:
    return Administrator(mongodb.uri, broker.uri, broker.management_url)


@pytest.fixture
def provisioned(administrator: Administrator, tmp_path: Path) -> Provision:
    """Makes everything for the named services; returns the folder of their settings files."""

    def make(services: Sequence[str]) -> Path:
        folder = tmp_path / "settings"
        provision(folder, services, administrator, report=lambda _text: None)
        return folder

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that in the end no worker waits for another."""
    items.sort(key=lambda item: "stories" not in item.path.parts)
