"""Several processes append to one ledger at once; processes, and the database, are killed."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from shared.eventstore.ledger import Ledger
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import new_ledger, new_name
from tests.faults.ledger.history import Writers, judge, tailing

pytestmark = pytest.mark.fault


class Scene:
    """A ledger with its writers, on a database server."""

    def __init__(self, server: MongoServer, ledger: Ledger, writers: Writers) -> None:
        self.server = server
        self.ledger = ledger
        self.writers = writers

    def wait_for_progress(self, events: int) -> None:
        """Until so many events were recorded from now on."""
        goal = self.ledger.head() + events
        while self.ledger.head() < goal:
            time.sleep(0.05)


def scene(server: MongoServer, folder: Path, threads: int) -> Iterator[Scene]:
    name = new_name()
    with new_ledger(server.uri, name) as ledger:
        writers = Writers(server.uri, name, folder, threads)
        try:
            yield Scene(server, ledger, writers)
        finally:
            writers.kill_all()


@pytest.fixture
def on_shared_server(mongodb: MongoServer, tmp_path: Path) -> Iterator[Scene]:
    yield from scene(mongodb, tmp_path, threads=16)


@pytest.fixture
def on_own_server(own_mongodb: MongoServer, tmp_path: Path) -> Iterator[Scene]:
    yield from scene(own_mongodb, tmp_path, threads=8)


def four_processes(scene: Scene, appends: int) -> None:
    with tailing(scene.ledger) as tail:
        for _ in range(4):
            scene.writers.start(appends)
        scene.writers.wait(600)
    judge(scene.ledger, scene.writers, tail)
    assert scene.writers.outcomes("failed") == []
    assert len(scene.writers.outcomes("acknowledged")) == 4 * 16 * appends


def kill_writers(scene: Scene, kills: int) -> None:
    with tailing(scene.ledger) as tail:
        for _ in range(3):
            scene.writers.start()
        for _ in range(kills):
            scene.wait_for_progress(random.randint(50, 300))
            scene.writers.kill()
            scene.writers.start()
        scene.wait_for_progress(100)
        scene.writers.kill_all()
    judge(scene.ledger, scene.writers, tail)
    assert scene.writers.outcomes("failed") == []


def kill_the_database(scene: Scene, kills: int) -> None:
    with tailing(scene.ledger) as tail:
        for _ in range(2):
            scene.writers.start()
        for _ in range(kills):
            scene.wait_for_progress(random.randint(50, 300))
            scene.server.kill()
            scene.server.start()
        scene.wait_for_progress(100)
        scene.writers.kill_all()
    judge(scene.ledger, scene.writers, tail)
    assert scene.writers.outcomes("failed") == []


def step_down(scene: Scene, times: int) -> None:
    """The primary gives up its role; the only node is elected again a moment later."""
    with (
        tailing(scene.ledger) as tail,
        MongoClient[dict[str, Any]](scene.server.uri) as client,
    ):
        for _ in range(2):
            scene.writers.start()
        for _ in range(times):
            scene.wait_for_progress(random.randint(50, 300))
            try:
                client.admin.command("replSetStepDown", 1, force=True)
            except PyMongoError:
                time.sleep(0.1)  # it may cut our connection too
        scene.wait_for_progress(100)
        scene.writers.kill_all()
    judge(scene.ledger, scene.writers, tail)
    assert scene.writers.outcomes("failed") == []


def test_four_processes_of_sixteen_writers_leave_no_gap(on_shared_server: Scene) -> None:
    four_processes(on_shared_server, appends=25)


def test_killed_writers_leave_no_gap_and_lose_nothing(on_shared_server: Scene) -> None:
    kill_writers(on_shared_server, kills=8)


def test_a_killed_database_loses_nothing_that_was_acknowledged(on_own_server: Scene) -> None:
    kill_the_database(on_own_server, kills=3)


def test_a_primary_that_steps_down_loses_nothing(on_own_server: Scene) -> None:
    step_down(on_own_server, times=3)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_soak_processes(on_shared_server: Scene) -> None:
    four_processes(on_shared_server, appends=2000)


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_soak_killed_writers(on_shared_server: Scene) -> None:
    kill_writers(on_shared_server, kills=200)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_soak_killed_database(on_own_server: Scene) -> None:
    kill_the_database(on_own_server, kills=60)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_soak_step_down(on_own_server: Scene) -> None:
    step_down(on_own_server, times=60)
