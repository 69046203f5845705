"""How long somebody's data are kept, and what became of requests to erase them."""

from typing import Any
from uuid import UUID

from pymongo import ASCENDING
from pymongo.database import Database

from shared.contracts.registry import keeping, views
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting

_MOST = 200


class RetentionQueries:
    """Nothing personal leaves, so no read is recorded."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._participants = database["participants"]
        self._retentions = database["retentions"]

    def get_retention(self, request: views.ById, act: Act) -> keeping.Retention:
        participant = self._participants.find_one({"_id": str(request.id)}, {"partner": 1})
        if participant is None or not Scope.of(act.caller).includes(
            participant["partner"], request.id
        ):
            raise Rejected("not_found", {"id": str(request.id)})
        document = self._retentions.find_one({"_id": str(request.id)})
        if document is None:
            return keeping.Retention(
                participant_id=request.id, holds=(), restricted=False, erasure=None
            )
        return keeping.Retention(
            participant_id=request.id,
            holds=document["holds"],
            restricted=document["restricted"],
            erasure=_case(document) if document["request"] else None,
        )

    def list_erasures(self, request: keeping.ListErasures, _act: Act) -> keeping.ErasureList:
        wanted: dict[str, Any] = {"request": {"$ne": None}}
        if request.state is not None:
            wanted["state"] = request.state.value
        found = self._retentions.find(wanted).sort("position", ASCENDING).limit(_MOST)
        return keeping.ErasureList(
            items=tuple(fitting([_case(each) for each in found])),
            total=self._retentions.count_documents(wanted),
        )


def _case(document: dict[str, Any]) -> keeping.ErasureCase:
    return keeping.ErasureCase.model_validate(
        {
            "participant_id": UUID(document["_id"]),
            "state": document["state"],
            **document["request"],
            **(document["order"] or {}),
            "destroyed_at": document["destroyed_at"],
            "acknowledged": document["acknowledged"],
            "awaited": document["awaited"],
        }
    )
