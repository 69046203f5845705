"""Calls, applications and meetings."""

from pymongo import ASCENDING, DESCENDING

from services.kasa.queries.reading import Reading, found_in_reach, in_reach
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import calls as views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import ITEMS_LIMIT, fitting
from shared.runtime.documents import existing, facts_for
from shared.runtime.paging import Place
from shared.runtime.views import Document

RANKED = 200
"""Applications that the card of a call shows at most."""


class Calls:
    def __init__(self, reading: Reading) -> None:
        self._calls = reading.views["calls"]
        self._applications = reading.views["applications"]
        self._meetings = reading.views["meetings"]

    def get_call(self, request: ById, act: Act) -> views.CallCard:
        document = existing(self._calls, request.id)
        best = self._applications.find(in_reach(act.caller) | {"call": document["code"]})
        ranking = best.sort([("rank", DESCENDING), ("_id", ASCENDING)]).limit(RANKED)
        return views.CallCard.model_validate(
            self._call(document) | {"ranking": fitting([_summary(each) for each in ranking])}
        )

    def list_calls(self, request: views.ListCalls, _act: Act) -> views.CallPage:
        place = Place.of(request.cursor, request.changed_since)
        offer = {} if request.offer is None else {"terms.offer": request.offer.value}
        found = place.find(self._calls, offer, request.limit)
        items = fitting(
            [views.Call.model_validate(self._call(each)) for each in found[: request.limit]]
        )
        next_cursor, position = place.end(found, len(items))
        return views.CallPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def get_application(self, request: ById, act: Act) -> views.Application:
        document = found_in_reach(self._applications, request.id, act.caller)
        versions = [views.ApplicationVersion.model_validate(each) for each in document["versions"]]
        whole = views.Application.model_validate(
            facts_for(document, views.Application) | {"versions": versions[::-1]}
        )
        return _fitting_whole(whole)

    def get_application_version(
        self, request: views.GetApplicationVersion, act: Act
    ) -> views.ApplicationVersion:
        document = found_in_reach(self._applications, request.application_id, act.caller)
        versions = document["versions"]
        if request.number > len(versions):
            raise Rejected("not_found", {"versions": len(versions)}, "/number")
        return views.ApplicationVersion.model_validate(versions[request.number - 1])

    def list_applications(self, request: views.ListApplications, act: Act) -> views.ApplicationPage:
        place = Place.of(request.cursor, request.changed_since)
        asked = request.model_dump(
            mode="json", include={"call", "state", "enterprise_id"}, exclude_none=True
        )
        found = place.find(self._applications, in_reach(act.caller) | asked, request.limit)
        items = fitting([_summary(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.ApplicationPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def get_meeting(self, request: ById, _act: Act) -> views.Meeting:
        return _meeting(existing(self._meetings, request.id))

    def list_meetings(self, request: views.ListMeetings, _act: Act) -> views.MeetingPage:
        place = Place.of(request.cursor, request.changed_since)
        call = {} if request.call is None else {"call": request.call}
        found = place.find(self._meetings, call, request.limit)
        items = fitting([_meeting(each) for each in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.MeetingPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def _call(self, document: Document) -> Document:
        count = self._applications.count_documents({"call": document["code"]})
        return facts_for(document, views.Call) | {"applications": count}


def _fitting_whole(application: views.Application) -> views.Application:
    """Without the oldest versions that would not fit into one message with all the rest."""
    while application.versions and len(application.model_dump_json().encode()) > ITEMS_LIMIT:
        application = application.model_copy(update={"versions": application.versions[:-1]})
    return application


def _summary(document: Document) -> views.ApplicationSummary:
    assessment, decision = document["assessment"], document["decision"]
    proposal = decision and decision["resolution"]["proposal"]
    return views.ApplicationSummary.model_validate(
        facts_for(document, views.ApplicationSummary)
        | {
            "amount": document["versions"][-1]["content"]["amount"],
            "total": assessment and assessment["total"],
            "outcome": proposal and proposal["outcome"],
            "awarded": proposal and proposal["amount"],
        }
    )


def _meeting(document: Document) -> views.Meeting:
    return views.Meeting.model_validate(facts_for(document, views.Meeting))
