"""Samples; what is sealed of them goes on as it was recorded."""

from collections.abc import Sequence

from services.research.domain.sample import Sample
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, Part, replace
from shared.runtime.views import Writer


def part(_load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        samples = [each for each in batch if isinstance(each.event, Sample.Drawn)]
        replace(writer, "samples", (_sample(each, each.event) for each in samples))

    return Part({"samples": []}, project)


def _sample(last: Recorded, drawn: Sample.Drawn) -> Document:
    box = drawn.box(DataClass.MONITORING)
    facts = drawn.model_dump(
        mode="json",
        include={
            "study_id",
            "partner",
            "choice",
            "rule",
            "seed",
            "size",
            "frame_size",
            "frame_position",
            "frame_digest",
            "age_bands",
        },
    )
    return facts | {
        "_id": str(drawn.originator_id),
        "position": last.position,
        "version": drawn.originator_version,
        "drawn_on": drawn.occurred_on.isoformat(),
        "box": box and box.model_dump(mode="json"),
    }
