"""Ordered erasures, carried out behind a fence and taken up again wherever they were interrupted.

Of each: tombstones, then keys, then this process's cache (`Vault.erase`); then what people are found
by, and the files that hold whole records; then the fact itself is recorded, which tells the other
services. Every step may be repeated. The certificate follows once all of them have said that they
forgot, and not before the last key cached anywhere has gone.
"""

import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog
from prometheus_client import Gauge

from services.registry.application import Registry
from services.registry.domain.erasure import Retention, retention_id
from services.registry.domain.participant import Participant
from services.registry.domain.search import keys_of, merge_key
from shared.contracts.registry.vocabulary import ErasureState
from shared.eventstore.vault import Lookup, Term
from shared.eventstore.vault.vault import LONGEST_TTL
from shared.kernel.personal import DataClass
from shared.kernel.provenance import Provenance
from shared.runtime.files import FileStore
from shared.runtime.jobs import JOBS
from shared.runtime.views import Views

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
FORGOTTEN: Final = timedelta(seconds=LONGEST_TTL)
"""After this no process has a destroyed key in memory."""
UNDER_WAY: Final = [ErasureState.ORDERED.value, ErasureState.EXECUTED.value]
INDEXED: Final = frozenset({DataClass.IDENTITY, DataClass.MONITORING})
UNFINISHED = Gauge("registry_erasures_unfinished", "Ordered and not yet certified")


def _utc() -> datetime:
    return datetime.now(UTC)


class Erasing:
    """One at a time, under the lease of the follower."""

    def __init__(
        self,
        registry: Registry,
        lookup: Lookup,
        views: Views,
        files: FileStore,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        self._registry = registry
        self._lookup = lookup
        self._views = views
        self._files = files
        self._now = now

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what kept an erasure from being finished, after the others."""
        while not stop.is_set():
            self.advance()
            wake.wait(LOOK_SECONDS)
            wake.clear()

    def advance(self) -> None:
        """Take every erasure as far as it can go now."""
        found = self._views["retentions"].find({"state": {"$in": UNDER_WAY}}, {"_id": 1})
        under_way = [UUID(each["_id"]) for each in found.sort("position")]
        UNFINISHED.set(len(under_way))
        failed: Exception | None = None
        for participant_id in under_way:
            try:
                self._advance(participant_id)
            except Exception as error:  # a partial erasure is none: it is tried again, and seen
                log.exception("erasure_unfinished", participant_id=str(participant_id))
                failed = error
        if failed is not None:
            raise failed

    def _advance(self, participant_id: UUID) -> None:
        retention = self._registry.load(Retention, retention_id(participant_id))
        if retention.state is ErasureState.ORDERED:
            self._execute(retention)
        elif not retention.awaited and self._forgotten(retention):
            self._certify(retention)

    def _forgotten(self, retention: Retention) -> bool:
        """Whether the last key cached anywhere has gone."""
        at = retention.destroyed_at
        return at is not None and self._now() >= at + FORGOTTEN

    def _execute(self, retention: Retention) -> None:
        request, order = retention.request, retention.order
        if request is None or order is None:
            return
        self._destroy(order.records, order.data_classes, request.ground, order.approved_by)
        cases = self._forget_cases(order, request.ground)
        self._purge(order)
        retention.note_destroyed(cases, self._now(), self._registry.today())
        self._registry.record(
            retention, provenance=_provenance(order.erasure_id, "execute_erasure")
        )
        log.info("erasure_executed", erasure_id=str(order.erasure_id))

    def _certify(self, retention: Retention) -> None:
        """What was found by or told of a record in the meantime goes first."""
        request, order = retention.request, retention.order
        if request is None or order is None:
            return
        self._forget_cases(order, request.ground)
        self._purge(order)
        retention.certify(self._registry.today())
        self._registry.record(
            retention, provenance=_provenance(order.erasure_id, "certify_erasure")
        )
        log.info("erasure_certified", erasure_id=str(order.erasure_id))

    def _destroy(
        self,
        subjects: Collection[UUID],
        data_classes: Collection[DataClass],
        basis: str,
        approved_by: str,
    ) -> None:
        for subject in subjects:
            self._registry.forget(subject, data_classes, basis=basis, approved_by=approved_by)

    def _forget_cases(self, order: Retention.ErasureOrdered, basis: str) -> list[UUID]:
        """What was written about two records when they were compared is sealed by itself."""
        if DataClass.SPECIAL not in order.data_classes:
            return []
        names = [str(record) for record in order.records]
        found = self._views["duplicates"].find(
            {"$or": [{"first": {"$in": names}}, {"second": {"$in": names}}]}, {"_id": 1}
        )
        cases = sorted(UUID(each["_id"]) for each in found)
        self._destroy(cases, [DataClass.SPECIAL], basis, order.approved_by)
        return cases

    def _purge(self, order: Retention.ErasureOrdered) -> None:
        if not INDEXED & set(order.data_classes):
            return
        for record in self._registry.load_many(Participant, order.records).values():
            self._lookup.remove(record.id)
            keys = set() if DataClass.IDENTITY in order.data_classes else set(keys_of(record))
            if record.merged_into is not None:
                keys.add(merge_key(record.merged_into))
            self._lookup.add_many({record.id: [Term(*key) for key in keys]})
            self._purge_files(record.partner)

    def _purge_files(self, partner: str) -> None:
        """A partner's imports hold whole records; once recorded they are copies."""
        ended = {
            "kind": "import",
            "input.request.partner": partner,
            "state": {"$in": ["done", "failed"]},
        }
        for job in self._views[JOBS].find(ended, {"input": 1, "result": 1}):
            self._files.delete(job["input"]["request"]["file_id"])
            annotated = (job.get("result") or {}).get("annotated_file")
            if annotated is not None:
                self._files.delete(annotated)


def _provenance(erasure_id: UUID, step: str) -> Provenance:
    """The same step of the same erasure is the same command, whoever takes it."""
    return Provenance(
        actor="service:registry",
        role="service",
        command=f"registry.{step}",
        command_id=uuid5(erasure_id, step),
        correlation_id=erasure_id,
    )
