"""Sessions of the timetables in force, with how far their attendance lists are."""

from typing import Any

from services.training.domain.reach import Reach
from services.training.queries.reading import Reading
from shared.contracts.operations import Caller
from shared.contracts.training import views
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.views import Document


class Sessions:
    def __init__(self, reading: Reading) -> None:
        self._sessions = reading.views["sessions"]
        self._attendance = reading.views["attendance"]

    def list_sessions(self, request: views.ListSessions, act: Act) -> views.SessionList:
        """In order of time; a trainer's own only."""
        days = {"$gte": request.first_day.isoformat(), "$lte": request.last_day.isoformat()}
        wanted: dict[str, Any] = {"session.day": days}
        if request.edition_id is not None:
            wanted["edition_id"] = str(request.edition_id)
        if request.trainer is not None:
            wanted["session.trainer"] = request.trainer
        condition = {"$and": [wanted, sessions_in_reach(act.caller)]}
        order = [("session.day", 1), ("session.starts", 1), ("_id", 1)]
        found = list(self._sessions.find(condition).sort(order).limit(request.limit))
        lists = {
            each["_id"]: each
            for each in self._attendance.find({"_id": {"$in": [each["_id"] for each in found]}})
        }
        items = [_summary(each, lists.get(each["_id"], {})) for each in found]
        return views.SessionList(
            items=tuple(fitting(items)), total=self._sessions.count_documents(condition)
        )


def sessions_in_reach(caller: Caller) -> Document:
    """The part of a query on sessions that keeps it within the caller's reach."""
    reach = Reach.of(caller)
    if reach.everything:
        return {}
    return {"$or": [{"partner": reach.partner}, {"session.trainer": reach.trainer}]}


def _summary(document: Document, attendance: Document) -> views.SessionSummary:
    shown = {
        name: document[name]
        for name in ("edition_id", "edition_code", "title_pl", "title_en", "session", "minutes")
    }
    return views.SessionSummary.model_validate(
        shown
        | {
            "id": document["_id"],
            "version": attendance.get("version", 0),
            "enrolled": len(document["enrolled"]),
            "marked": len(attendance.get("marks", ())),
            "settled": attendance.get("settled_on") is not None,
        }
    )
