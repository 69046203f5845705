"""Programmes in their latest version."""

from collections.abc import Sequence

from services.training.domain.programme import Programme
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Programme, load)
        replace(writer, "programmes", (_document(*each) for each in found))

    return Part({"programmes": [BY_CHANGE]}, project)


def _document(programme: Programme, last: Recorded) -> Document:
    return {
        "_id": str(programme.id),
        "position": last.position,
        "version": programme.version,
        "number": programme.number,
        "content": programme.content.model_dump(mode="json"),
        "approved_on": programme.approved_on.isoformat(),
        "withdrawn_on": programme.withdrawn_on and programme.withdrawn_on.isoformat(),
    }
