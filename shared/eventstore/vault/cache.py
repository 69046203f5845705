"""Keys kept in memory for a short while, so that reading does not ask the vault each time."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from shared.eventstore.vault.keys import KeyName, SubjectKey
from shared.kernel.personal import Absent, DataClass

Held = SubjectKey | Absent
"""A key, or `ERASED` in its place."""


class Fetch(NamedTuple):
    """When a fetch began, and how many evictions there had been."""

    since: float
    evictions: int


class KeyCache:
    """At most `size` keys, each at most `ttl` seconds old.

    The age counts from the start of the fetch, because that is the last moment at which the key is
    known to have existed. Only what exists is kept: a key that is missing now may be created by
    another process in a moment. Keys that are too old go with the next that come, so that a long
    import holds those of its last minute and not those of all its people.
    """

    def __init__(self, ttl: float, size: int, clock: Callable[[], float]) -> None:
        self._ttl = ttl
        self._size = size
        self._clock = clock
        self._entries: OrderedDict[KeyName, tuple[float, Held]] = OrderedDict()
        self._evictions = 0
        self._lock = Lock()

    def begin(self) -> Fetch:
        """To be called before the vault is asked; what it answers is put with the result."""
        with self._lock:
            return Fetch(self._clock(), self._evictions)

    def put(self, fetch: Fetch, found: Mapping[KeyName, Held]) -> None:
        """Keep what was fetched, unless something was evicted meanwhile: it might be that."""
        with self._lock:
            if fetch.evictions != self._evictions:
                return
            for name, held in found.items():
                self._entries.pop(name, None)
                self._entries[name] = (fetch.since, held)
            self._drop_oldest()

    def get(self, name: KeyName) -> Held | None:
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            since, held = entry
            if self._clock() - since >= self._ttl:
                del self._entries[name]
                return None
            return held

    def _drop_oldest(self) -> None:
        """Entries stand in the order in which they came."""
        oldest = self._clock() - self._ttl
        while self._entries and (
            len(self._entries) > self._size or next(iter(self._entries.values()))[0] <= oldest
        ):
            self._entries.popitem(last=False)

    def evict(self, subject: UUID) -> None:
        with self._lock:
            self._evictions += 1
            for data_class in DataClass:
                self._entries.pop(KeyName(subject, data_class), None)
