"""Own events → read models.

A participant's document is rendered anew from the aggregate whenever one of its events comes, so
there is one evolution of state, in the domain. Documents hold sealed boxes and nothing personal in
clear; the same history gives the same documents, byte for byte.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple
from uuid import UUID

from pymongo import ASCENDING, IndexModel, ReplaceOne

from services.registry.domain.duplicates import DuplicateCase
from services.registry.domain.erasure import Retention
from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from services.registry.projections.documents import (
    Document,
    Draft,
    case_document,
    correction_draft,
    participant_draft,
    timeline_entry,
)
from services.registry.projections.reads import project_reads
from services.registry.projections.retention import retention_document
from shared.eventstore.vault import Unsealed, Vault
from shared.kernel.aggregate import Aggregate
from shared.messaging.publication import Recorded
from shared.runtime.views import Projection, Writer

Load = Callable[[UUID, int], Any]
"""An aggregate as it was at a version."""


def registry_projection(load: Load, vault: Vault, rules: RegistryRules) -> Projection:
    by_position = IndexModel([("position", ASCENDING), ("_id", ASCENDING)])
    return Projection(
        name="registry",
        collections={
            "participants": [
                by_position,
                IndexModel([("partner", ASCENDING), ("position", ASCENDING)]),
            ],
            "timeline": [IndexModel([("participant_id", ASCENDING), ("position", ASCENDING)])],
            "corrections": [IndexModel([("participant_id", ASCENDING)])],
            "duplicates": [
                by_position,
                IndexModel([("first", ASCENDING)]),
                IndexModel([("second", ASCENDING)]),
            ],
            "retentions": [IndexModel([("state", ASCENDING), ("position", ASCENDING)])],
            "reads": [
                IndexModel([("subjects", ASCENDING), ("position", ASCENDING)]),
                IndexModel([("to_review", ASCENDING)]),
            ],
        },
        project=_Projector(load, vault, rules).project,
        version=4,
    )


class _Touch(NamedTuple):
    """The last event of a batch that concerns a participant; `version` is None for an event of
    another aggregate.
    """

    position: int
    recorded_on: date
    version: int | None


@dataclass(frozen=True)
class _Projector:
    load: Load
    vault: Vault
    rules: RegistryRules

    def project(self, batch: Sequence[Recorded], writer: Writer) -> None:
        project_reads(batch, writer)
        of_participants = [each for each in batch if _concerns(each, Participant)]
        of_retentions = [each for each in batch if _concerns(each, Retention)]
        timeline = [timeline_entry(each, self.rules) for each in (*of_participants, *of_retentions)]
        cases = self._latest([each for each in batch if _concerns(each, DuplicateCase)])
        retentions = self._latest(of_retentions)
        _replace(writer, "timeline", timeline)
        _replace(writer, "duplicates", [case_document(case, last) for case, last in cases])
        _replace(writer, "retentions", [retention_document(*each) for each in retentions])
        touched = {each.event.originator_id: _touch(each) for each in of_participants}
        for case, last in cases:
            for subject in (case.first, case.second):
                _touch_also(touched, subject, last)
        for each in of_retentions:
            for subject in _records_of(each.event):
                _touch_also(touched, subject, each)
        self._write(
            [draft for item in touched.items() for draft in self._drafts(*item, writer)], writer
        )

    def _latest(self, events: Iterable[Recorded]) -> list[tuple[Any, Recorded]]:
        last = {each.event.originator_id: each for each in events}
        return [
            (self.load(subject, each.event.originator_version), each)
            for subject, each in last.items()
        ]

    def _drafts(self, subject: UUID, touch: _Touch, writer: Writer) -> Iterator[Draft]:
        version = touch.version or _known_version(subject, writer)
        participant: Participant = self.load(subject, version)
        suspected = list(
            writer["duplicates"]
            .find(
                {
                    "state": "suspected",
                    "$or": [{"first": str(subject)}, {"second": str(subject)}],
                }
            )
            .sort("_id", ASCENDING)
        )
        retention = writer["retentions"].find_one({"_id": str(subject)})
        yield participant_draft(
            participant, touch.position, suspected, retention, touch.recorded_on, self.rules
        )
        for correction in participant.corrections.values():
            yield correction_draft(participant, correction)

    def _write(self, drafts: Sequence[Draft], writer: Writer) -> None:
        """Seal the boxes of all documents with one look-up of keys, and store the documents."""
        unsealed = [
            Unsealed(draft.subject, data_class, draft.place, values)
            for draft in drafts
            for data_class, values in draft.personal.items()
        ]
        boxes = iter(self.vault.seal_many(unsealed))
        by_collection: dict[str, list[Document]] = defaultdict(list)
        for draft in drafts:
            sealed = {name.value: next(boxes).model_dump(mode="json") for name in draft.personal}
            by_collection[draft.collection].append(draft.document | {"boxes": sealed})
        for collection, documents in by_collection.items():
            _replace(writer, collection, documents)


def _records_of(event: Any) -> tuple[UUID, ...]:
    """The records whose documents an event of a retention changes."""
    if isinstance(event, Retention.KeysDestroyed):
        return (event.erased,) if event.is_record else ()
    return (event.participant_id,)


def _touch_also(touched: dict[UUID, _Touch], subject: UUID, last: Recorded) -> None:
    """By an event of another aggregate than the participant itself."""
    known = touched.get(subject, _Touch(0, last.at.date(), None))
    touched[subject] = max(known, _touch(last)._replace(version=known.version))


def _known_version(subject: UUID, writer: Writer) -> int:
    """That of the document: a case follows the registration of both its participants."""
    document = writer["participants"].find_one({"_id": str(subject)}, projection={"version": 1})
    if document is None:
        raise LookupError(f"participant {subject} has a case, but no document")
    return int(document["version"])


def _concerns(recorded: Recorded, aggregate_class: type[Aggregate]) -> bool:
    return issubclass(recorded.event.aggregate_class, aggregate_class)


def _touch(recorded: Recorded) -> _Touch:
    on = recorded.at.astimezone(UTC).date()
    return _Touch(recorded.position, on, recorded.event.originator_version)


def _replace(writer: Writer, collection: str, documents: Iterable[Document]) -> None:
    writes = [ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in documents]
    if writes:
        writer[collection].bulk_write(writes)
