"""The relay's cursor in the service's views."""

from typing import Any

from pymongo.database import Database

from shared.messaging.relay import Cursor

COLLECTION = "relay"


class MongoCursors:
    """One document: `{_id: service, position, public}`."""

    def __init__(self, views: Database[dict[str, Any]], service: str) -> None:
        self._collection = views[COLLECTION]
        self._service = service

    def load(self) -> Cursor:
        document = self._collection.find_one({"_id": self._service})
        if document is None:
            return Cursor()
        return Cursor(document["position"], document["public"])

    def save(self, cursor: Cursor) -> None:
        self._collection.replace_one(
            {"_id": self._service},
            {"position": cursor.position, "public": cursor.public},
            upsert=True,
        )
