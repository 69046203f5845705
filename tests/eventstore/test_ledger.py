"""Promises of the ledger that the library's suite does not cover, in one process."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from shared.eventstore import commits, doorbell
from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorders import MongoDBApplicationRecorder
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import event, new_ledger, new_name, open_ledger


@pytest.fixture
def ledger(mongodb: MongoServer) -> Iterator[Ledger]:
    with new_ledger(mongodb.uri) as ledger:
        yield ledger


def test_a_commit_is_found_by_its_id_with_what_was_recorded(ledger: Ledger) -> None:
    ledger.append([event()])
    events = [event(), event()]
    before = datetime.now(UTC)
    positions = ledger.append(events, "command-1", {"actor": "a", "more": {"n": [1]}})
    commit = ledger.find_commit("command-1")
    assert commit is not None
    assert commit.positions == positions == range(2, 4)
    assert commit.meta == {"actor": "a", "more": {"n": [1]}}
    assert before - timedelta(milliseconds=1) <= commit.at <= datetime.now(UTC)
    assert [one.state for one in commit.events] == [one.state for one in events]
    assert ledger.find_commit("command-2") is None


def test_the_same_commit_again_gives_the_first_positions(ledger: Ledger) -> None:
    events = [event(), event()]
    first = ledger.append(events, "command-1", tracking=Tracking("upstream", 1))
    ledger.append([event()])
    assert ledger.append(events, "command-1", tracking=Tracking("upstream", 1)) == first
    assert ledger.head() == 3


def test_a_commit_id_with_other_events_is_refused(ledger: Ledger) -> None:
    ledger.append([event()], "command-1")
    with pytest.raises(IntegrityError, match="command-1 is recorded with other events"):
        ledger.append([event()], "command-1")
    assert ledger.head() == 1


def test_the_same_command_from_many_threads_is_recorded_once(ledger: Ledger) -> None:
    events = [event()]
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: ledger.append(events, "command-1"), range(32)))
    assert found == {range(1, 2)}
    assert ledger.head() == 1


def test_of_many_writers_of_one_version_one_succeeds(ledger: Ledger) -> None:
    stream = uuid4()

    def attempt(number: int) -> bool:
        try:
            ledger.append([event(stream, 1, str(number).encode())])
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(attempt, range(64))) == 1
    assert ledger.head() == 1


def test_an_overlap_in_later_events_of_an_append_is_refused_whole(ledger: Ledger) -> None:
    stream = uuid4()
    ledger.append([event(stream, 1), event(stream, 2)])
    with pytest.raises(IntegrityError):
        ledger.append([event(), event(stream, 2)])
    assert ledger.head() == 2


def test_an_append_over_the_limit_is_refused_and_the_largest_is_recorded(ledger: Ledger) -> None:
    with pytest.raises(DataError, match="15,728,640 bytes"):
        ledger.append([event(state=b"x" * commits.LIMIT)])
    largest = event(state=b"x" * (commits.LIMIT - 400))
    with ThreadPoolExecutor(4) as pool:  # also when others wait to be written with it
        found = pool.map(ledger.append, [[event()], [largest], [event()], [event()]])
        assert sorted(positions.start for positions in found) == [1, 2, 3, 4]


def test_recorded_times_never_go_back_with_the_positions(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.append([event()])
    monkeypatch.setattr("time.time_ns", lambda: 0)
    ledger.append([event()])
    first, second = ledger.commits(1, 10)
    assert second.at == first.at


def test_a_process_with_a_slow_clock_records_no_earlier_time_than_another(
    mongodb: MongoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = new_name()
    with new_ledger(mongodb.uri, name) as ledger, open_ledger(mongodb.uri, name) as other:
        ledger.append([event()])
        monkeypatch.setattr("time.time_ns", lambda: 0)
        other.append([event()])
        first, second = ledger.commits(1, 10)
    assert second.at == first.at


def test_commits_are_read_from_the_one_that_contains_the_position(ledger: Ledger) -> None:
    for size in (1, 3, 2):
        ledger.append([event() for _ in range(size)])
    firsts = {start: [one.first for one in ledger.commits(start, 2)] for start in range(1, 9)}
    assert firsts == {
        1: [1, 2],
        2: [2, 5],
        3: [2, 5],
        4: [2, 5],
        5: [5],
        6: [5],
        7: [],
        8: [],
    }


def test_notifications_may_begin_and_end_inside_a_commit(ledger: Ledger) -> None:
    for size in (1, 3, 2):
        ledger.append([event() for _ in range(size)])
    recorder = MongoDBApplicationRecorder(ledger)
    for start in range(1, 8):
        for limit in range(1, 8):
            for stop in (None, *range(1, 8)):
                found = recorder.select_notifications(start, limit, stop)
                expected = range(start, min(stop or 6, 6) + 1)[:limit]
                assert [one.id for one in found] == list(expected)


def test_tracking_is_stored_with_the_effect_or_without_one(ledger: Ledger) -> None:
    ledger.append([event()], tracking=Tracking("upstream", 3))
    ledger.track(Tracking("upstream", 5))
    assert ledger.max_tracking_id("upstream") == 5
    for stale in (3, 4, 5):
        with pytest.raises(IntegrityError):
            ledger.append([event()], tracking=Tracking("upstream", stale))
        with pytest.raises(IntegrityError):
            ledger.track(Tracking("upstream", stale))
    ledger.append([event()], tracking=Tracking("upstream", 6))
    assert ledger.max_tracking_id("upstream") == 6
    assert ledger.head() == 2


def test_an_effect_of_a_position_happens_once_in_two_processes(mongodb: MongoServer) -> None:
    name = new_name()
    with new_ledger(mongodb.uri, name) as ledger, open_ledger(mongodb.uri, name) as other:
        ledger.append([event()], tracking=Tracking("upstream", 1))
        other.append([event()], tracking=Tracking("upstream", 2))
        for process in (ledger, other):
            with pytest.raises(IntegrityError):
                process.append([event()], tracking=Tracking("upstream", 2))
        assert ledger.head() == 2


def test_a_refused_append_with_tracking_does_not_advance_the_position(ledger: Ledger) -> None:
    stream = uuid4()
    ledger.append([event(stream)])
    with pytest.raises(IntegrityError):
        ledger.append([event(stream)], tracking=Tracking("upstream", 1))
    ledger.append([event()], tracking=Tracking("upstream", 1))
    assert ledger.max_tracking_id("upstream") == 1


def test_an_unprovisioned_database_is_refused(mongodb: MongoServer) -> None:
    name = new_name()
    message = f"{name} is not provisioned.*commits.stream"
    with (
        open_ledger(mongodb.uri, name) as ledger,
        pytest.raises(ProgrammingError, match=message),
    ):
        ledger.append([event()])
    with MongoClient[dict[str, Any]](mongodb.uri) as client:
        assert client[name].list_collection_names() == []


def test_an_unknown_argument_of_an_append_is_refused(ledger: Ledger) -> None:
    with pytest.raises(TypeError, match="comit_id"):
        MongoDBApplicationRecorder(ledger).insert_events([event()], comit_id="typo")


def test_an_unreachable_server_is_a_bounded_operational_error() -> None:
    uri = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200"
    with connect(uri) as client:
        ledger = Ledger(durable(client, "nowhere"), timeout=0.5)
        with pytest.raises(OperationalError, match="outcome of commit command-1 is unknown"):
            ledger.append([event()], "command-1")
        with pytest.raises(DatabaseError):
            ledger.head()


def test_a_listener_is_woken_by_appends_of_another_process(
    mongodb: MongoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "POLL_SECONDS", 8.0)  # longer than the test waits
    name = new_name()
    with new_ledger(mongodb.uri, name) as ledger, open_ledger(mongodb.uri, name) as other:
        woken = threading.Event()
        other.listen(woken)
        time.sleep(0.5)  # the change stream opens
        for _ in range(3):
            woken.clear()
            ledger.append([event()])
            assert woken.wait(5)
        other.unlisten(woken)


def test_a_listener_is_woken_without_a_change_stream(
    mongodb: MongoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationFailure("no change streams today")

    monkeypatch.setattr(Collection, "watch", refuse)
    with new_ledger(mongodb.uri) as ledger:
        woken = threading.Event()
        ledger.listen(woken)
        for _ in range(2):
            woken.clear()
            assert woken.wait(5)
        ledger.unlisten(woken)


def test_a_subscription_sees_every_position_in_order_while_writers_append(ledger: Ledger) -> None:
    recorder = MongoDBApplicationRecorder(ledger)
    batches = [[event() for _ in range(1 + number % 3)] for number in range(200)]
    total = sum(len(batch) for batch in batches)
    seen: list[int] = []
    with recorder.subscribe() as subscription, ThreadPoolExecutor(8) as pool:
        pool.map(ledger.append, batches)
        for notification in subscription:
            seen.append(notification.id)
            if len(seen) == total:
                break
    assert seen == list(range(1, total + 1))


def test_events_may_have_text_ids(mongodb: MongoServer) -> None:
    name = new_name()
    with new_ledger(mongodb.uri, name), connect(mongodb.uri) as client:
        ledger = Ledger(durable(client, name), read_stream=str)
        ledger.append([StoredEvent("project-1", 1, "topic", b"{}")])
        (found,) = ledger.events_of("project-1", None, None)
        assert found.originator_id == "project-1"
