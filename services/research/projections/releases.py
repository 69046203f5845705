"""Datasets, and each release with its tables as they went out."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from pymongo import ASCENDING, IndexModel

from services.research.domain.release import Dataset
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Dataset, load)
        datasets = {dataset.id: dataset for dataset, _ in found}
        replace(writer, "datasets", (_dataset(*each) for each in found))
        replace(writer, "releases", _releases(batch, datasets))

    return Part(
        {
            "datasets": [BY_CHANGE, IndexModel([("study_id", ASCENDING)])],
            "releases": [BY_CHANGE, IndexModel([("dataset_id", ASCENDING)])],
        },
        project,
    )


def _dataset(dataset: Dataset, last: Recorded) -> Document:
    return {
        "_id": str(dataset.id),
        "version": dataset.version,
        **dataset.asked.model_dump(mode="json", include={"study_id", "wave_id", "partner"}),
        "position": last.position,
        "edition": dataset.position,
        "pinned_on": dataset.pinned and dataset.pinned.occurred_on.isoformat(),
        "releases": len(dataset.releases),
    }


def _releases(batch: Sequence[Recorded], datasets: dict[UUID, Dataset]) -> Iterator[Document]:
    for each in batch:
        if isinstance(each.event, Dataset.ReleaseMade):
            asked = datasets[each.event.originator_id].asked
            yield _release(each.event, asked.partner, str(asked.study_id), each.position)


def _release(made: Dataset.ReleaseMade, partner: str, study_id: str, position: int) -> Document:
    facts = made.model_dump(mode="json", include={"tables", "query"})
    return {
        "_id": str(made.release_id),
        "position": position,
        "dataset_id": str(made.originator_id),
        "study_id": study_id,
        "partner": partner,
        "audience": made.query.audience.value,
        "as_of": made.position,
        "rule": made.parameters.digest,
        "released_on": made.occurred_on.isoformat(),
        **facts,
    }
