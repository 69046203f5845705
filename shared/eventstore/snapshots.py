"""Snapshots: stored without an order across streams, one document each: `{o, v, t, d}`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import pymongo
import structlog
from bson.errors import InvalidDocument
from eventsourcing.persistence import (
    AggregateRecorder,
    DataError,
    EventStore,
    IntegrityError,
    Mapper,
    Recording,
    StoredEvent,
)
from pydantic import ValidationError
from pymongo import ASCENDING, DESCENDING
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.eventstore import commits
from shared.eventstore.canonical import canonical_json
from shared.eventstore.commits import ReadStream
from shared.eventstore.failures import as_persistence_errors
from shared.kernel.aggregate import AggregateSnapshot
from shared.kernel.personal import personal_fields

log = structlog.get_logger(__name__)


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
            except InvalidDocument as error:
                raise DataError(f"The stored event cannot be recorded: {error}") from error

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
        topics: Sequence[str] = (),
    ) -> Sequence[StoredEvent]:
        condition: dict[str, Any] = {"o": str(originator_id)}
        if topics:
            condition["t"] = {"$in": list(topics)}
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


class SnapshotStore(EventStore[UUID]):
    """Snapshots of the classes of today; those of other versions, or damaged ones, are passed over.

    Raises `TypeError` for a class with personal fields: a snapshot is not sealed.
    """

    recorder: MongoDBAggregateRecorder

    def __init__(
        self,
        mapper: Mapper[UUID],
        recorder: MongoDBAggregateRecorder,
        classes: Iterable[type[AggregateSnapshot]],
    ) -> None:
        super().__init__(mapper, recorder)
        self._classes: Final = {each.TOPIC: each for each in classes}
        for each in self._classes.values():
            if personal_fields(each):
                raise TypeError(f"{each.__qualname__} would hold personal data in clear")

    def put(self, domain_events: Sequence[Any], **_: Any) -> list[Recording[UUID]]:
        self.recorder.insert_events([_stored(each) for each in domain_events])
        return []

    def get(
        self,
        originator_id: UUID,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Iterator[Any]:
        found = self.recorder.select_events(
            originator_id, gt=gt, lte=lte, desc=desc, limit=limit, topics=[*self._classes]
        )
        return (read for each in found if (read := self._read(each)) is not None)

    def _read(self, stored: StoredEvent) -> AggregateSnapshot | None:
        try:
            snapshot = self._classes[stored.topic].model_validate_json(stored.state)
        except ValidationError:
            snapshot = None
        place = (stored.originator_id, stored.originator_version)
        if snapshot and (snapshot.originator_id, snapshot.originator_version) == place:
            return snapshot
        log.warning("snapshot_unreadable", stream=str(place[0]), version=place[1])
        return None


def _stored(snapshot: AggregateSnapshot) -> StoredEvent:
    return StoredEvent(
        originator_id=snapshot.originator_id,
        originator_version=snapshot.originator_version,
        topic=snapshot.TOPIC,
        state=canonical_json(snapshot.model_dump(mode="json")),
    )
