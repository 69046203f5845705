"""Group commit by itself: who writes, what is written together, who may be interrupted."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from shared.eventstore.groupcommit import GroupCommit, Turn


@dataclass(eq=False)
class Item:
    number: int
    size: int = 1
    written: bool = False


class Writer:
    """Records the batches; `pause` makes others queue up meanwhile."""

    def __init__(self, pause: Callable[[], object] = lambda: None) -> None:
        self.batches: list[list[int]] = []
        self.threads: set[int] = set()
        self._pause = pause
        self._busy = threading.Lock()

    def __call__(self, batch: list[Item]) -> None:
        assert self._busy.acquire(blocking=False), "two batches at once"
        self.threads.add(threading.get_ident())
        self._pause()
        self.batches.append([item.number for item in batch])
        for item in batch:
            item.written = True
        self._busy.release()


def queued(group: GroupCommit[Item], count: int) -> None:
    while len(group._queue) < count:
        time.sleep(0.001)


def test_a_lone_writer_writes_in_its_own_thread() -> None:
    writer = Writer()
    group = GroupCommit(writer, 10, 10)
    for number in range(3):
        group.submit(Item(number))
    assert writer.batches == [[0], [1], [2]]
    assert writer.threads == {threading.get_ident()}


def test_those_who_wait_are_written_together_in_their_order_within_the_limits() -> None:
    gate = threading.Event()
    writer = Writer(gate.wait)
    group = GroupCommit(writer, max_items=3, max_size=10)
    items = [Item(0), Item(1, 4), Item(2, 4), Item(3, 4), Item(4, 50), Item(5), Item(6), Item(7)]
    with ThreadPoolExecutor(8) as pool:
        pool.submit(group.submit, items[0])
        while not writer.threads:
            time.sleep(0.001)
        for item in items[1:]:
            pool.submit(group.submit, item)
            queued(group, item.number)
        gate.set()
    # at most 3 items, at most size 10, unless the first alone is larger
    assert writer.batches == [[0], [1, 2], [3], [4], [5, 6, 7]]
    assert all(item.written for item in items)


def test_under_load_everything_is_written_once() -> None:
    writer = Writer(lambda: time.sleep(0.0005))
    group = GroupCommit(writer, 7, 1000)
    items = [Item(number) for number in range(2000)]
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(group.submit, items))
    assert sorted(number for batch in writer.batches for number in batch) == list(range(2000))
    assert len(writer.batches) < 2000
    assert not group._led


def test_writers_that_were_served_together_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.eventstore.groupcommit.GATHERING", 1)
    writers, rounds = 8, 20
    writer = Writer(lambda: time.sleep(0.0005))
    group = GroupCommit(writer, 100, 1000)
    here = threading.Barrier(writers)

    def write_on(number: int) -> None:
        here.wait()
        for _ in range(rounds):
            group.submit(Item(number))

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write_on, range(writers)))
    full = [batch for batch in writer.batches if len(batch) == writers]
    # the first ones find together; the last ones wait for those who are done, once
    assert len(full) >= rounds - 3


def test_nobody_waits_for_those_who_stay_away() -> None:
    gate = threading.Event()
    group = GroupCommit(Writer(gate.wait), 10, 10)
    with ThreadPoolExecutor(3) as pool:
        together = [pool.submit(group.submit, Item(number)) for number in range(3)]
        while len(group._queue) < 2:
            time.sleep(0.001)
        gate.set()
        for each in together:
            each.result(5)
    alone = Item(3)
    group.submit(alone)
    assert alone.written
    assert (group._expected, group._gathered, group._led) == (1, None, False)


def test_a_failing_write_releases_all_and_the_next_writer_goes_on() -> None:
    gate = threading.Event()
    attempts: list[int] = []

    def write(batch: list[Item]) -> None:
        attempts.append(len(batch))
        gate.wait()
        if len(attempts) == 1:
            raise RuntimeError("disk on fire")
        for item in batch:
            item.written = True

    group = GroupCommit(write, 10, 10)
    first, second = Item(0), Item(1)
    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(group.submit, first)
        while not attempts:
            time.sleep(0.001)
        waiting = pool.submit(group.submit, second)
        queued(group, 1)
        gate.set()
        with pytest.raises(RuntimeError):
            failing.result()
        waiting.result()
    assert (first.written, second.written) == (False, True)


class Killed(BaseException):
    """As a greenlet is killed where it waits."""


@pytest.mark.parametrize("already_chosen", [False, True])
def test_an_interrupted_waiter_leaves_the_queue_and_stalls_nobody(
    monkeypatch: pytest.MonkeyPatch, already_chosen: bool
) -> None:
    gate, killing = threading.Event(), threading.Event()
    writer = Writer(gate.wait)
    group = GroupCommit(writer, 10, 10)
    victim = Item(1)

    class Interrupted:
        """A gate at whose opening the waiter dies, before or after it was chosen to lead."""

        def acquire(self) -> bool:
            killing.wait()
            raise Killed

        def release(self) -> None:
            killing.set()

    def new_turn(item: Item) -> Turn[Item]:
        turn = Turn(item)
        if item is victim:
            turn.gate = Interrupted()  # type: ignore[assignment]
        return turn

    monkeypatch.setattr("shared.eventstore.groupcommit.Turn", new_turn)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(group.submit, Item(0))
        while not writer.threads:
            time.sleep(0.001)
        dying = pool.submit(group.submit, victim)
        queued(group, 1)
        last = pool.submit(group.submit, Item(2))
        queued(group, 2)
        if not already_chosen:
            killing.set()
            queued_only = time.monotonic() + 5
            while len(group._queue) > 1 and time.monotonic() < queued_only:
                time.sleep(0.001)
        gate.set()
        with pytest.raises(Killed):
            dying.result(5)
        first.result(5)
        last.result(5)
    assert writer.batches == [[0], [2]]
    assert not group._led


def test_whoever_is_interrupted_while_gathering_stalls_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer = Writer()
    group = GroupCommit(writer, 10, 10)
    group._expected = 2
    turn = Turn(Item(0))

    class Gathered:
        """The lock at which a leader waits for others, and dies."""

        def acquire(self, timeout: float | None = None) -> None:
            if timeout is not None:
                raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("shared.eventstore.groupcommit.Turn", lambda _item: turn)
        patched.setattr("threading.Lock", Gathered)
        with pytest.raises(Killed):
            group.submit(turn.item)
    group.submit(Item(1))
    assert writer.batches == [[1]]
    assert not group._led
