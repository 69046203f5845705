"""Programmes: everybody may see what is taught."""

from typing import Any
from uuid import UUID

from services.training.queries.reading import Reading
from shared.contracts.training import views
from shared.contracts.training.vocabulary import ProgrammeContent
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting
from shared.runtime.paging import Place


class Programmes:
    def __init__(self, reading: Reading) -> None:
        self._programmes = reading.views["programmes"]

    def get_programme(self, request: views.ById, _act: Act) -> views.Programme:
        document = self._programmes.find_one({"_id": str(request.id)})
        if document is None:
            raise Rejected("not_found", {"id": str(request.id)})
        return _view(document)

    def list_programmes(self, request: views.ListProgrammes, _act: Act) -> views.ProgrammePage:
        place = Place.of(request.cursor, request.changed_since)
        found = place.find(self._programmes, {}, request.limit)
        items = fitting([_view(document) for document in found[: request.limit]])
        next_cursor, position = place.end(found, len(items))
        return views.ProgrammePage(items=tuple(items), next_cursor=next_cursor, position=position)


def _view(document: dict[str, Any]) -> views.Programme:
    content = ProgrammeContent.model_validate(document["content"])
    return views.Programme(
        id=UUID(document["_id"]),
        version=document["version"],
        number=document["number"],
        content=content,
        approved_on=document["approved_on"],
        withdrawn_on=document["withdrawn_on"],
        planned_minutes=content.planned_minutes,
    )
