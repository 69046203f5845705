"""Wakes those who follow a ledger. Correctness never depends on it: they pull what is new."""

import threading
import time
from typing import Any, Final

from pymongo.collection import Collection
from pymongo.errors import InvalidOperation, PyMongoError

POLL_SECONDS: Final = 1.0
"""A follower looks at least this often, also when the change stream is down."""

_INSERTS: Final[list[dict[str, Any]]] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {"_id": 1}},
]


class Doorbell:
    """Sets the listeners' events after appends of this process, and after those of others.

    A thread watches the change stream while somebody listens, and only then.
    """

    def __init__(self, commits: Collection[dict[str, Any]]) -> None:
        self._commits = commits
        self._lock = threading.Lock()
        self._listeners: set[threading.Event] = set()
        self._watching = False

    def listen(self, listener: threading.Event) -> None:
        with self._lock:
            self._listeners.add(listener)
            starts, self._watching = not self._watching, True
        listener.set()  # something may have been recorded before it listened
        if starts:
            threading.Thread(target=self._watch, name="doorbell", daemon=True).start()

    def unlisten(self, listener: threading.Event) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def ring(self) -> None:
        for listener in tuple(self._listeners):
            listener.set()

    def _watch(self) -> None:
        while self._has_listeners():
            try:
                with self._commits.watch(
                    _INSERTS, max_await_time_ms=int(POLL_SECONDS * 1000)
                ) as stream:
                    while self._has_listeners():
                        stream.try_next()
                        self.ring()
            except (PyMongoError, InvalidOperation):
                time.sleep(POLL_SECONDS)
                self.ring()

    def _has_listeners(self) -> bool:
        with self._lock:
            self._watching = bool(self._listeners)
            return self._watching
