"""Scheduled comparison of read models with ones made anew: an alarm, never a repair."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY

from shared.runtime.development.mongodb import MongoServer
from shared.runtime.lease import Lease
from shared.runtime.rebuild import Outdated, verify
from shared.runtime.verification import SPREAD, VERIFICATIONS, Verification
from shared.runtime.views import FRESH, Positions, Projection, Projector
from tests.runtime.trial.counting import TOTALS, Counting, found, write_settings
from tests.runtime.trial.services import Processes, status, until

DAY = 86_400.0
OFTEN = 0.2


def followed(counting: Counting, commits: int) -> None:
    counting.record_many(commits)
    projector = Projector(TOTALS, counting.views)
    projector.prepare()
    position = 0
    while (reached := projector.advance(counting.history, position)) != position:
        position = reached


def verification(
    counting: Counting, seconds: float, projection: Projection = TOTALS
) -> Verification:
    service = counting.views.name
    return Verification(service, [projection], counting.views, counting.history, seconds)


@contextmanager
def running(made: Verification) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=made.run, args=(stop, threading.Event()))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def gauge(counting: Counting, name: str) -> float | None:
    labels = {"service": counting.views.name, "projection": "totals"}
    return REGISTRY.get_sample_value(f"runtime_projection_{name}", labels)


def test_drift_raises_an_alarm_at_every_comparison_and_repairs_nothing(counting: Counting) -> None:
    followed(counting, 20)
    made = verification(counting, OFTEN)
    began = time.time()
    with running(made):
        until(lambda: gauge(counting, "drifted") == 0)
        counting.views["totals"].update_many({}, {"$inc": {"total": 1}})
        wrong = found(counting.views)
        until(lambda: gauge(counting, "drifted") == 1)
        first = gauge(counting, "verified_at_seconds") or 0
        assert first >= began - 1
        until(lambda: (gauge(counting, "verified_at_seconds") or 0) > first)
        assert gauge(counting, "drifted") == 1
    assert found(counting.views) == wrong
    head = counting.history.head()
    told = made.details()["totals"]
    assert (told["position"], told["drifted"]) == (head, ["totals"])
    remembered = counting.views[VERIFICATIONS].find_one({"_id": "totals"})
    assert remembered
    assert (remembered["position"], remembered["drifted"]) == (head, ["totals"])


def test_a_restart_neither_repeats_nor_forgets_the_last_result(counting: Counting) -> None:
    followed(counting, 3)
    counting.views["entries"].delete_one({"_id": 1})
    with running(verification(counting, OFTEN)):
        until(lambda: gauge(counting, "drifted") == 1)
    verified_at = gauge(counting, "verified_at_seconds")
    assert verified_at
    restarted = verification(counting, DAY)
    due = restarted._recalled()["totals"]
    assert verified_at + DAY - 1 <= due <= verified_at + DAY * (1 + SPREAD) + 1
    assert restarted.details()["totals"]["drifted"] == ["entries"]


def test_the_first_moment_is_left_to_chance_but_soon(counting: Counting) -> None:
    moments = {verification(counting, DAY)._recalled()["totals"] - time.time() for _ in range(20)}
    assert len(moments) == 20
    assert all(-1 <= moment <= DAY * SPREAD for moment in moments)


def test_a_comparison_rests_between_batches_and_ends_at_once(counting: Counting) -> None:
    followed(counting, 700)
    rests: list[int] = []
    assert not verify(TOTALS, counting.views, counting.history, lambda: rests.append(1)).drifted
    assert len(rests) > 3

    class Ended(Exception):
        pass

    def end() -> None:
        raise Ended

    with pytest.raises(Ended):
        verify(TOTALS, counting.views, counting.history, end)
    names = counting.views.list_collection_names()
    assert not [name for name in names if name.startswith(FRESH)]


def test_a_rebuild_under_way_postpones_it(counting: Counting) -> None:
    followed(counting, 3)
    other = Lease(counting.views, "rebuild totals", seconds=30)
    assert other.acquire()
    with running(verification(counting, OFTEN)):
        time.sleep(4 * OFTEN)
        assert gauge(counting, "drifted") is None
        other.release()
        until(lambda: gauge(counting, "drifted") == 0)


def test_read_models_of_the_version_before_are_no_drift(counting: Counting) -> None:
    followed(counting, 3)
    changed = Projection("totals", TOTALS.collections, lambda *_: None, version=2)
    with pytest.raises(Outdated, match="version 1"):
        verify(changed, counting.views, counting.history)
    with running(verification(counting, OFTEN, changed)) as thread:
        time.sleep(4 * OFTEN)
        assert thread.is_alive()
    assert gauge(counting, "drifted") is None


def test_a_comparison_that_fails_is_made_again(counting: Counting) -> None:
    followed(counting, 3)
    failures = iter([ZeroDivisionError()])

    def fail_once(batch: object, write: object) -> None:
        if error := next(failures, None):
            raise error
        TOTALS.project(batch, write)  # type: ignore[arg-type]

    failing = Projection("totals", TOTALS.collections, fail_once)
    with running(verification(counting, OFTEN, failing)):
        until(lambda: gauge(counting, "drifted") == 0)


@pytest.fixture
def processes(
    counting: Counting, mongodb: MongoServer, name: str, tmp_path: Path
) -> Iterator[Processes]:
    assert counting.history.head() == 0
    write_settings(tmp_path, mongodb.uri, name)
    made = Processes(tmp_path, VERIFY_SECONDS="0.5")
    bootstrap = "from tests.runtime.trial.bootstrap import follower as follower\n"
    made.define("counting", bootstrap=bootstrap)
    yield made
    made.end()


def test_a_follower_tells_of_drift_in_log_metrics_and_health_page(
    counting: Counting, processes: Processes
) -> None:
    counting.record_many(20)
    _, page = processes.start("services.counting", "follow")
    assert Positions(counting.views).wait_for(counting.history.head(), 30)

    def drifted() -> object:
        details = status(page).get("details", {})
        assert isinstance(details, dict)
        return details.get("counting verification", {}).get("totals", {}).get("drifted")

    until(lambda: drifted() == [])
    counting.views["totals"].update_many({}, {"$inc": {"total": 1}})
    until(lambda: drifted() == ["totals"])
    assert status(page)["status"] == "ready", "what can be read is still worth reading"
    line = 'runtime_projection_drifted{projection="totals",service="counting"} 1.0'
    assert line in httpx.get(f"{page}/metrics").text
    lines = [json.loads(line) for line in processes.log.read_text().splitlines()]
    alarms = [line for line in lines if line["event"] == "projection_drifted"]
    assert {(line["level"], line["service"], *line["drifted"]) for line in alarms} == {
        ("error", "counting", "totals")
    }
