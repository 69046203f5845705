"""The append-only log of one service: append and read commits."""

import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Tracking
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.eventstore import commits, schema
from shared.eventstore.commits import Commit
from shared.eventstore.doorbell import Doorbell
from shared.eventstore.failures import as_persistence_errors
from shared.eventstore.sequencer import Append, Sequencer


class Ledger:
    """One per process and database; safe to share between threads.

    `database` must read and write with majority concern (`connection.durable`). Reads raise the
    library's `OperationalError` for a failure that may pass, else its `DatabaseError`.
    """

    def __init__(
        self,
        database: Database[dict[str, Any]],
        read_stream: commits.ReadStream = UUID,
        timeout: float = 20.0,
    ) -> None:
        self._commits = database[schema.COMMITS]
        self._tracking = database[schema.TRACKING]
        self._read_stream = read_stream
        self._timeout = timeout
        self._sequencer = Sequencer(database)
        self._doorbell = Doorbell(self._commits)

    def append(
        self,
        events: Sequence[StoredEvent],
        commit_id: str | None = None,
        meta: Mapping[str, Any] | None = None,
        tracking: Tracking | None = None,
    ) -> range:
        """The positions of the durable events; see `Sequencer.append` for what may be raised."""
        append = Append(list(events), commit_id, meta, tracking, self._timeout)
        first = self._sequencer.append(append)
        self._doorbell.ring()
        return range(first, first + len(events))

    def track(self, tracking: Tracking) -> None:
        """Record that an upstream position had no effect here.

        Raises `IntegrityError` when it is not after the position tracked last.
        """
        name, position = tracking.application_name, tracking.notification_id
        with as_persistence_errors():
            last = self._sequencer.max_tracking_id(name)
            try:
                if last is not None and position <= last:
                    raise IntegrityError(
                        f"Position {last} of {name} is tracked, {position} is not after"
                    )
                self._tracking.insert_one({"a": name, "n": position})
            except DuplicateKeyError as error:
                raise IntegrityError(f"Position {position} of {name} is tracked") from error
            finally:
                self._sequencer.forget_tracking(name)

    def max_tracking_id(self, application_name: str) -> int | None:
        with as_persistence_errors():
            return self._sequencer.max_tracking_id(application_name)

    def head(self) -> int:
        """The last position, 0 in an empty ledger."""
        with as_persistence_errors():
            last = self._commits.find_one({}, {"last": 1}, sort=[("_id", DESCENDING)])
        return int(last["last"]) if last else 0

    def find_commit(self, commit_id: str) -> Commit | None:
        with as_persistence_errors():
            document = self._commits.find_one({"commit_id": commit_id})
        return commits.decode(document, self._read_stream) if document else None

    def commits(self, start: int, limit: int) -> list[Commit]:
        """Whole commits in order, the first one containing position `start` (from 1)."""
        with as_persistence_errors():
            found = list(self._from(start, {}, limit))[:limit]
        return [commits.decode(document, self._read_stream) for document in found]

    def events_of(self, stream: UUID | str, gt: int | None, lte: int | None) -> list[StoredEvent]:
        """The stream's events with gt < version <= lte, by version."""
        name = str(stream)
        versions = _between(gt, lte)
        with as_persistence_errors():
            found = [
                event
                for document in self._of_stream(stream, versions)
                for event in document["e"]
                if event["o"] == name
                and (gt is None or event["v"] > gt)
                and (lte is None or event["v"] <= lte)
            ]
        return self._stored(found)

    def events_of_many(self, streams: Iterable[UUID | str]) -> list[StoredEvent]:
        """All events of several streams with one look-up, by stream and version."""
        names = {str(stream) for stream in streams}
        condition = {"e.o": {"$in": sorted(names)}}
        with as_persistence_errors():
            found = [
                event
                for document in self._commits.find(condition).hint(schema.STREAM_INDEX)
                for event in document["e"]
                if event["o"] in names
            ]
        return self._stored(found)

    def notifications(
        self, start: int, limit: int, stop: int | None, topics: Sequence[str]
    ) -> list[Notification]:
        """Events with start <= position <= stop and one of the topics (none given: all)."""
        condition: dict[str, Any] = {"e.t": {"$in": list(topics)}} if topics else {}
        found: list[Notification] = []
        with as_persistence_errors(), closing(self._from(start, condition, limit)) as documents:
            for document in documents:
                for notification in commits.notifications(document, self._read_stream):
                    if stop is not None and notification.id > stop:
                        return found
                    if notification.id >= start and (not topics or notification.topic in topics):
                        found.append(notification)
                        if len(found) == limit:
                            return found
        return found

    def listen(self, listener: threading.Event) -> None:
        """Set the event whenever there may be new commits, at least once a second."""
        self._doorbell.listen(listener)

    def unlisten(self, listener: threading.Event) -> None:
        self._doorbell.unlisten(listener)

    def _from(
        self, start: int, condition: Mapping[str, Any], limit: int
    ) -> Generator[dict[str, Any]]:
        """Commits in order, from the one that contains `start`.

        Positions are contiguous: unless a commit begins exactly at `start`, the one before the
        next commit may contain it.
        """
        with (
            self._commits.find({"_id": {"$gte": start}, **condition})
            .sort("_id", ASCENDING)
            .limit(limit) as following
        ):
            first = next(following, None)
            if first is None or first["_id"] != start:
                before = self._commits.find_one({"_id": {"$lt": start}}, sort=[("_id", DESCENDING)])
                if before is not None and before["last"] >= start:
                    yield before
            if first is not None:
                yield first
                yield from following

    def _stored(self, found: Iterable[Mapping[str, Any]]) -> list[StoredEvent]:
        return [
            StoredEvent(
                originator_id=self._read_stream(event["o"]),
                originator_version=event["v"],
                topic=event["t"],
                state=commits.payload_bytes(event["d"]),
            )
            for event in sorted(found, key=lambda event: (event["o"], int(event["v"])))
        ]

    def _of_stream(
        self, stream: UUID | str, versions: Mapping[str, int]
    ) -> Iterator[dict[str, Any]]:
        match: dict[str, Any] = {"o": str(stream)}
        if versions:
            match["v"] = versions
        yield from self._commits.find({"e": {"$elemMatch": match}}).hint(schema.STREAM_INDEX)


def _between(gt: int | None, lte: int | None) -> dict[str, int]:
    bounds = {"$gt": gt, "$lte": lte}
    return {operator: bound for operator, bound in bounds.items() if bound is not None}
