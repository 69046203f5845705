"""How far each projection has come, stored together with the views it writes."""

from collections.abc import Callable
from typing import Any

import pymongo
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.eventstore import schema
from shared.eventstore.failures import as_persistence_errors


class MongoDBTrackingRecorder(TrackingRecorder):
    """One document per projection and application: `{_id: {projection, application}, n}`.

    A view derives from it and writes its documents inside `record`.
    """

    def __init__(self, database: Database[dict[str, Any]], projection: str, timeout: float) -> None:
        self.database = database
        self._positions = database[schema.POSITIONS]
        self._projection = projection
        self._timeout = timeout

    def record(
        self, tracking: Tracking, write: Callable[[ClientSession], None] = lambda _: None
    ) -> None:
        """Write and advance the position in one transaction, or neither.

        `write` must use the session for all it does, and may be called again. Raises
        `IntegrityError` when the position is not after the last one.
        """

        def advance(session: ClientSession) -> None:
            self._advance(tracking, session)
            write(session)

        with (
            as_persistence_errors(),
            pymongo.timeout(self._timeout),
            self.database.client.start_session() as session,
        ):
            session.with_transaction(advance)

    def insert_tracking(self, tracking: Tracking) -> None:
        self.record(tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        with as_persistence_errors():
            position = self._positions.find_one({"_id": self._id(application_name)})
        return int(position["n"]) if position else None

    def _advance(self, tracking: Tracking, session: ClientSession) -> None:
        name, position = tracking.application_name, tracking.notification_id
        try:
            self._positions.update_one(
                {"_id": self._id(name), "n": {"$lt": position}},
                {"$set": {"n": position}},
                upsert=True,
                session=session,
            )
        except DuplicateKeyError as error:
            raise IntegrityError(
                f"{self._projection} has come to position {position} of {name} or further"
            ) from error

    def _id(self, application_name: str) -> dict[str, str]:
        return {"projection": self._projection, "application": application_name}
