"""The commit document: one append, atomically, of one or more events.

`{_id: first position, last: last position, at: when recorded (UTC, ms), commit_id: str,
meta?: {...}, tracking?: {a: application, n: position},
e: [{o: stream, v: version, t: topic, d: payload}]}`; positions are Int64.

The part that an append knows before it is numbered (`commit_id`, `meta`, `tracking`, `e`) is
encoded once, by the appending thread; numbering only puts a fixed-size head before those bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import Any, Final
from uuid import UUID

import bson
from bson.errors import InvalidDocument
from bson.raw_bson import RawBSONDocument
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    Notification,
    StoredEvent,
    Tracking,
)

LIMIT: Final = 15 * 1024 * 1024
"""Bytes of one commit document. MongoDB takes 16 MiB, in which the insert command (or a change
event) that carries the document must fit too."""

ReadStream = Callable[[str], UUID | str]
"""From the recorded name of a stream to the application's type of aggregate id."""

_HEAD: Final = Struct("<i5sq6sq4sq")
_INT64, _DATETIME, _END = b"\x12", b"\x09", b"\x00"


@dataclass(frozen=True, slots=True)
class Commit:
    """What one append recorded. `events` carry their positions as `id`."""

    commit_id: str
    first: int
    last: int
    at: datetime
    meta: Mapping[str, Any]
    events: tuple[Notification, ...]
    tracking: Tracking | None

    @property
    def positions(self) -> range:
        return range(self.first, self.last + 1)


def event_document(event: StoredEvent) -> dict[str, Any]:
    """Payloads are text where they can be, so that a person can read them in a shell."""
    try:
        payload: str | bytes = event.state.decode()
    except UnicodeDecodeError:
        payload = event.state
    return {
        "o": str(event.originator_id),
        "v": event.originator_version,
        "t": event.topic,
        "d": payload,
    }


def payload_bytes(payload: str | bytes) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload


def encode_body(
    commit_id: str,
    events: Sequence[dict[str, Any]],
    meta: Mapping[str, Any] | None,
    tracking: Tracking | None,
) -> bytes:
    """The commit's elements that do not depend on its position, as BSON.

    Raises `IntegrityError` for two events with one stream and version (a unique multikey index
    compares documents with each other, not the entries of one), `DataError` for what cannot be
    recorded: not encodable, or over `LIMIT`.
    """
    if len({(event["o"], event["v"]) for event in events}) < len(events):
        raise IntegrityError("Two events of one append have the same stream and version")
    body: dict[str, Any] = {"commit_id": commit_id}
    if meta:
        body["meta"] = meta
    if tracking:
        body["tracking"] = {"a": tracking.application_name, "n": tracking.notification_id}
    body["e"] = events
    try:
        encoded = bson.encode(body)
    except (InvalidDocument, OverflowError) as error:
        raise DataError(f"The append cannot be recorded: {error}") from error
    size = len(encoded) + _HEAD.size
    if size > LIMIT:
        raise DataError(
            f"The append is {size:,} bytes, the limit of one commit is {LIMIT:,} bytes: "
            "record fewer or smaller events at once"
        )
    return encoded[4:-1]


def number(body: bytes, first: int, last: int, at: int) -> RawBSONDocument:
    """The whole commit document; `at` in milliseconds since 1970 (UTC)."""
    head = _HEAD.pack(
        _HEAD.size + len(body) + 1,
        _INT64 + b"_id\0",
        first,
        _INT64 + b"last\0",
        last,
        _DATETIME + b"at\0",
        at,
    )
    return RawBSONDocument(head + body + _END)


def decode(document: Mapping[str, Any], read_stream: ReadStream) -> Commit:
    tracking = document.get("tracking")
    return Commit(
        commit_id=document["commit_id"],
        first=int(document["_id"]),
        last=int(document["last"]),
        at=document["at"],
        meta=document.get("meta", {}),
        events=tuple(notifications(document, read_stream)),
        tracking=Tracking(tracking["a"], tracking["n"]) if tracking else None,
    )


def notifications(document: Mapping[str, Any], read_stream: ReadStream) -> list[Notification]:
    """The document's events with their positions."""
    return [
        Notification(
            originator_id=read_stream(event["o"]),
            originator_version=event["v"],
            topic=event["t"],
            state=payload_bytes(event["d"]),
            id=position,
        )
        for position, event in enumerate(document["e"], int(document["_id"]))
    ]
