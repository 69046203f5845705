"""What may be a snapshot."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pytest

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
