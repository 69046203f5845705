"""The library's recorders: a thin layer over the ledger, so that a new version of the library
changes this file and not the ledger.
"""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
)

from shared.eventstore.commits import Commit
from shared.eventstore.ledger import Ledger

_PULLED_AT_ONCE: Final = 500


class MongoDBApplicationRecorder(ApplicationRecorder):
    """Keyword arguments of `insert_events`, thus of `Application.save`: `commit_id` makes the
    append idempotent, `meta` is recorded with the commit.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        commit_id: str | None = None,
        meta: Mapping[str, Any] | None = None,
        tracking: Tracking | None = None,
        **kwargs: Any,
    ) -> Sequence[int]:
        if kwargs:
            raise TypeError(f"Unknown arguments of an append: {', '.join(sorted(kwargs))}")
        if stored_events:
            return list(self.ledger.append(stored_events, commit_id, meta, tracking))
        if tracking:
            self.ledger.track(tracking)
        return []

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        events = self.ledger.events_of(originator_id, gt, lte)
        return (events[::-1] if desc else events)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 1 if start is None else start + (not inclusive_of_start)
        return self.ledger.notifications(max(first, 1), limit, stop, topics)

    def max_notification_id(self) -> int | None:
        return self.ledger.head() or None

    def find_commit(self, commit_id: str) -> Commit | None:
        """What was recorded under the id, for commands that come again."""
        return self.ledger.find_commit(commit_id)

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        return MongoDBSubscription(recorder=self, gt=gt, topics=topics)


class MongoDBSubscription(Subscription[MongoDBApplicationRecorder]):
    """Pulls notifications in order, in the thread that iterates; the doorbell says when to look.

    Not the library's `ListenNotifySubscription`: its queue does not work under eventlet.
    """

    def __init__(
        self,
        recorder: MongoDBApplicationRecorder,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._pulled: deque[Notification] = deque()
        self._woken = threading.Event()
        recorder.ledger.listen(self._woken)

    def stop(self) -> None:
        super().stop()
        self._recorder.ledger.unlisten(self._woken)
        self._woken.set()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._pulled:
                return self._pulled.popleft()
            self._woken.clear()
            if not self._pull():
                self._woken.wait()
        raise StopIteration

    def _pull(self) -> bool:
        found = self._recorder.select_notifications(
            start=self._last_notification_id,
            limit=_PULLED_AT_ONCE,
            topics=self._topics,
            inclusive_of_start=False,
        )
        if found:
            self._last_notification_id = found[-1].id
        self._pulled.extend(found)
        return bool(found)


class MongoDBProcessRecorder(MongoDBApplicationRecorder, ProcessRecorder):
    """Stores the upstream position in the same atomic write as the events it led to."""

    def insert_tracking(self, tracking: Tracking) -> None:
        self.ledger.track(tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.ledger.max_tracking_id(application_name)
