"""Read models in MongoDB, each written by one projection, exactly once per event.

A projection's writes and its position are one transaction, so a follower that dies at any moment
neither loses an event nor applies one twice; counters are safe. The position advances only from the
value the batch was read at, so of two followers that believe they are active only one can go on.

`projections`: `{_id: name, n: position, version, live: true, session, swap?: {to: position|null}}`,
and `{_id: "fresh.NAME", n, live: false, …}` while a projection is made anew (`rebuild`). `session` is
the database session that writes: MongoDB keeps the transaction of a killed process, and its locks,
for a minute, so whoever follows a process ends its session first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pymongo
from bson import Int64
from pymongo import IndexModel
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.database import Database
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern
from pymongo.results import BulkWriteResult, DeleteResult, InsertManyResult, UpdateResult
from pymongo.write_concern import WriteConcern

from shared.messaging.publication import Recorded
from shared.runtime.history import History

T = TypeVar("T")
Document = dict[str, Any]
Views = Database[Document]
"""A service's database of read models, as `shared.eventstore.connection.durable` gives it."""

PROJECTIONS: Final = "projections"
LIVE: Final = ""
FRESH: Final = "fresh."
"""Prefix of what is made anew, until it takes the place of what is live."""
NAMESPACE_EXISTS: Final = 48
QUERY_PLAN_KILLED: Final = 175
SNAPSHOT_UNAVAILABLE: Final = 246
REPEATS: Final = 5
BATCH_SECONDS: Final = 30.0
READ_SECONDS: Final = 5.0
FIRST_LOOK_SECONDS: Final = 0.01
LAST_LOOK_SECONDS: Final = 0.1


class Superseded(Exception):
    """Another follower advanced the projection, or it is being swapped: nothing was written."""


@dataclass(frozen=True)
class Projection:
    """Own events → read models. `project` writes what a batch of whole commits changes.

    `collections` are all that it writes, with their indexes, and nobody else writes them. `project`
    is deterministic (no clock, no chance), because read models made anew are compared with the live
    ones. Raise `version` when the documents change shape: followers then make them anew at start.
    Read models hold sealed boxes, never personal data in clear.
    """

    name: str
    collections: Mapping[str, Sequence[IndexModel]]
    project: Callable[[Sequence[Recorded], "Writer"], None]
    version: int = 1


class Written:
    """One collection inside the transaction of a batch; the methods are pymongo's."""

    def __init__(self, collection: Collection[Document], session: ClientSession) -> None:
        self._collection = collection
        self._session = session

    def find_one(self, condition: Document, **options: Any) -> Document | None:
        return self._collection.find_one(condition, session=self._session, **options)

    def find(self, condition: Document, **options: Any) -> Cursor[Document]:
        return self._collection.find(condition, session=self._session, **options)

    def insert_many(self, documents: Sequence[Document]) -> InsertManyResult:
        return self._collection.insert_many(documents, session=self._session)

    def replace_one(self, condition: Document, document: Document) -> UpdateResult:
        """Insert the document where there is none."""
        return self._collection.replace_one(condition, document, upsert=True, session=self._session)

    def update_one(self, condition: Document, change: Any, **options: Any) -> UpdateResult:
        return self._collection.update_one(condition, change, session=self._session, **options)

    def update_many(self, condition: Document, change: Any, **options: Any) -> UpdateResult:
        return self._collection.update_many(condition, change, session=self._session, **options)

    def delete_many(self, condition: Document) -> DeleteResult:
        return self._collection.delete_many(condition, session=self._session)

    def bulk_write(self, requests: Sequence[Any]) -> BulkWriteResult:
        """In order; one round trip for a whole batch."""
        return self._collection.bulk_write(requests, session=self._session)


class Writer:
    """The collections of a projection by their declared names."""

    def __init__(
        self, collections: Mapping[str, Collection[Document]], session: ClientSession
    ) -> None:
        self._collections = collections
        self._session = session

    def __getitem__(self, name: str) -> Written:
        """Raises `KeyError` for a collection that the projection did not declare."""
        return Written(self._collections[name], self._session)


class Projector:
    """Applies a projection to its live collections, or to fresh ones beside them."""

    def __init__(self, projection: Projection, views: Views, prefix: str = LIVE) -> None:
        self.projection = projection
        self.collections = {name: views[prefix + name] for name in projection.collections}
        self._views = views
        self._key = prefix + projection.name
        self._live = prefix == LIVE
        self._positions = views[PROJECTIONS]
        self._session = views.client.start_session()

    def prepare(self) -> None:
        """Create what is missing: collections (a transaction should not), indexes, position.

        Ends what another process has under way on this projection.
        """
        self._end_session_before()
        existing = set(self._views.list_collection_names())
        for name, indexes in self.projection.collections.items():
            collection = self.collections[name]
            if collection.name not in existing:
                _create(self._views, collection.name)
            if indexes:
                collection.create_indexes(list(indexes))
        first = {"n": Int64(0), "version": self.projection.version, "live": self._live}
        own = {"session": self._session.session_id["id"]}
        self._positions.update_one(
            {"_id": self._key}, {"$setOnInsert": first, "$set": own}, upsert=True
        )

    def drop(self) -> None:
        """Remove collections and position."""
        self._end_session_before()
        for collection in self.collections.values():
            collection.drop()
        self._positions.delete_one({"_id": self._key})

    def state(self) -> Document:
        """The projection's document in `projections`; call `prepare` first."""
        with pymongo.timeout(READ_SECONDS):
            found = self._positions.find_one({"_id": self._key})
        if found is None:
            raise Superseded(f"{self._key} was removed")
        return found

    def advance(self, history: History, after: int, until: int | None = None) -> int:
        """Apply the batch after a position; the position then reached, `after` when nothing is new.

        Stops before the first event after `until`, which must be the end of a commit. Raises
        `Superseded` when `after` is not (or no longer) the projection's position, and what
        `project` raises; either way nothing was written.
        """
        batch = history.batch(after)
        if until is not None:
            batch = [recorded for recorded in batch if recorded.position <= until]
        if not batch:
            return after
        last = batch[-1].position

        def write(session: ClientSession) -> None:
            moved = self._positions.update_one(
                {"_id": self._key, "n": after, "swap": None},
                {"$set": {"n": Int64(last)}},
                session=session,
            )
            if moved.modified_count == 0:
                raise Superseded(f"{self._key} is not at {after}, or is being swapped")
            self.projection.project(batch, Writer(self.collections, session))

        with pymongo.timeout(BATCH_SECONDS):
            self._session.with_transaction(
                write,
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority", j=True),
            )
        return last

    def _end_session_before(self) -> None:
        before = self._positions.find_one({"_id": self._key}, {"session": 1}) or {}
        if before.get("session") not in (None, self._session.session_id["id"]):
            self._views.client.admin.command("killSessions", [{"id": before["session"]}])


def _create(views: Views, name: str) -> None:
    try:
        views.create_collection(name, check_exists=False)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:  # another process was faster
            raise


def reading(read: Callable[[], T]) -> T:
    """What `read` returns, also when a rebuild swaps what it reads.

    MongoDB ends the reads under way on a collection that is renamed or dropped, and cannot read it
    as it was before either, so the whole is read again; more than once, because a swap renames one
    collection after the other.
    """
    for _ in range(REPEATS):
        try:
            return read()
        except OperationFailure as error:
            if error.code not in (QUERY_PLAN_KILLED, SNAPSHOT_UNAVAILABLE):
                raise
    return read()


class Positions:
    """How far the read models are, for those who read what they have just written."""

    def __init__(self, views: Views) -> None:
        self._positions = views[PROJECTIONS]
        self._seen = 0

    def reached(self) -> int:
        """The position that every projection has reached; 0 when there is none."""
        with pymongo.timeout(READ_SECONDS):
            found = [
                int(document["n"]) for document in self._positions.find({"live": True}, {"n": 1})
            ]
        self._seen = max(self._seen, min(found, default=0))
        return self._seen

    def wait_for(self, position: int, timeout: float) -> bool:
        """Whether the read models include the position, waiting at most `timeout` seconds for it."""
        end = time.monotonic() + timeout
        pause = FIRST_LOOK_SECONDS
        while self._seen < position and self.reached() < position:
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, LAST_LOOK_SECONDS)
        return True
