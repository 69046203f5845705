"""Facts of communes: nothing in them is about a person."""

from services.research.queries.reading import Reading
from shared.contracts.research.views import communes as views
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Communes:
    def __init__(self, reading: Reading) -> None:
        self._facts = reading.views["commune_facts"]

    def list_commune_facts(
        self, request: views.ListCommuneFacts, _act: Act
    ) -> views.CommuneFactsPage:
        place = Place.of(request.cursor, request.changed_since)
        wanted: Document = {}
        if request.year is not None:
            wanted["year"] = request.year
        if request.area is not None:
            wanted["teryt"] = {"$regex": f"^{request.area}"}
        found = place.find(self._facts, wanted, request.limit)
        items = fitting([_shown(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.CommuneFactsPage(
            items=tuple(items), next_cursor=next_cursor, position=position
        )


def _shown(document: Document) -> views.CommuneFacts:
    return views.CommuneFacts(
        teryt=document["teryt"], year=document["year"], facts=tuple(document["facts"])
    )
