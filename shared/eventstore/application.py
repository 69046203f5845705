"""What the services' applications are built on: load, decide, record."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

import structlog
from eventsourcing.application import (
    AggregateNotFoundError,
    Application,
    ProcessingEvent,
    Repository,
)
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    EventStore,
    IntegrityError,
    Notification,
    PersistenceError,
    Recording,
    Tracking,
)
from eventsourcing.utils import EnvType

from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.eventstore.canonical import canonical_json
from shared.eventstore.mapper import LedgerMapper
from shared.eventstore.mongodb import MongoDBFactory
from shared.eventstore.recorders import MongoDBProcessRecorder
from shared.eventstore.schema import SNAPSHOTS
from shared.eventstore.snapshots import MongoDBAggregateRecorder, SnapshotStore
from shared.eventstore.tombstones import reapply
from shared.eventstore.vault import BlindIndex, SubjectErased, Vault
from shared.kernel.aggregate import Aggregate
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.kernel.provenance import Provenance

log = structlog.get_logger(__name__)
AggregateT = TypeVar("AggregateT", bound=Aggregate)

_DECIDE_SECONDS: Final = 3.0
"""How long a decision is made again because others were faster; less than a caller waits."""
_LONGEST_PAUSE: Final = 0.2


class SealingStore(EventStore[UUID]):
    """Maps all events of a commit at once, so that sealing costs the same calls for many events."""

    mapper: LedgerMapper

    def put(
        self, domain_events: Sequence[DomainEventProtocol[UUID]], **kwargs: Any
    ) -> list[Recording[UUID]]:
        stored = self.mapper.to_stored_events(domain_events)
        positions = self.recorder.insert_events(stored, **kwargs) or ()
        return [
            Recording(event, Notification(**vars(recorded), id=position))
            for event, recorded, position in zip(domain_events, stored, positions, strict=True)
        ]


class LedgerApplication(Application[UUID]):
    """One service's application on its ledger.

    A subclass sets `name`: the name of the ledger, for ever, because each sealed box is bound to
    it. The environment gives `MONGODB_URI` and `MONGODB_DATABASE`, with or without the name as a
    prefix. Aggregates are not cached: a cache would remember people after their erasure. None is made
    before the vault has a tombstone for every erasure that the ledger knows (`tombstones.reapply`).

    `snapshotting_intervals` are the aggregates whose history grows long: after that many events
    since the last snapshot that was read, a command leaves a new one.
    """

    snapshotting_intervals: ClassVar[dict[type[Aggregate], int]] = {}  # type: ignore[assignment]
    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": MongoDBFactory.__module__}
    recorder: MongoDBProcessRecorder
    mapper: LedgerMapper

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "name" not in cls.__dict__:
            raise TypeError(f"{cls.__qualname__} must state the name of its ledger")
        super().__init_subclass__(**kwargs)

    def __init__(
        self, env: EnvType | None = None, *, vault: Vault | None, index: BlindIndex
    ) -> None:
        self._vault = vault
        self._index = index
        super().__init__(env)
        if vault is not None:
            reapply(self.name, self.recorder.ledger, self.mapper, vault)

    def construct_mapper(self) -> LedgerMapper:
        return LedgerMapper(self.name, self._vault)

    def construct_recorder(self) -> MongoDBProcessRecorder:
        recorder = self.factory.process_recorder()
        if not isinstance(recorder, MongoDBProcessRecorder):
            raise TypeError(f"PERSISTENCE_MODULE must be {MongoDBFactory.__module__}")
        return recorder

    def construct_event_store(self) -> SealingStore:
        return SealingStore(self.mapper, self.recorder)

    def construct_repository(self) -> Repository[UUID]:
        return Repository(self.events, snapshot_store=self.snapshots)

    def construct_snapshot_store(self) -> SnapshotStore:
        recorder = self.factory.aggregate_recorder(SNAPSHOTS)
        if not isinstance(recorder, MongoDBAggregateRecorder):
            raise TypeError(f"PERSISTENCE_MODULE must be {MongoDBFactory.__module__}")
        classes = [each.Snapshot for each in self.snapshotting_intervals]
        return SnapshotStore(self.mapper, recorder, classes)

    def load(
        self,
        aggregate_class: type[AggregateT],
        aggregate_id: UUID,
        expected_version: int | None = None,
    ) -> AggregateT:
        """The aggregate as it is now.

        Refused as `not_found`, and as `stale_version` when the caller decided on another version.
        """
        try:
            aggregate: Aggregate = self.repository.get(aggregate_id)
        except AggregateNotFoundError:
            raise Rejected("not_found", {"id": str(aggregate_id)}) from None
        if not isinstance(aggregate, aggregate_class):
            raise Rejected("not_found", {"id": str(aggregate_id)})
        if expected_version not in (None, aggregate.version):
            raise Rejected("stale_version", {"id": str(aggregate_id), "current": aggregate.version})
        return aggregate

    def find(self, aggregate_class: type[AggregateT], aggregate_id: UUID) -> AggregateT | None:
        """The aggregate as it is now; None when there is none of that class."""
        try:
            return self.load(aggregate_class, aggregate_id)
        except Rejected:
            return None

    def load_many(
        self, aggregate_class: type[AggregateT], aggregate_ids: Iterable[UUID]
    ) -> dict[UUID, AggregateT]:
        """Several aggregates as they are now, in the order asked for, with one look-up.

        Refused as `not_found` when one of them is not there.
        """
        wanted = list(dict.fromkeys(aggregate_ids))
        known = self.find_many(wanted)
        found: dict[UUID, AggregateT] = {}
        for aggregate_id in wanted:
            aggregate = known.get(aggregate_id)
            if not isinstance(aggregate, aggregate_class):
                raise Rejected("not_found", {"id": str(aggregate_id)})
            found[aggregate_id] = aggregate
        return found

    def find_many(self, aggregate_ids: Iterable[UUID]) -> dict[UUID, Aggregate]:
        """Those that are there, of whatever class, as they are now, with one look-up."""
        evolved: dict[UUID, Aggregate] = {}
        stored = self.recorder.ledger.events_of_many(aggregate_ids)
        for event in self.mapper.to_domain_events(stored):
            evolved[event.originator_id] = event.mutate(evolved.get(event.originator_id))
        return evolved

    def as_of(self, aggregate_id: UUID, version: int) -> Any:
        """The aggregate as it was at a version."""
        return self.repository.get(aggregate_id, version=version)

    def record(
        self, *aggregates: Aggregate, provenance: Provenance, tracking: Tracking | None = None
    ) -> Receipt | None:
        """Record the pending events of all aggregates in one commit.

        The receipt speaks of the aggregate with the first event. A command that was recorded
        before, even a moment ago by another process, gets its first receipt again. Without a
        pending event there is no commit and no receipt (`None`), but `tracking` is kept.

        Refused as `version_conflict` when another command was faster, as `command_reused` when the
        id was used for another command, as `subject_erased` when personal data of a forgotten
        subject was to be recorded. A service asks `receipt_of` before it decides, so that a command
        that comes again is not judged anew. `IntegrityError`: `tracking` was recorded before, so its effect
        is there. `OperationalError`: the outcome is unknown; the same command may come again.
        """
        processing: ProcessingEvent[UUID] = ProcessingEvent(tracking)
        processing.collect_events(
            *aggregates,
            commit_id=str(provenance.command_id),
            meta=provenance.model_dump(mode="json", exclude_none=True),
        )
        try:
            recordings = self._record(processing)
        except SubjectErased as erased:
            raise Rejected(
                "subject_erased",
                {"id": str(erased.subject), "data_class": erased.data_class.value},
            ) from None
        except IntegrityError:
            if receipt := self.receipt_of(provenance.command_id, provenance.digest):
                return receipt
            if tracking and self._is_tracked(tracking):
                raise
            first = processing.events[0]
            raise Rejected(
                "version_conflict",
                {"id": str(first.originator_id), "expected": first.originator_version - 1},
            ) from None
        self._spare_replays(aggregates)
        recorded = [recording.notification for recording in recordings]
        return _receipt(provenance.command_id, recorded) if recorded else None

    def commit(
        self, act: Act, *aggregates: Aggregate, source_document: str | None = None
    ) -> Receipt:
        """Record what an act led to; refused as `nothing_changed` when it led to nothing."""
        provenance = act.provenance
        if source_document is not None:
            provenance = provenance.model_copy(update={"source_document": source_document})
        receipt = self.record(*aggregates, provenance=provenance)
        if receipt is None:
            raise Rejected("nothing_changed")
        return receipt

    def save(self, *_objs: Any, **_kwargs: Any) -> list[Recording[UUID]]:
        """Refused: a commit says who made it and why."""
        raise TypeError("Use record(…, provenance=…)")

    def once(self, act: Act, decide: Callable[[], Receipt]) -> Receipt:
        """Judge and record a command, unless it was recorded before: then its receipt of then.

        When another command was faster, the decision is made again on what is true now, after a
        random pause, so that of many at once in every round at least one gets through.
        """
        deadline = time.monotonic() + _DECIDE_SECONDS
        pause = 0.005
        while True:
            if receipt := self.receipt_of(act.provenance.command_id, act.provenance.digest):
                return receipt
            try:
                return decide()
            except Rejected as refusal:
                if refusal.code != "version_conflict" or time.monotonic() >= deadline:
                    raise
            time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads load, hides nothing
            pause = min(pause * 2, _LONGEST_PAUSE)

    def receipt_of(self, command_id: UUID, digest: str | None) -> Receipt | None:
        """The receipt of a command that was recorded before, from its commit.

        Refused as `command_reused` when it was another command (its digest differs).
        """
        commit = self.recorder.find_commit(str(command_id))
        if commit is None:
            return None
        if commit.meta.get("digest") != digest:
            raise Rejected("command_reused", {"command_id": str(command_id)})
        return _receipt(command_id, commit.events, repeated=True)

    def forget(
        self, subject: UUID, data_classes: Collection[DataClass], *, basis: str, approved_by: str
    ) -> None:
        """Destroy keys for good, as `Vault.erase` does and with what it raises."""
        if self._vault is None:
            raise TypeError(f"The application {self.name} was given no vault to erase from")
        self._vault.erase(subject, data_classes, basis=basis, approved_by=approved_by)

    def digest_of(self, command: str, payload: Mapping[str, Any]) -> str:
        """Keyed digest of a command's JSON, by which a reused command id is recognised."""
        return self._index.digest("command", canonical_json([command, payload]).decode())

    def _spare_replays(self, aggregates: Iterable[Aggregate]) -> None:
        """A snapshot of each aggregate whose history since the last one was long. What prevents it
        prevents nothing else: the events are recorded, and the next command tries again.
        """
        for aggregate in aggregates:
            interval = self.snapshotting_intervals.get(type(aggregate))
            if self.snapshots is None or interval is None:
                continue
            if aggregate.version - aggregate.restored_at < interval:
                continue
            try:
                self.snapshots.put([type(aggregate).Snapshot.take(aggregate)])
            except PersistenceError as error:
                log.warning("snapshot_not_taken", stream=str(aggregate.id), error=str(error))
            else:
                aggregate.restored_at = aggregate.version

    def _is_tracked(self, tracking: Tracking) -> bool:
        last = self.recorder.max_tracking_id(tracking.application_name)
        return last is not None and tracking.notification_id <= last


def _receipt(
    command_id: UUID, events: Sequence[Notification], *, repeated: bool = False
) -> Receipt:
    about = events[0].originator_id
    return Receipt(
        command_id=command_id,
        position=events[-1].id,
        id=about,
        version=max(e.originator_version for e in events if e.originator_id == about),
        repeated=repeated,
    )
