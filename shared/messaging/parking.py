"""Messages that could not be dealt with, kept whole until an operator decides.

One document each in `{service}_views.parked`. It says what went wrong by type and code, never by
text: texts of errors may quote personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bson.binary import Binary
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.contracts.events import Envelope

COLLECTION = "parked"


@dataclass(frozen=True)
class Parked:
    """Either an `envelope`, or the raw message when there is none to be made out."""

    id: str
    publisher: str
    reason: Mapping[str, Any]
    parked_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    position: int | None = None
    type: str | None = None
    envelope: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] | None = None

    @classmethod
    def of_envelope(cls, envelope: Envelope, reason: Mapping[str, Any]) -> "Parked":
        return cls(
            id=f"{envelope.source}-{envelope.position}",
            publisher=envelope.source,
            reason=reason,
            position=envelope.position,
            type=envelope.type,
            envelope=envelope.model_dump(mode="json"),
        )


class Parking:
    """The parked messages of one service; durable before `park` returns."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection.with_options(
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern(w="majority", j=True, wtimeout=10_000),
        )

    def park(self, parked: Parked) -> None:
        """Keep it; parking the same again changes nothing."""
        document = asdict(parked)
        if parked.raw is not None:
            document["raw"] = {**parked.raw, "body": Binary(parked.raw["body"])}
        identity = document.pop("id")
        self._collection.update_one({"_id": identity}, {"$setOnInsert": document}, upsert=True)

    def list(self) -> Sequence[Parked]:
        """All of them in the order in which they should be replayed."""
        documents = self._collection.find({}).sort([("publisher", 1), ("position", 1)])
        return [_parked(document) for document in documents]

    def get(self, identity: str) -> Parked | None:
        document = self._collection.find_one({"_id": identity})
        return None if document is None else _parked(document)

    def remove(self, identity: str) -> None:
        self._collection.delete_one({"_id": identity})

    def count(self) -> int:
        return self._collection.count_documents({})


def _parked(document: dict[str, Any]) -> Parked:
    identity = document.pop("_id")
    return Parked(id=identity, **document)
