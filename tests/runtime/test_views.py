"""Projections: exactly once, rebuilt beside the live ones, compared by digest, waited for."""

import threading
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest
from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from shared.messaging.publication import Recorded
from shared.runtime.lease import Lease
from shared.runtime.projections import ProjectionLoop
from shared.runtime.rebuild import RebuildRunning, rebuild, recover, verify
from shared.runtime.views import (
    FRESH,
    PROJECTIONS,
    Positions,
    Projection,
    Projector,
    Superseded,
    Writer,
    reading,
)
from tests.runtime.trial.counting import TOTALS, Counting, count, found


def caught_up(counting: Counting, projection: Projection = TOTALS) -> Projector:
    projector = Projector(projection, counting.views)
    projector.prepare()
    position = int(projector.state()["n"])
    while (reached := projector.advance(counting.history, position)) != position:
        position = reached
    return projector


def test_every_event_is_applied_once_in_order(counting: Counting) -> None:
    total = counting.record_many(700)
    head = counting.history.head()
    caught_up(counting)
    assert found(counting.views) == {
        "sum": total,
        "events": head,
        "positions": list(range(1, head + 1)),
    }
    assert "total" in counting.views["totals"].index_information()


def test_a_batch_never_splits_a_commit(counting: Counting) -> None:
    counter = uuid4()
    counting.record(counter, 1, [1] * 490)
    counting.record(counter, 491, [1] * 300)
    counting.record(counter, 791, [1])
    batch = counting.history.batch(0)
    assert [recorded.position for recorded in batch] == list(range(1, 791))
    assert counting.history.batch(790)[0].meta == {"actor": "trial"}
    assert [recorded.position for recorded in counting.history.read(100, 5)] == [*range(101, 106)]


def test_a_batch_that_fails_leaves_nothing(counting: Counting) -> None:
    def fail(batch: Sequence[Recorded], write: Writer) -> None:
        count(batch, write)
        raise ZeroDivisionError

    counting.record_many(5)
    failing = Projection("totals", TOTALS.collections, fail)
    projector = Projector(failing, counting.views)
    projector.prepare()
    with pytest.raises(ZeroDivisionError):
        projector.advance(counting.history, 0)
    assert found(counting.views) == {"sum": 0, "events": 0, "positions": []}
    assert projector.state()["n"] == 0


def test_only_declared_collections_can_be_written(counting: Counting) -> None:
    def stray(batch: Sequence[Recorded], write: Writer) -> None:
        write["elsewhere"].insert_many([{"_id": batch[0].position}])

    counting.record_many(1)
    projector = Projector(Projection("stray", {"own": []}, stray), counting.views)
    projector.prepare()
    with pytest.raises(KeyError, match="elsewhere"):
        projector.advance(counting.history, 0)


def test_of_two_followers_only_one_advances(counting: Counting) -> None:
    """Also the one that has a longer batch, which a mere `position > tracked` would let through."""
    counting.record_many(10)
    first, second = (Projector(TOTALS, counting.views) for _ in range(2))
    first.prepare()
    reached = first.advance(counting.history, 0)
    counting.record_many(10)
    with pytest.raises(Superseded):
        second.advance(counting.history, 0)
    assert found(counting.views)["events"] == reached


def test_a_transaction_left_by_a_killed_follower_holds_nobody_up(counting: Counting) -> None:
    """MongoDB would keep its locks for a minute."""
    counting.record_many(20)
    killed = Projector(TOTALS, counting.views)
    killed.prepare()
    killed._session.start_transaction()
    counting.views[PROJECTIONS].update_one(
        {"_id": "totals"}, {"$set": {"n": 1}}, session=killed._session
    )
    began = time.monotonic()
    caught_up(counting)
    assert time.monotonic() - began < 10
    assert found(counting.views)["events"] == counting.history.head()


def test_two_followers_at_once_apply_everything_once(counting: Counting) -> None:
    total = counting.record_many(400)
    head = counting.history.head()
    stop = threading.Event()
    loops = [
        threading.Thread(
            target=ProjectionLoop("counting", TOTALS, counting.views, counting.history).run,
            args=(stop, threading.Event()),
        )
        for _ in range(2)
    ]
    for loop in loops:
        loop.start()
    assert Positions(counting.views).wait_for(head, 30)
    stop.set()
    for loop in loops:
        loop.join(10)
        assert not loop.is_alive()
    assert found(counting.views) == {
        "sum": total,
        "events": head,
        "positions": list(range(1, head + 1)),
    }


def test_a_rebuild_gives_the_same_read_models(counting: Counting) -> None:
    total = counting.record_many(300)
    head = counting.history.head()
    caught_up(counting)
    counting.views["totals"].update_many({}, {"$inc": {"total": 1}})
    counting.views["entries"].delete_one({"_id": 7})
    assert rebuild(TOTALS, counting.views, counting.history) == head
    assert found(counting.views)["sum"] == total
    assert found(counting.views)["positions"] == list(range(1, head + 1))
    assert "total" in counting.views["totals"].index_information()
    names = counting.views.list_collection_names()
    assert not [collection for collection in names if collection.startswith(FRESH)]
    state = caught_up(counting).state()
    assert (state["n"], state["version"], state["live"], "swap" in state) == (head, 1, True, False)


def test_what_is_read_of_one_moment_is_read_again_after_a_swap(counting: Counting) -> None:
    counting.record_many(20)
    caught_up(counting)
    looks: list[int] = []

    def look() -> int:
        with counting.views.client.start_session(snapshot=True) as session:
            looks.append(counting.views["totals"].count_documents({}, session=session))
            if len(looks) == 1:
                rebuild(TOTALS, counting.views, counting.history)
            return counting.views["entries"].count_documents({}, session=session)

    assert reading(look) == counting.history.head()
    assert len(looks) == 2


def test_reads_and_appends_go_on_during_a_rebuild(counting: Counting) -> None:
    """A live follower and a writer beside five rebuilds: nothing is lost, doubled or unreadable."""
    total = counting.record_many(200)
    stop = threading.Event()
    loop = ProjectionLoop("counting", TOTALS, counting.views, counting.history)
    following = threading.Thread(target=loop.run, args=(stop, threading.Event()))
    following.start()
    assert Positions(counting.views).wait_for(counting.history.head(), 30)
    added: list[int] = []
    fewest: list[int] = []

    def write_and_read() -> None:
        while not stop.is_set():
            added.append(counting.record_many(5))
            fewest.append(reading(lambda: sum(1 for _ in counting.views["entries"].find())))

    writing = threading.Thread(target=write_and_read)
    writing.start()
    for _ in range(5):
        rebuild(TOTALS, counting.views, counting.history)
    stop.set()
    writing.join(10)
    following.join(10)
    caught_up(counting)
    head = counting.history.head()
    assert added
    assert min(fewest) >= 200
    assert found(counting.views) == {
        "sum": total + sum(added),
        "events": head,
        "positions": list(range(1, head + 1)),
    }


def test_a_rebuild_that_dies_anywhere_is_settled(counting: Counting) -> None:
    """For every n, the n-th write of a rebuild never happens, as if the process had died there."""
    died = 0
    while _rebuild_dies(counting, at=died):
        counting.record_many(1)
        _follow_until(counting, CHANGED)
        head = counting.history.head()
        assert found(counting.views)["positions"] == list(range(1, head + 1)), died
        assert found(counting.views)["events"] == head, died
        assert counting.views["seen"].count_documents({}) == head, died
        died += 1
    assert died > 10


def _rebuild_dies(counting: Counting, at: int) -> bool:
    """Rebuild into a new version, dying before write number `at`; False when there is no such."""
    counting.client.drop_database(counting.views.name)
    counting.record_many(1)
    caught_up(counting)
    writes = iter(range(1000))

    def dying(original: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            if next(writes) >= at:
                raise SystemExit
            return original(*args, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in ("rename", "update_one", "drop", "delete_one", "create_indexes"):
            patch.setattr(Collection, name, dying(getattr(Collection, name)))
        try:
            rebuild(CHANGED, counting.views, counting.history)
        except SystemExit:
            died = True
        else:
            died = False
    counting.views["leases"].delete_many({})  # instead of waiting until it expires
    return died


def _follow_until(counting: Counting, projection: Projection) -> None:
    """Follow until the projection has caught up, in its own version."""
    stop = threading.Event()
    loop = ProjectionLoop("counting", projection, counting.views, counting.history)
    following = threading.Thread(target=loop.run, args=(stop, threading.Event()))
    following.start()
    end = time.monotonic() + 20
    while loop.missing() and time.monotonic() < end:
        time.sleep(0.01)
    stop.set()
    following.join(10)
    assert loop.missing() is None


def _count_and_see(batch: Sequence[Recorded], write: Writer) -> None:
    count(batch, write)
    write["seen"].insert_many([{"_id": recorded.position} for recorded in batch])


CHANGED = Projection("totals", {**TOTALS.collections, "seen": []}, _count_and_see, version=2)


def test_a_new_version_is_rebuilt_at_start(counting: Counting) -> None:
    counting.record_many(30)
    caught_up(counting)
    _follow_until(counting, CHANGED)
    head = counting.history.head()
    assert counting.views["seen"].count_documents({}) == head
    assert found(counting.views)["events"] == head


def test_one_rebuild_at_a_time(counting: Counting) -> None:
    counting.record_many(3)
    caught_up(counting)
    other = Lease(counting.views, "rebuild totals")
    assert other.acquire()
    with pytest.raises(RebuildRunning):
        rebuild(TOTALS, counting.views, counting.history)
    assert recover(TOTALS, counting.views) is False
    other.release()
    rebuild(TOTALS, counting.views, counting.history)


def test_drift_is_found_and_named(counting: Counting) -> None:
    counting.record_many(300)
    projector = caught_up(counting)
    same = verify(TOTALS, counting.views, counting.history)
    assert same.drifted == []
    assert same.position == counting.history.head()
    counting.views["entries"].update_one({"_id": 5}, {"$inc": {"amount": 1}})
    counting.record_many(3)
    different = verify(TOTALS, counting.views, counting.history)
    assert different.drifted == ["entries"]
    assert different.position == projector.state()["n"]
    names = counting.views.list_collection_names()
    assert not [collection for collection in names if collection.startswith(FRESH)]


def test_a_live_projection_can_be_compared_while_it_advances(counting: Counting) -> None:
    counting.record_many(100)
    stop = threading.Event()
    loop = ProjectionLoop("counting", TOTALS, counting.views, counting.history)
    threads = [
        threading.Thread(target=loop.run, args=(stop, threading.Event())),
        threading.Thread(target=lambda: [counting.record_many(5) for _ in range(40)]),
    ]
    for thread in threads:
        thread.start()
    assert Positions(counting.views).wait_for(10, 20)
    assert [verify(TOTALS, counting.views, counting.history).drifted for _ in range(3)] == [
        [],
        [],
        [],
    ]
    stop.set()
    for thread in threads:
        thread.join(20)


def test_waiting_for_a_position(counting: Counting) -> None:
    positions = Positions(counting.views)
    assert positions.wait_for(0, 0.1)
    assert not positions.wait_for(1, 0.1)
    head = counting.record(uuid4(), 1, [1, 2, 3])
    slow = Projection("slow", {"slow": [IndexModel([("x", ASCENDING)])]}, lambda *_: None)
    Projector(slow, counting.views).prepare()
    caught_up(counting)
    assert not positions.wait_for(head, 0.1), "the slower projection has not come that far"
    threading.Timer(0.2, lambda: caught_up(counting, slow)).start()
    assert positions.wait_for(head, 10)
    assert counting.views[PROJECTIONS].count_documents({}) == 2
