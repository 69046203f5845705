"""Responses of a wave: how far each is, never whose it is."""

from services.research.queries.reading import Reading, in_reach
from shared.contracts.research.views import responses as views
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.documents import facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Responses:
    def __init__(self, reading: Reading) -> None:
        self._responses = reading.views["responses"]

    def list_responses(self, request: views.ListResponses, act: Act) -> views.ResponsePage:
        place = Place.of(request.cursor, request.changed_since)
        asked: Document = {"wave_id": str(request.wave_id)} | in_reach(act.caller)
        if request.state is not None:
            asked["state"] = request.state.value
        if request.review is not None:
            asked["review"] = None if request.review == "none" else request.review
        found = place.find(self._responses, asked, request.limit)
        items = fitting(
            [
                views.ResponseSummary.model_validate(facts_for(each, views.ResponseSummary))
                for each in found[: request.limit]
            ]
        )
        next_cursor, position = place.end(found, len(items))
        return views.ResponsePage(items=tuple(items), next_cursor=next_cursor, position=position)
