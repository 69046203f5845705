"""Stored events without an order across streams, one document each: `{o, v, t, d}`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pymongo
from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent
from pymongo import ASCENDING, DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.eventstore import commits
from shared.eventstore.commits import ReadStream
from shared.eventstore.failures import as_persistence_errors


class MongoDBAggregateRecorder(AggregateRecorder):
    """The recorder of snapshots."""

    def __init__(
        self,
        database: Database[dict[str, Any]],
        collection: str,
        read_stream: ReadStream,
        timeout: float,
    ) -> None:
        self._client = database.client
        self._events = database[collection]
        self._read_stream = read_stream
        self._timeout = timeout

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        documents = [commits.event_document(event) for event in stored_events]
        with as_persistence_errors(), pymongo.timeout(self._timeout):
            try:
                if len(documents) == 1:
                    self._events.insert_one(documents[0])
                elif documents:
                    self._insert_all(documents)
            except DuplicateKeyError as error:
                raise IntegrityError(
                    "A stored event with this stream and version exists"
                ) from error

    def _insert_all(self, documents: list[dict[str, Any]]) -> None:
        def insert(session: ClientSession) -> None:
            for document in documents:
                self._events.insert_one(dict(document), session=session)

        with self._client.start_session() as session:
            session.with_transaction(insert)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        condition: dict[str, Any] = {"o": str(originator_id)}
        bounds = {"$gt": gt, "$lte": lte}
        versions = {operator: bound for operator, bound in bounds.items() if bound is not None}
        if versions:
            condition["v"] = versions
        with as_persistence_errors():
            found = list(
                self._events.find(condition)
                .sort("v", DESCENDING if desc else ASCENDING)
                .limit(limit or 0)
            )
        return [
            StoredEvent(
                originator_id=self._read_stream(event["o"]),
                originator_version=event["v"],
                topic=event["t"],
                state=commits.payload_bytes(event["d"]),
            )
            for event in found
        ]
