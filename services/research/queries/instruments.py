"""Instruments: every researcher may see what is asked elsewhere; it says nothing of anybody."""

from services.research.queries.reading import Reading
from shared.contracts.research.views import ById
from shared.contracts.research.views import instruments as views
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Instruments:
    def __init__(self, reading: Reading) -> None:
        self._instruments = reading.views["instruments"]

    def get_instrument(self, request: ById, _act: Act) -> views.Instrument:
        document = existing(self._instruments, request.id)
        return views.Instrument.model_validate(facts_for(document, views.Instrument))

    def list_instruments(self, request: views.ListInstruments, _act: Act) -> views.InstrumentPage:
        place = Place.of(request.cursor, request.changed_since)
        found = place.find(self._instruments, {}, request.limit)
        items = fitting([_summary(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.InstrumentPage(items=tuple(items), next_cursor=next_cursor, position=position)


def _summary(document: Document) -> views.InstrumentSummary:
    facts = facts_for(document, views.InstrumentSummary)
    latest = document["versions"][-1]["number"] if document["versions"] else None
    return views.InstrumentSummary.model_validate(facts | {"latest": latest})
