"""Editions, as far as the caller reaches them."""

from collections import Counter
from typing import Any
from uuid import UUID

from services.training.queries.progress import progress_view
from services.training.queries.reading import Reading, in_reach
from shared.contracts.training import views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.paging import Place
from shared.runtime.views import Document


class Editions:
    def __init__(self, reading: Reading) -> None:
        self._editions = reading.views["editions"]
        self._sessions = reading.views["sessions"]
        self._progress = reading.views["progress"]
        self._reading = reading

    def get_edition(self, request: views.ById, act: Act) -> views.Edition:
        document = self._editions.find_one({"_id": str(request.id), **in_reach(act.caller)})
        if document is None:
            raise Rejected("not_found", {"id": str(request.id)})
        sessions = list(self._sessions.find({"edition_id": document["_id"]}))
        courses = {
            each["participant_id"]: progress_view(each, sessions, self._reading.now())
            for each in self._progress.find({"edition_id": document["_id"]})
        }
        certificates = self._reading.certificates_of(document["_id"])
        shown = {name: document[name] for name in views.Edition.model_fields if name in document}
        return views.Edition.model_validate(
            shown
            | {
                "id": document["_id"],
                "enrolments": [
                    each
                    | {
                        "progress": courses.get(each["participant_id"]),
                        "certificate_id": certificates.get(each["participant_id"]),
                    }
                    for each in document["enrolments"]
                ],
                "sessions": sorted(
                    (each["session"] for each in sessions),
                    key=lambda session: (session["day"], session["starts"]),
                ),
            }
        )

    def list_editions(self, request: views.ListEditions, act: Act) -> views.EditionPage:
        """In order of the last change."""
        wanted = request.model_dump(
            include={"partner", "state", "programme_id"}, exclude_none=True, mode="json"
        )
        place = Place.of(request.cursor, request.changed_since)
        condition = {"$and": [wanted, in_reach(act.caller)]}
        found = place.find(self._editions, condition, request.limit)
        warned = Counter(
            each["edition_id"]
            for each in self._progress.find(
                {"edition_id": {"$in": [each["_id"] for each in found]}, "warning": {"$ne": None}}
            )
        )
        items = fitting([_summary(each, warned[each["_id"]]) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.EditionPage(items=tuple(items), next_cursor=next_cursor, position=position)


def _summary(document: Document, warnings: int) -> views.EditionSummary:
    names = views.EditionSummary.model_fields.keys() & document.keys()
    shown: dict[str, Any] = {name: document[name] for name in names}
    return views.EditionSummary.model_validate(
        shown
        | {
            "id": UUID(document["_id"]),
            "maximum": document["limits"]["maximum"],
            "warnings": warnings,
        }
    )
