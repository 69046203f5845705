"""Diagnoses in all their states."""

from collections.abc import Sequence

from services.research.domain.diagnosis import Diagnosis
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Diagnosis, load)
        replace(writer, "diagnoses", (_document(*each) for each in found))

    return Part({"diagnoses": [BY_CHANGE]}, project)


def _document(diagnosis: Diagnosis, last: Recorded) -> Document:
    contents = diagnosis.contents.model_dump(mode="json")
    need = contents.pop("need")
    composed, approved, published = diagnosis.composed, diagnosis.approved, diagnosis.published
    edition = published and published.edition.model_dump(mode="json")
    return {
        "_id": str(diagnosis.id),
        "position": last.position,
        "version": diagnosis.version,
        "state": diagnosis.state.value,
        **contents,
        "index_code": need["definition"],
        "index_version": need["version"],
        "year": need["year"],
        "communes": need["communes"],
        "composed_on": composed and composed.occurred_on.isoformat(),
        "composed_by": composed and composed.composed_by,
        "approved_on": approved and approved.occurred_on.isoformat(),
        "approved_by": approved and approved.approved_by,
        "published_on": published and published.occurred_on.isoformat(),
        "superseded_by": diagnosis.superseded_by and str(diagnosis.superseded_by),
        "licence": edition and edition["licence"],
        "publisher": edition and edition["publisher"],
        "files": edition["files"] if edition else [],
        "kept": published.kept if published else {},
    }
