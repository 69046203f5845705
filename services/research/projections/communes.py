"""Facts of communes by year."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.research.domain.commune import CommuneYear
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, CommuneYear, load)
        replace(writer, "commune_facts", (_document(*each) for each in found))

    by_place = IndexModel([("year", ASCENDING), ("teryt", ASCENDING)])
    return Part({"commune_facts": [BY_CHANGE, by_place]}, project)


def _document(commune: CommuneYear, last: Recorded) -> Document:
    facts = [each.model_dump(mode="json") for _, each in sorted(commune.facts.items())]
    return {
        "_id": str(commune.id),
        "position": last.position,
        "year": facts[0]["year"],
        "teryt": facts[0]["teryt"],
        "facts": facts,
    }
