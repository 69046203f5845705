"""Group commit without a thread of its own: whoever comes first writes for those who wait.

A lone writer thus pays no thread switch, and many writers share one round trip. Those who were
served together come back together: the next batch waits a moment until as many are there again,
else writers would fall into two halves that wait for one another. Only `threading` primitives,
looked up when used, so that it works in threads and under eventlet alike. A waiter that is
interrupted (a killed greenlet) never stalls the others.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

GATHERING: Final = 0.001
"""Seconds that a batch waits at most for others: about what a durable write takes anyway."""


class Sized(Protocol):
    @property
    def size(self) -> int: ...


Item = TypeVar("Item", bound=Sized)


class Turn(Generic[Item]):
    """A place in the queue. The gate opens when the item is done, or when it is its turn to lead."""

    __slots__ = ("done", "gate", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.done = False
        self.gate = threading.Lock()
        self.gate.acquire()


class GroupCommit(Generic[Item]):
    """Hands queued items, in order, to `write`: one call at a time, many items at once.

    A batch holds at most `max_items`, and at most `max_size` unless its first item alone is larger.
    """

    def __init__(self, write: Callable[[list[Item]], None], max_items: int, max_size: int) -> None:
        self._write = write
        self._max_items = max_items
        self._max_size = max_size
        self._lock = threading.Lock()
        self._queue: deque[Turn[Item]] = deque()
        self._led = False
        self._heir: Turn[Item] | None = None
        self._expected = 1
        self._gathered: threading.Lock | None = None

    def submit(self, item: Item) -> None:
        """Return when `write` is done with the item."""
        turn = Turn(item)
        with self._lock:
            self._queue.append(turn)
            waits, self._led = self._led, True
            if self._gathered and len(self._queue) >= self._expected:
                self._gathered.release()
                self._gathered = None
        if waits:
            self._wait(turn)
        if not turn.done:
            self._lead(turn)

    def _wait(self, turn: Turn[Item]) -> None:
        try:
            turn.gate.acquire()
        except BaseException:
            with self._lock:
                chosen = self._heir is turn
                if turn in self._queue:
                    self._queue.remove(turn)
            if chosen:
                self._hand_over()
            raise

    def _lead(self, own: Turn[Item]) -> None:
        batch: list[Turn[Item]] = []
        try:
            self._gather()
            batch = self._take()
            self._write([turn.item for turn in batch])
        finally:
            with self._lock:
                if own in self._queue:  # interrupted before it took itself
                    self._queue.remove(own)
                self._expected = min(len(batch) + len(self._queue), self._max_items)
            for turn in batch:
                turn.done = True
                turn.gate.release()
            self._hand_over()

    def _gather(self) -> None:
        """Wait until as many are queued as were there when the last batch was done."""
        with self._lock:
            if len(self._queue) >= self._expected:
                return
            self._gathered = gathered = threading.Lock()
            gathered.acquire()
        try:
            gathered.acquire(timeout=GATHERING)
        finally:
            with self._lock:
                self._gathered = None

    def _take(self) -> list[Turn[Item]]:
        with self._lock:
            self._heir = None
            queue = self._queue
            batch = [queue.popleft()]
            size = batch[0].item.size
            while queue and len(batch) < self._max_items:
                size += queue[0].item.size
                if size > self._max_size:
                    break
                batch.append(queue.popleft())
            return batch

    def _hand_over(self) -> None:
        with self._lock:
            self._heir = heir = self._queue[0] if self._queue else None
            self._led = heir is not None
        if heir is not None:
            heir.gate.release()
