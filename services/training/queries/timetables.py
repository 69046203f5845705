"""All timetables that an edition had, each with who set it and why."""

from collections.abc import Sequence

from pymongo import DESCENDING

from services.training.domain.reach import Reach
from services.training.queries.reading import Reading, in_reach
from shared.contracts.training import views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.views import Document


class Timetables:
    def __init__(self, reading: Reading) -> None:
        self._editions = reading.views["editions"]
        self._timetables = reading.views["timetables"]

    def get_timetables(self, request: views.ById, act: Act) -> views.Timetables:
        edition_id = str(request.id)
        if not self._editions.find_one({"_id": edition_id, **in_reach(act.caller)}, {"_id": 1}):
            raise Rejected("not_found", {"id": edition_id})
        found = list(self._timetables.find({"edition_id": edition_id}).sort("number", DESCENDING))
        reach = Reach.of(act.caller)
        items = [
            views.TimetableVersion.model_validate(
                {name: each[name] for name in views.TimetableVersion.model_fields}
                | {"sessions": _seen(each["sessions"], reach)}
            )
            for each in found
        ]
        return views.Timetables(
            edition_id=request.id, items=tuple(fitting(items)), total=len(items)
        )


def _seen(sessions: Sequence[Document], reach: Reach) -> list[Document]:
    """Who only teaches sees their own sessions."""
    if not reach.teaching_only:
        return list(sessions)
    return [each for each in sessions if each["trainer"] == reach.trainer]
