"""Measurements after the exit, for those who make them."""

from services.research.queries.reading import Reading, of_participants_in_reach
from shared.contracts.research.views import ById
from shared.contracts.research.views import followups as views
from shared.contracts.research.vocabulary.followups import FollowUpState
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document


class FollowUps:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._follow_ups = reading.views["follow_ups"]

    def get_follow_up(self, request: ById, act: Act) -> views.FollowUp:
        return self._view(
            existing(self._follow_ups, request.id, of_participants_in_reach(act.caller))
        )

    def list_follow_ups(self, request: views.ListFollowUps, act: Act) -> views.FollowUpPage:
        place = Place.of(request.cursor, request.changed_since)
        asked: Document = request.model_dump(
            mode="json", include={"state", "kind"}, exclude_none=True
        )
        if request.due_by is not None:
            asked["due_from"] = {"$lte": request.due_by.isoformat()}
        found = place.find(
            self._follow_ups, of_participants_in_reach(act.caller) | asked, request.limit
        )
        items = fitting([self._view(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.FollowUpPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def _view(self, document: Document) -> views.FollowUp:
        late = document["due_on"] < self._reading.today().isoformat()
        overdue = late and document["state"] == FollowUpState.OPEN
        return views.FollowUp.model_validate(
            facts_for(document, views.FollowUp) | {"overdue": overdue}
        )
