"""Who looked at a participant's data, when, at what and why (GDPR art. 15(1)(c))."""

from datetime import date
from typing import Any
from uuid import UUID

from pymongo import DESCENDING
from pymongo.database import Database

from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.registry import keeping, views
from shared.contracts.registry.vocabulary import TaskKind
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.messaging.wire import fitting


class ReadQueries:
    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._participants = database["participants"]
        self._reads = database["reads"]

    def list_accesses(self, request: keeping.ListAccesses, act: Act) -> keeping.AccessReport:
        """The latest first; the next page goes on before the last position of this one."""
        participant = self._participants.find_one({"_id": str(request.id)}, {"partner": 1})
        if participant is None or not Scope.of(act.caller).includes(
            participant["partner"], request.id
        ):
            raise Rejected("not_found", {"id": str(request.id)})
        wanted: dict[str, Any] = {"subjects": str(request.id)}
        total = self._reads.count_documents(wanted)
        if request.before is not None:
            wanted["position"] = {"$lt": request.before}
        found = self._reads.find(wanted).sort("position", DESCENDING).limit(request.limit)
        return keeping.AccessReport(
            participant_id=request.id,
            items=tuple(fitting([_access(each) for each in found])),
            total=total,
        )

    def alerts(self, caller: Caller, as_of: date) -> list[views.Task]:
        """Emergencies that a coordinator has yet to look at; not those that were one's own."""
        if Role.COORDINATOR not in caller.roles:
            return []
        found = self._reads.find({"to_review": True, "actor": {"$ne": caller.subject}})
        return [task for each in found for task in self._alert(each, as_of)]

    def _alert(self, read: dict[str, Any], as_of: date) -> list[views.Task]:
        records = self._participants.find({"_id": {"$in": read["subjects"]}}, {"partner": 1})
        read_on = date.fromisoformat(read["read_on"])
        return [
            views.Task(
                kind=TaskKind.REVIEW_ACCESS,
                participant_id=UUID(record["_id"]),
                partner=record["partner"],
                due_on=read_on,
                overdue=read_on < as_of,
                opens_on=read_on,
                access_id=UUID(read["_id"]),
            )
            for record in records
        ]


def _access(document: dict[str, Any]) -> keeping.Access:
    return keeping.Access.model_validate(
        {
            name: document["_id"] if name == "access_id" else document[name]
            for name in keeping.Access.model_fields
        }
    )
