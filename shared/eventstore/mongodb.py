"""Persistence module for the `eventsourcing` library: `PERSISTENCE_MODULE=shared.eventstore.mongodb`.

Environment (each key may carry the application's name as a prefix, `REGISTRY_MONGODB_DATABASE`):

- `MONGODB_URI`, `MONGODB_DATABASE`: the replica set and the ledger's (or the views') database
- `MONGODB_TIMEOUT`: seconds after which an append gives up, 20 by default
- `ORIGINATOR_ID_TYPE`: `uuid` (default) or `text`
- `CREATE_TABLE`: `yes` creates collections and indexes, which provisioning does otherwise
"""

from functools import cached_property
from uuid import UUID

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from shared.eventstore import schema
from shared.eventstore.commits import ReadStream
from shared.eventstore.connection import Settings, connect, durable
from shared.eventstore.ledger import Ledger
from shared.eventstore.positions import MongoDBTrackingRecorder
from shared.eventstore.recorders import MongoDBApplicationRecorder, MongoDBProcessRecorder
from shared.eventstore.snapshots import MongoDBAggregateRecorder

__all__ = ["MongoDBFactory"]


class MongoDBFactory(InfrastructureFactory[MongoDBTrackingRecorder]):
    """Builds the recorders of one application; all of them share one client and one ledger."""

    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._settings = Settings.from_env(self.env)
        self._read_stream = self._read_stream_of(self.env.get(self.ORIGINATOR_ID_TYPE, "uuid"))
        self._client = connect(self._settings.uri)
        self._database = durable(self._client, self._settings.database)

    @cached_property
    def ledger(self) -> Ledger:
        if self._creates():
            schema.create_ledger(self._database)
        return Ledger(self._database, self._read_stream, self._settings.timeout)

    def aggregate_recorder(self, purpose: str = "events") -> MongoDBAggregateRecorder:
        if self._creates():
            schema.create_stream_collection(self._database, purpose)
        return MongoDBAggregateRecorder(
            self._database, purpose, self._read_stream, self._settings.timeout
        )

    def application_recorder(self) -> MongoDBApplicationRecorder:
        topic = self.env.get(self.APPLICATION_RECORDER_TOPIC)
        recorder: type[MongoDBApplicationRecorder] = (
            resolve_topic(topic) if topic else MongoDBApplicationRecorder
        )
        return recorder(self.ledger)

    def process_recorder(self) -> MongoDBProcessRecorder:
        topic = self.env.get(self.PROCESS_RECORDER_TOPIC)
        recorder: type[MongoDBProcessRecorder] = (
            resolve_topic(topic) if topic else MongoDBProcessRecorder
        )
        return recorder(self.ledger)

    def tracking_recorder(
        self, tracking_recorder_class: type[MongoDBTrackingRecorder] | None = None
    ) -> MongoDBTrackingRecorder:
        if self._creates():
            schema.create_views(self._database)
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        recorder: type[MongoDBTrackingRecorder] = tracking_recorder_class or (
            resolve_topic(topic) if topic else MongoDBTrackingRecorder
        )
        return recorder(self._database, self.env.name, self._settings.timeout)

    def close(self) -> None:
        self._client.close()

    def _creates(self) -> bool:
        return strtobool(self.env.get(self.CREATE_TABLE, "no"))

    @staticmethod
    def _read_stream_of(id_type: str) -> ReadStream:
        types: dict[str, ReadStream] = {"uuid": UUID, "text": str}
        if id_type not in types:
            raise OSError(f"ORIGINATOR_ID_TYPE: expected uuid or text, got {id_type!r}")
        return types[id_type]
