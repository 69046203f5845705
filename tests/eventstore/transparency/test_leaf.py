"""What a leaf tells of an event: everything that was recorded, the payload as its digest."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from eventsourcing.persistence import Notification, Tracking

from shared.eventstore.commits import Commit
from shared.eventstore.transparency.leaf import entries

STREAM = UUID("6f1d5c1e-6f0e-4a55-8f0c-0a1d3f6f9b10")
EVENT = Notification(STREAM, 3, "registry.Participant.Admitted", b'{"occurred_on":"2026-02-01"}', 7)
COMMIT = Commit(
    commit_id="c-1",
    first=7,
    last=7,
    at=datetime(2026, 2, 1, 9, 30, 0, 125000, tzinfo=UTC),
    meta={"actor": "coordinator-1", "role": "coordinator"},
    events=(EVENT,),
    tracking=Tracking("training", 12),
)


def test_a_leaf_is_canonical_json() -> None:
    (leaf,) = entries("registry", COMMIT)
    assert json.loads(leaf) == {
        "ledger": "registry",
        "position": 7,
        "stream": str(STREAM),
        "version": 3,
        "type": EVENT.topic,
        "payload_sha256": sha256(EVENT.state).hexdigest(),
        "commit": {
            "id": "c-1",
            "first": 7,
            "last": 7,
            "at": "2026-02-01T09:30:00.125+00:00",
            "meta": {"actor": "coordinator-1", "role": "coordinator"},
            "tracking": {"application": "training", "position": 12},
        },
    }
    assert leaf == json.dumps(json.loads(leaf), sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "changed",
    [
        replace(COMMIT, commit_id="c-2"),
        replace(COMMIT, last=8),
        replace(COMMIT, at=datetime(2026, 2, 1, 9, 30, 0, 126000, tzinfo=UTC)),
        replace(COMMIT, meta={**COMMIT.meta, "role": "operator"}),
        replace(COMMIT, tracking=Tracking("training", 13)),
        replace(COMMIT, tracking=None),
        replace(COMMIT, events=(Notification(STREAM, 4, EVENT.topic, EVENT.state, 7),)),
        replace(COMMIT, events=(Notification(STREAM, 3, "other", EVENT.state, 7),)),
        replace(COMMIT, events=(Notification(STREAM, 3, EVENT.topic, b"{}", 7),)),
        replace(COMMIT, events=(Notification(UUID(int=0), 3, EVENT.topic, EVENT.state, 7),)),
    ],
)
def test_any_change_of_what_was_recorded_changes_the_leaf(changed: Commit) -> None:
    assert list(entries("registry", changed)) != list(entries("registry", COMMIT))
    assert list(entries("kasa", COMMIT)) != list(entries("registry", COMMIT))
