"""What of a recorded event is a leaf of its ledger's tree; the leaf's index is its position - 1.

The payload enters as its digest, so that a ciphertext can one day be dropped and the tree still
verifies. Personal fields are ciphertext in the payload already.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from eventsourcing.persistence import Notification

from shared.eventstore.canonical import canonical_json
from shared.eventstore.commits import Commit


def entry(ledger: str, commit: Commit, event: Notification) -> bytes:
    """Canonical JSON of the event and of the commit that recorded it, first to last position."""
    return canonical_json(
        {
            "ledger": ledger,
            "position": event.id,
            "stream": str(event.originator_id),
            "version": event.originator_version,
            "type": event.topic,
            "payload_sha256": sha256(event.state).hexdigest(),
            "commit": _told(commit),
        }
    )


def entries(ledger: str, commit: Commit) -> Iterator[bytes]:
    return (entry(ledger, commit, event) for event in commit.events)


def _told(commit: Commit) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": commit.commit_id,
        "first": commit.first,
        "last": commit.last,
        "at": commit.at.isoformat(timespec="milliseconds"),
        "meta": dict(commit.meta),
    }
    if commit.tracking:
        tracking = commit.tracking
        told["tracking"] = {
            "application": tracking.application_name,
            "position": tracking.notification_id,
        }
    return told
