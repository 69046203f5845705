"""Responses as they stand, and every version of their answers; boxes go on as they were recorded.

`responses`: one document each. `given`: one for each event that gave, reviewed or withdrew answers, so
that they can be read as of any position (`queries.answers`).
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pymongo import ASCENDING, IndexModel

from services.research.domain.response import Asked, Response
from shared.contracts.research.vocabulary.responses import ResponseState
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        own = [each for each in batch if issubclass(each.event.aggregate_class, Response)]
        if not own:
            return
        new = {
            each.event.originator_id for each in own if isinstance(each.event, Response.Imported)
        }
        changed = {each.event.originator_id for each in own if each.event.originator_version > 1}
        alone = new - changed
        replace(writer, "responses", (_imported(e) for e in own if e.event.originator_id in alone))
        others = [each for each in own if each.event.originator_id not in alone]
        known = latest(others, Response, load)
        before = _links(writer, [str(response.id) for response, _ in known])
        links = before | {
            str(each.event.originator_id): _box(each.event, DataClass.IDENTITY)
            for each in others
            if isinstance(each.event, Response.Begun)
        }
        replace(writer, "responses", (_document(*each, links) for each in known))
        waves = {response.id: response.asked for response, _ in known}
        replace(writer, "given", (doc for each in own if (doc := _given(each, waves))))

    wave = ("wave_id", ASCENDING)
    return Part(
        {
            "responses": [
                BY_CHANGE,
                IndexModel([wave, ("position", ASCENDING)]),
                IndexModel([("waits", ASCENDING), wave]),
                IndexModel([("link.subject", ASCENDING)], sparse=True),
            ],
            "given": [IndexModel([wave, ("position", ASCENDING)])],
        },
        project,
    )


def _links(writer: Writer, ids: Sequence[str]) -> dict[str, Document | None]:
    found = writer["responses"].find({"_id": {"$in": list(ids)}}, projection={"link": 1})
    return {each["_id"]: each["link"] for each in found}


def _asked(asked: Asked) -> Document:
    return asked.model_dump(mode="json")


def _imported(each: Recorded) -> Document:
    """Without its aggregate: imports bring many."""
    event: Response.Imported = each.event
    day = event.occurred_on.isoformat()
    return _asked(event.asked) | {
        "_id": str(event.originator_id),
        "position": each.position,
        "version": event.originator_version,
        "origin": "import",
        "state": ResponseState.SUBMITTED.value,
        "begun_on": day,
        "submitted_on": day,
        "edits": 0,
        "review": None,
        "reviewed_on": None,
        "anonymised_on": None,
        "waits": True,
        "link": None,
    }


def _document(response: Response, last: Recorded, links: dict[str, Document | None]) -> Document:
    review, submitted = response.review, response.submitted_on
    waits = response.state is ResponseState.SUBMITTED and review is None
    return _asked(response.asked) | {
        "_id": str(response.id),
        "position": last.position,
        "version": response.version,
        "origin": response.origin.value,
        "state": response.state.value,
        "begun_on": response.begun_on.isoformat(),
        "submitted_on": submitted and submitted.isoformat(),
        "edits": response.edits,
        "review": review and review.status.value,
        "reviewed_on": review and review.occurred_on.isoformat(),
        "anonymised_on": response.anonymised_on and response.anonymised_on.isoformat(),
        "waits": waits,
        "link": links.get(str(response.id)) if _is_whose(response) else None,
    }


def _is_whose(response: Response) -> bool:
    """Whether it can still be told whose it is."""
    return response.is_linked and response.state is not ResponseState.WITHDRAWN


def _given(each: Recorded, waves: Mapping[UUID, Asked]) -> Document | None:
    event = each.event
    asked = event.asked if isinstance(event, Response.Imported) else waves.get(event.originator_id)
    if asked is None or isinstance(event, Response.Begun | Response.ConsentGiven | Response.Saved):
        return None
    gives = isinstance(event, Response.Submitted | Response.Imported | Response.Edited)
    return {
        "_id": f"{each.position}",
        "position": each.position,
        "wave_id": str(asked.wave_id),
        "response_id": str(event.originator_id),
        "what": type(event).__name__.lower(),
        "box": _box(event, DataClass.SPECIAL) if gives else None,
        "status": event.status.value if isinstance(event, Response.Reviewed) else None,
    }


def _box(event: Event, data_class: DataClass) -> Document | None:
    box = event.box(data_class)
    return None if box is None else box.model_dump(mode="json")
