"""What may be a snapshot, and what is too large for one."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import DataError, StoredEvent
from pymongo.database import Database

from shared.eventstore.connection import durable
from shared.eventstore.mapper import LedgerMapper
from shared.eventstore.snapshots import MongoDBAggregateRecorder, SnapshotStore
from shared.kernel.aggregate import AggregateSnapshot
from shared.kernel.personal import Identity


class Named(AggregateSnapshot):
    TOPIC: ClassVar[str] = "tests.Named.Snapshot.v1"
    name: Identity[str]

    @classmethod
    def state_of(cls, aggregate: Any) -> Mapping[str, Any]:
        return {"name": aggregate.name}

    def restore(self, aggregate: Any) -> None:
        aggregate.name = self.name


def test_personal_data_never_stands_in_a_snapshot() -> None:
    recorder = cast("MongoDBAggregateRecorder", None)
    with pytest.raises(TypeError, match="Named would hold personal data in clear"):
        SnapshotStore(LedgerMapper("tests", vault=None), recorder, [Named])


def test_what_is_too_large_is_refused_as_the_library_refuses(
    database: Database[dict[str, Any]],
) -> None:
    recorder = MongoDBAggregateRecorder(
        durable(database.client, database.name), "snapshots", UUID, timeout=20.0
    )
    large = StoredEvent(uuid4(), 1, Named.TOPIC, b"x" * 17_000_000)
    with pytest.raises(DataError, match="too large"):
        recorder.insert_events([large])
    assert list(recorder.select_events(large.originator_id)) == []
