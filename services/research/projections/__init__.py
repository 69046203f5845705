"""Own events → read models: one projection, so that all of them are at one position.

Each part is a module of its own; the same history gives the same documents, byte for byte.
"""

from collections.abc import Sequence

from services.research.projections import (
    communes,
    diagnoses,
    followups,
    instruments,
    releases,
    responses,
    samples,
    studies,
    subjects,
)
from shared.messaging.publication import Recorded
from shared.runtime.parts import Load, Part
from shared.runtime.views import Projection, Writer


def research_projection(load: Load) -> Projection:
    parts: list[Part] = [
        studies.part(load),
        subjects.part(load),
        followups.part(load),
        samples.part(load),
        instruments.part(load),
        releases.part(load),
        communes.part(load),
        responses.part(load),
        diagnoses.part(load),
    ]

    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        for part in parts:
            part.project(batch, writer)

    return Projection(
        name="research",
        collections={name: indexes for part in parts for name, indexes in part.collections.items()},
        project=project,
    )
