"""Own events → read models: one projection, so that all of them are at one position.

Each part is a module of its own; documents hold sealed boxes and nothing personal in clear, and the
same history gives the same documents, byte for byte.
"""

from collections.abc import Sequence

from services.training.domain.rules import TrainingRules
from services.training.projections import (
    attendance,
    certificates,
    editions,
    participations,
    programmes,
    progress,
)
from shared.messaging.publication import Recorded
from shared.runtime.parts import Load, Part
from shared.runtime.views import Projection, Writer


def training_projection(load: Load, rules: TrainingRules) -> Projection:
    parts: list[Part] = [
        programmes.part(load),
        editions.part(load),
        attendance.part(load, rules),
        participations.part(load),
        progress.part(load),
        certificates.part(load),
    ]

    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        for part in parts:
            part.project(batch, writer)

    return Projection(
        name="training",
        collections={name: indexes for part in parts for name, indexes in part.collections.items()},
        project=project,
    )
