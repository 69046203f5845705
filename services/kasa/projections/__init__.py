"""Own events → read models: one projection, so that all of them are at one position.

Each part is a module of its own; the same history gives the same documents, byte for byte.
"""

from collections.abc import Sequence

from services.kasa.domain.rules import KasaRules
from services.kasa.projections import (
    advice,
    bank,
    calls,
    enterprises,
    fund,
    grants,
    loans,
    undertakings,
)
from shared.messaging.publication import Recorded
from shared.runtime.parts import Load, Part
from shared.runtime.views import Projection, Writer


def kasa_projection(load: Load, rules: KasaRules) -> Projection:
    parts: list[Part] = [
        enterprises.part(load, rules),
        undertakings.part(load),
        advice.part(load),
        calls.part(load),
        grants.part(load, rules),
        fund.part(load),
        loans.part(load),
        bank.part(load),
    ]

    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        for part in parts:
            part.project(batch, writer)

    return Projection(
        name="kasa",
        collections={name: indexes for part in parts for name, indexes in part.collections.items()},
        project=project,
    )
