"""Lists in order of the last change, so that `changed_since` and the cursor are one thing.

The place of a document in such a list is its `position` and, as one event may concern several
documents, its `_id`.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection

from shared.kernel.errors import Rejected
from shared.runtime.views import Document

LAST_ID: Final = "~"
"""Sorts after every id."""
ORDER: Final = [("position", ASCENDING), ("_id", ASCENDING)]
BY_CHANGE: Final = IndexModel(ORDER)


@dataclass(frozen=True)
class Place:
    """Where a page begins: after this document."""

    position: int
    id: str

    @classmethod
    def of(cls, cursor: str | None, changed_since: int | None) -> Self:
        """The cursor, where there is one. Raises `Rejected("cursor_invalid")`."""
        if cursor is None:
            return cls(changed_since or 0, LAST_ID)
        try:
            position, _, identity = urlsafe_b64decode(cursor.encode()).decode().partition("/")
            return cls(int(position), str(UUID(identity)))
        except ValueError:
            raise Rejected("cursor_invalid", pointer="/cursor") from None

    def find(
        self, collection: Collection[Document], condition: Mapping[str, Any], limit: int
    ) -> list[Document]:
        """The next documents, one more than `limit` when there are more."""
        beyond = {
            "$or": [
                {"position": {"$gt": self.position}},
                {"position": self.position, "_id": {"$gt": self.id}},
            ]
        }
        return list(
            collection.find({"$and": [dict(condition), beyond]}).sort(ORDER).limit(limit + 1)
        )

    def end(self, found: Sequence[Document], shown: int) -> tuple[str | None, int]:
        """The cursor after the documents shown, None when those were all; and the last position."""
        if not shown:
            return None, self.position
        last = found[shown - 1]
        cursor = urlsafe_b64encode(f"{last['position']}/{last['_id']}".encode()).decode()
        return (cursor if len(found) > shown else None), last["position"]
