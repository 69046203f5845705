"""Answers to the registry's queries, from its read models."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pymongo import ASCENDING
from pymongo.database import Database

from services.registry.domain.search import search_keys
from services.registry.queries.comparison import correction_view, differing
from services.registry.queries.disclosing import DisclosureQueries
from services.registry.queries.participants import (
    Private,
    open_boxes,
    participant_names,
    participant_views,
)
from services.registry.queries.reads import ReadQueries
from services.registry.queries.retention import RetentionQueries
from shared.contracts.access import Role
from shared.contracts.operations import NoRequest
from shared.contracts.registry import views
from shared.contracts.registry.vocabulary import Kind, Status
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.eventstore.ledger import Ledger
from shared.eventstore.reads import RecordRead
from shared.eventstore.vault import Lookup, Term, Vault
from shared.kernel.errors import Rejected
from shared.kernel.personal import Absent, DataClass
from shared.messaging.wire import fitting
from shared.runtime.paging import Place

_SEARCH_LIMIT = 200
EMERGENCY = "emergency."
"""What the purpose of a read out of one's scope begins with."""
_CASES = 20
"""Cases shown at once, the oldest first: those decided make room for the others."""


class Queries:
    """One method per query of the contract; every answer with personal data is recorded first."""

    def __init__(
        self,
        *,
        database: Database[dict[str, Any]],
        ledger: Ledger,
        vault: Vault,
        lookup: Lookup,
        record_read: RecordRead,
        today: Callable[[], date],
        targets: Mapping[Kind, int],
        project: str,
    ) -> None:
        self._participants = database["participants"]
        self._timeline = database["timeline"]
        self._corrections = database["corrections"]
        self._duplicates = database["duplicates"]
        self._vault = vault
        self._lookup = lookup
        self._record_read = record_read
        self._today = today
        self._targets = targets
        self._project = project
        self.retention = RetentionQueries(database)
        self.reads = ReadQueries(database)
        self.disclosing = DisclosureQueries(database, ledger, vault, record_read)

    def get_participant(self, request: views.ById, act: Act) -> views.Participant:
        """Also out of one's scope, in a stated emergency: it is recorded as such, and reviewed."""
        scope = Scope.of(act.caller)
        if _emergency(act):
            found = self._participants.find_one({"_id": str(request.id)})
            if found is not None and not scope.includes(found["partner"], request.id):
                shown = participant_views(self._vault, [found], scope)
                self._record_read(act, [request.id], scope.data_classes, out_of_scope=True)
                return shown[0]
        document = self._participant(request.id, scope)
        return self._shown([document], scope, act)[0]

    def list_participants(self, request: views.ListParticipants, act: Act) -> views.ParticipantPage:
        """In order of the last change, so that `changed_since` and the cursor are one thing."""
        scope = Scope.of(act.caller)
        wanted = request.model_dump(
            include={"kind", "status", "partner", "countable"}, exclude_none=True, mode="json"
        )
        place = Place.of(request.cursor, request.changed_since)
        condition = {"$and": [wanted, _within(scope)]}
        found = place.find(self._participants, condition, request.limit)
        items = fitting(participant_views(self._vault, found[: request.limit], scope))
        self._record_shown(found[: len(items)], "_id", scope, act)
        next_cursor, position = place.end(found, len(items))
        return views.ParticipantPage(items=tuple(items), next_cursor=next_cursor, position=position)

    def search_participants(
        self, request: views.SearchParticipants, act: Act
    ) -> views.ParticipantPage:
        """Records that have, or before a correction had, all the given values: found by keyed
        digests, never in clear.
        """
        scope = Scope.of(act.caller)
        keys = search_keys(request.pesel, request.family_name, request.born_on, self._today())
        if not keys:
            raise Rejected("registry.search_too_wide", pointer="")
        ids = [str(subject) for subject in self._lookup.find_all([Term(*key) for key in keys])]
        query = {"$and": [{"_id": {"$in": ids}}, _within(scope), _usable(scope)]}
        found = list(self._participants.find(query).limit(_SEARCH_LIMIT))
        shown = self._shown(found, scope, act)
        if len(fitting(shown)) < len(shown):
            raise Rejected("registry.search_too_wide", pointer="")
        return views.ParticipantPage(
            items=tuple(shown),
            next_cursor=None,
            position=max((document["position"] for document in found), default=0),
        )

    def name_participants(
        self, request: views.NameParticipants, act: Act
    ) -> views.ParticipantNames:
        """Given and family name, and nothing else, of those in reach.

        A trainer's group may come from several partners: who teaches is told the name behind any id,
        and learns of no other ids than those on the own lists.
        """
        wanted = {"_id": {"$in": [str(participant_id) for participant_id in request.ids]}}
        in_scope = {} if Role.TRAINER in act.caller.roles else _within(Scope.of(act.caller))
        items = fitting(
            participant_names(
                self._vault,
                list(self._participants.find({"$and": [wanted, in_scope, {"restricted": False}]})),
            )
        )
        if items:
            self._record_read(act, [name.id for name in items], frozenset({DataClass.IDENTITY}))
        return views.ParticipantNames(items=tuple(items))

    def get_timeline(self, request: views.ById, act: Act) -> views.Timeline:
        self._participant(request.id, Scope.of(act.caller))
        entries = self._timeline.find({"participant_id": str(request.id)}, {"_id": 0})
        return views.Timeline(
            participant_id=request.id,
            entries=tuple(
                views.TimelineEntry.model_validate(
                    {name: entry[name] for name in views.TimelineEntry.model_fields}
                )
                for entry in entries.sort("position", ASCENDING)
            ),
        )

    def list_corrections(self, request: views.ListCorrections, act: Act) -> views.CorrectionList:
        scope = Scope.of(act.caller)
        wanted = request.model_dump(exclude_none=True, mode="json")
        in_scope = _within(scope)
        if "_id" in in_scope:
            in_scope = {"participant_id": in_scope["_id"]}
        found = list(self._corrections.find({"$and": [wanted, in_scope]}).sort("requested_on"))
        items = [
            correction_view(document, private)
            for document, private in zip(
                found, open_boxes(self._vault, found, scope.data_classes), strict=True
            )
        ]
        self._record_shown(found, "participant_id", scope, act)
        return views.CorrectionList(items=tuple(fitting(items)), total=len(items))

    def list_duplicates(self, request: views.ListDuplicates, act: Act) -> views.DuplicateList:
        wanted = request.model_dump(exclude_none=True, mode="json")
        found = self._duplicates.find(wanted).sort("position", ASCENDING).limit(_CASES)
        items = fitting([self._case(document, act) for document in found])
        return views.DuplicateList(
            items=tuple(items), total=self._duplicates.count_documents(wanted)
        )

    def get_duplicate(self, request: views.ById, act: Act) -> views.DuplicateCase:
        document = self._duplicates.find_one({"_id": str(request.id)})
        if document is None:
            raise Rejected("registry.duplicate_case_not_found", {"id": str(request.id)})
        return self._case(document, act)

    def list_tasks(self, request: views.ListTasks, act: Act) -> views.TaskList:
        """What has to be done, the most urgent first; tasks without a day come last."""
        scope = Scope.of(act.caller)
        wanted: dict[str, Any] = {"tasks": {"$ne": []}}
        if request.partner is not None:
            wanted["partner"] = request.partner
        documents = self._participants.find(
            {"$and": [wanted, _within(scope)]}, {"tasks": 1, "partner": 1}
        )
        due = [
            _task(document, task, request.as_of)
            for document in documents
            for task in document["tasks"]
        ]
        alerts = [
            each
            for each in self.reads.alerts(act.caller, request.as_of)
            if request.partner in (None, each.partner)
        ]
        tasks = sorted(
            (each for each in (*due, *alerts) if request.kind in (None, each.kind)),
            key=lambda task: (task.due_on or date.max, task.kind, str(task.participant_id)),
        )
        return views.TaskList(items=tuple(fitting(tasks[: request.limit])), total=len(tasks))

    def get_dashboard(self, _: NoRequest, act: Act) -> views.Dashboard:
        """Targets against actuals. Counts only, so nothing personal leaves and no read is recorded."""
        scope = Scope.of(act.caller)
        in_scope = {} if Role.RESEARCHER in act.caller.roles else _within(scope)
        documents = list(
            self._participants.find(
                {"$and": [{"status": {"$ne": Status.MERGED}}, in_scope]},
                {
                    "kind",
                    "status",
                    "partner",
                    "countable",
                    "enrolled",
                    "position",
                    "boxes.monitoring",
                },
            )
        )
        opened = open_boxes(self._vault, documents, frozenset({DataClass.MONITORING}))
        rows = list(zip(documents, map(_sex, opened), strict=True))
        return views.Dashboard(
            position=max((document["position"] for document in documents), default=0),
            as_of=self._today(),
            project=self._project,
            tallies=tuple(
                _tally(kind, target, [row for row in rows if row[0]["kind"] == kind])
                for kind, target in self._targets.items()
            ),
            by_partner=dict(sorted(Counter(document["partner"] for document in documents).items())),
        )

    def _participant(self, participant_id: UUID, scope: Scope) -> dict[str, Any]:
        document = self._participants.find_one({"_id": str(participant_id)})
        if document is None:
            raise _not_found(participant_id)
        if not scope.includes(document["partner"], participant_id):
            raise _not_found(participant_id)
        return document

    def _shown(
        self, documents: Sequence[dict[str, Any]], scope: Scope, act: Act
    ) -> list[views.Participant]:
        shown = participant_views(self._vault, documents, scope)
        self._record_shown(documents, "_id", scope, act)
        return shown

    def _record_shown(
        self,
        documents: Sequence[dict[str, Any]],
        id_field: str,
        scope: Scope,
        act: Act,
    ) -> None:
        if documents and scope.data_classes:
            subjects = [UUID(subject) for subject in {document[id_field] for document in documents}]
            self._record_read(act, subjects, scope.data_classes)

    def _case(self, document: dict[str, Any], act: Act) -> views.DuplicateCase:
        scope = Scope.of(act.caller)
        pair = [self._participant(UUID(document[name]), scope) for name in ("first", "second")]
        first, second = self._shown(pair, scope, act)
        return views.DuplicateCase(
            id=UUID(document["_id"]),
            version=document["version"],
            state=document["state"],
            likeness=document["likeness"],
            first=first,
            second=second,
            differing=differing(first, second),
        )


def _within(scope: Scope) -> dict[str, Any]:
    """The part of a query on participants that keeps it within the scope."""
    if scope.whole_partnership:
        return {}
    if scope.partner is not None:
        return {"partner": scope.partner}
    return {"_id": str(scope.participant_id)}


def _emergency(act: Act) -> bool:
    """Whether a case worker says that a record of another partner must be seen at once."""
    purpose = act.provenance.reason or ""
    return Role.CASEWORKER in act.caller.roles and purpose.startswith(EMERGENCY)


def _usable(scope: Scope) -> dict[str, Any]:
    """Restricted records are found by those only who decide on their erasure."""
    return {} if scope.whole_partnership else {"restricted": False}


def _not_found(participant_id: UUID) -> Rejected:
    """In the same words for a record that is out of reach."""
    return Rejected("not_found", {"id": str(participant_id)})


def _sex(private: Private) -> str:
    values = private.get(DataClass.MONITORING)
    if isinstance(values, Absent):
        return values.value
    return (values["data"].get("sex") if values else None) or "unknown"


def _tally(kind: Kind, target: int, rows: Sequence[tuple[dict[str, Any], str]]) -> views.Tally:
    enrolled = [(document, sex) for document, sex in rows if document["enrolled"]]
    return views.Tally(
        kind=kind,
        target=target,
        registered=len(rows),
        enrolled=len(enrolled),
        countable=sum(document["countable"] for document, _ in enrolled),
        by_status=dict(sorted(Counter(document["status"] for document, _ in rows).items())),
        by_sex=dict(
            sorted(Counter(sex for document, sex in enrolled if document["countable"]).items())
        ),
    )


def _task(document: dict[str, Any], task: dict[str, Any], as_of: date) -> views.Task:
    due_on = task["due_on"] and date.fromisoformat(task["due_on"])
    return views.Task(
        kind=task["kind"],
        participant_id=UUID(document["_id"]),
        partner=document["partner"],
        due_on=due_on,
        overdue=due_on is not None and due_on < as_of,
        opens_on=date.fromisoformat(task["opens_on"]),
        gaps=task["gaps"],
        case_id=task["case_id"],
        correction_id=task["correction_id"],
        proposal_id=task["proposal_id"],
    )
