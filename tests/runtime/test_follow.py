"""The follower as a real process: killed, replaced, stopped; and its lease."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import kombu
import pytest

from shared.eventstore.connection import connect
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.jobs import Jobs
from shared.runtime.lease import LEASE_SECONDS, Lease
from shared.runtime.provision.settings import read_file
from shared.runtime.views import PROJECTIONS, Positions, Projector
from tests.conftest import Provision
from tests.runtime.trial.counting import TOTALS, Counting, found, write_settings
from tests.runtime.trial.services import Processes, status, until

FOLLOW = ("services.counting", "follow")
BOOTSTRAP = "from tests.runtime.trial.bootstrap import follower as follower\n"


@pytest.fixture
def processes(
    counting: Counting, mongodb: MongoServer, name: str, tmp_path: Path
) -> Iterator[Processes]:
    assert counting.history.head() == 0
    write_settings(tmp_path, mongodb.uri, name)
    made = Processes(tmp_path)
    made.define("counting", bootstrap=BOOTSTRAP)
    yield made
    made.end()


@pytest.mark.fault
@pytest.mark.slow
def test_a_follower_killed_again_and_again_loses_and_doubles_nothing(
    counting: Counting, processes: Processes
) -> None:
    chance = random.Random(7)
    total = 0
    for _ in range(12):
        process, _page = processes.start(*FOLLOW)
        reached = Positions(counting.views).reached()
        total += counting.record_many(40)
        until(lambda before=reached: Positions(counting.views).reached() > before)  # type: ignore[misc]
        total += counting.record_many(chance.randrange(1, 40))
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.wait()
        counting.views["leases"].delete_many({})  # instead of waiting until it expires
    processes.start(*FOLLOW)
    head = counting.history.head()
    assert Positions(counting.views).wait_for(head, 30)
    assert found(counting.views) == {
        "sum": total,
        "events": head,
        "positions": list(range(1, head + 1)),
    }


@pytest.mark.fault
def test_another_follower_takes_over_when_the_active_one_dies(
    counting: Counting, processes: Processes
) -> None:
    active, active_page = processes.start(*FOLLOW)
    until(lambda: status(active_page) == {"status": "ready"})
    _, standby_page = processes.start(*FOLLOW)
    until(lambda: status(standby_page) == {"status": "ready"})
    active_line = 'runtime_follower_active{service="counting"}'
    assert f"{active_line} 1.0" in httpx.get(f"{active_page}/metrics").text
    assert f"{active_line} 1.0" not in httpx.get(f"{standby_page}/metrics").text
    active.kill()
    active.wait()
    head = counting.record(uuid4(), 1, [1, 2, 3])
    assert Positions(counting.views).wait_for(head, LEASE_SECONDS + 4)
    assert f"{active_line} 1.0" in httpx.get(f"{standby_page}/metrics").text


@pytest.mark.fault
def test_a_job_goes_on_in_another_process(counting: Counting, processes: Processes) -> None:
    jobs = Jobs(counting.views)
    job_id = uuid4()
    jobs.start("number_rows", {"rows": 300}, job_id)
    seen: set[int] = set()
    for _ in range(3):
        process, _page = processes.start(*FOLLOW)

        def advanced() -> bool:
            job = jobs.get(job_id)
            assert job
            new = job.progress.get("process") not in seen | {None}
            if new:
                seen.add(job.progress["process"])
            return new

        until(advanced)
        time.sleep(0.1)
        process.kill()
        process.wait()
        counting.views["leases"].delete_many({})
    processes.start(*FOLLOW)

    def done() -> bool:
        job = jobs.get(job_id)
        return job is not None and job.state == "done"

    until(done)
    rows = {document["_id"]: document["times"] for document in counting.views["done"].find()}
    assert sorted(rows) == list(range(300))
    assert sum(rows.values()) <= 300 + 3, "at most the row under way was done again"


def test_a_stop_is_drained_and_hands_the_lease_over(
    counting: Counting, processes: Processes
) -> None:
    process, page = processes.start(*FOLLOW)
    until(lambda: status(page) == {"status": "ready"})
    head = counting.record(uuid4(), 1, [1])
    assert Positions(counting.views).wait_for(head, 10)
    process.terminate()
    assert process.wait(10) == 0
    lease = Lease(counting.views, "follow")
    assert lease.acquire(), "nobody has to wait until it expires"
    assert '"stopped"' in processes.log.read_text()


def test_readiness_says_what_fails(counting: Counting, processes: Processes) -> None:
    counting.record_many(3)
    counting.views["entries"].insert_one({"_id": 2})
    _, page = processes.start(*FOLLOW)
    until(lambda: "failed: BulkWriteError" in str(status(page)))
    assert status(page)["missing"] == {"counting projection totals": "failed: BulkWriteError"}
    counting.views["entries"].delete_one({"_id": 2})
    until(lambda: status(page) == {"status": "ready"}, 40)
    assert found(counting.views)["positions"] == list(range(1, counting.history.head() + 1))


def test_a_lease_has_one_holder(counting: Counting) -> None:
    first, second = Lease(counting.views, "work", 0.5), Lease(counting.views, "work", 0.5)
    assert first.acquire()
    assert not second.acquire()
    assert first.acquire(), "renewed"
    time.sleep(0.3)
    assert first.acquire()
    assert not second.acquire()
    time.sleep(0.7)
    assert not first.held
    assert second.acquire(), "expired"
    assert not first.acquire()
    first.release()
    assert not first.acquire(), "only the holder can give it up"
    second.release()
    assert first.acquire()


def test_many_ask_for_a_lease_and_one_gets_it(counting: Counting) -> None:

    leases = [Lease(counting.views, "work") for _ in range(12)]
    got: list[bool] = []
    start = threading.Barrier(len(leases))

    def ask(lease: Lease) -> None:
        start.wait()
        got.append(lease.acquire())

    threads = [threading.Thread(target=ask, args=(lease,)) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 11 + [True]


def test_read_models_are_rebuilt_and_verified_from_the_command_line(
    counting: Counting, processes: Processes
) -> None:
    counting.record_many(20)
    process, _page = processes.start(*FOLLOW)
    assert Positions(counting.views).wait_for(counting.history.head(), 30)
    process.terminate()
    process.wait(10)
    assert processes.run("services.counting", "verify").returncode == 0
    counting.views["totals"].update_many({}, {"$inc": {"total": 1}})
    drifted = processes.run("services.counting", "verify", "totals")
    assert drifted.returncode == 1
    assert '"drifted": ["totals"]' in drifted.stderr
    assert processes.run("services.counting", "rebuild", "totals").returncode == 0
    assert processes.run("services.counting", "verify").returncode == 0
    unknown = processes.run("services.counting", "rebuild", "nothing")
    assert unknown.returncode == 2
    assert "counting has no projection nothing; it has totals" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_parked_messages_have_commands_where_there_are_reactions(processes: Processes) -> None:
    none = processes.run("services.counting", "parked", "list")
    assert none.returncode == 2
    assert "counting reacts to no other service" in none.stderr
    reacting = (
        BOOTSTRAP + "from shared.messaging.reactions import Reactions as Reactions\n"
        "def reactions(settings: object) -> dict[str, Reactions]:\n    return {}\n"
    )
    (processes.folder / "services" / "counting" / "bootstrap.py").write_text(reacting)
    assert processes.run("services.counting", "parked", "list").returncode == 0
    assert processes.run("services.counting", "parked", "replay", "--all").returncode == 0
    unknown = processes.run("services.counting", "parked", "replay", "missing")
    assert unknown.returncode == 2
    assert "no message missing is parked" in unknown.stderr
    assert processes.run("services.counting", "follow", "--wrong").returncode == 2


@pytest.fixture
def settled(provisioned: Provision, mongodb: MongoServer) -> Iterator[dict[str, str]]:
    """The settings of a service `counting` with the rights that a real one has, and no more."""
    folder = provisioned(["counting"])
    yield read_file(folder, "counting") | {"folder": str(folder)}
    with connect(mongodb.uri) as client:
        client.drop_database("counting_ledger")
        client.drop_database("counting_views")


def test_a_follower_needs_no_more_rights_than_provisioning_gives(
    settled: dict[str, str], broker: BrokerServer
) -> None:
    """Killed, followed, rebuilt, verified; and what it publishes arrives, each event once."""
    processes = Processes(Path(settled["folder"]))
    processes.define("counting", bootstrap=BOOTSTRAP)
    counting = Counting(settled["LEDGER_URI"], "counting", settled["VIEWS_URI"])
    killed = Projector(TOTALS, counting.views)
    killed.prepare()
    killed._session.start_transaction()
    counting.views[PROJECTIONS].update_one(
        {"_id": "totals"}, {"$set": {"n": 1}}, session=killed._session
    )
    with kombu.Connection(broker.uri) as connection:
        channel = connection.default_channel
        channel.exchange_declare(
            "counting.events",
            "topic",
            durable=True,
            auto_delete=False,
            arguments={"alternate-exchange": "unrouted"},
        )
        queue = channel.queue_declare("").queue
        channel.queue_bind(queue, "counting.events", "#")
        try:
            process, page = processes.start(*FOLLOW)
            counting.record_many(30)
            head = counting.history.head()
            assert Positions(counting.views).wait_for(head, 30)
            assert found(counting.views)["positions"] == list(range(1, head + 1))
            until(lambda: status(page) == {"status": "ready"})
            cursor = counting.views["relay"]
            until(lambda: (cursor.find_one() or {}).get("position") == head)
            assert _positions(channel, queue) == [
                recorded.position
                for recorded in counting.history.read(0, 1000)
                if recorded.event.amount % 2 == 0
            ]
            assert processes.run("services.counting", "rebuild").returncode == 0
            assert processes.run("services.counting", "verify").returncode == 0
            process.terminate()
            assert process.wait(20) == 0
        finally:
            processes.end()
            counting.close()
            channel.exchange_delete("counting.events")


def _positions(channel: Any, queue: str) -> list[int]:
    found = []
    while message := channel.basic_get(queue, no_ack=True):
        found.append(message.headers["position"])
    return found
