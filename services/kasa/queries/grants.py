"""Grants."""

from services.kasa.queries.reading import Reading, found_in_reach, in_reach
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import grants as views
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.documents import facts_for
from shared.runtime.paging import Place


class Grants:
    def __init__(self, reading: Reading) -> None:
        self._grants = reading.views["grants"]

    def get_grant(self, request: ById, act: Act) -> views.Grant:
        document = found_in_reach(self._grants, request.id, act.caller)
        return views.Grant.model_validate(facts_for(document, views.Grant))

    def list_grants(self, request: views.ListGrants, act: Act) -> views.GrantPage:
        place = Place.of(request.cursor, request.changed_since)
        asked = request.model_dump(
            mode="json", include={"source", "enterprise_id"}, exclude_none=True
        )
        found = place.find(self._grants, in_reach(act.caller) | asked, request.limit)
        rows = [facts_for(each, views.GrantSummary) for each in found[: request.limit]]
        items = fitting([views.GrantSummary.model_validate(each) for each in rows])
        next_cursor, position = place.end(found, len(items))
        return views.GrantPage(items=tuple(items), next_cursor=next_cursor, position=position)
