"""What waits for the caller: nothing that they may not do, because they did what it rests on."""

from collections.abc import Iterator
from datetime import date

from services.kasa.queries.reading import Reading
from shared.contracts.access import Role
from shared.contracts.kasa.operations.making import LENDING, STEERING
from shared.contracts.kasa.views import queue as views
from shared.contracts.kasa.views.queue import Waiting, Work
from shared.contracts.kasa.vocabulary.bank import LineState
from shared.contracts.kasa.vocabulary.calls import ApplicationState
from shared.contracts.operations import NoRequest
from shared.eventstore.acts import Act
from shared.messaging.wire import fitting
from shared.runtime.views import Document

LINES_SHOWN = 100
OF_GRANTS = (Work.REVIEW_REPORT, Work.RELEASE_TRANCHE, Work.PAY_TRANCHE)


class Queue:
    def __init__(self, reading: Reading) -> None:
        self._applications = reading.views["applications"]
        self._meetings = reading.views["meetings"]
        self._grants = reading.views["grants"]
        self._sources = reading.views["sources"]
        self._loans = reading.views["loans"]
        self._bank_lines = reading.views["bank_lines"]

    def my_queue(self, _request: NoRequest, act: Act) -> views.Queue:
        me, roles = act.caller.subject, act.caller.roles
        items = [*self._reviews(me)]
        if roles & LENDING:
            items += [*self._to_check(me), *self._to_assign()]
            items += [*self._of_grants(me), *self._of_loans(me), *self._to_match()]
        if roles & STEERING:
            items += self._withdrawals(me)
        if Role.COMMITTEE_MEMBER in roles:
            items += self._of_meetings(me)
        items.sort(key=lambda each: (each.due_on or date.max, each.since, each.id))
        return views.Queue(items=tuple(fitting(items)))

    def _reviews(self, me: str) -> Iterator[Waiting]:
        """Of the version that stands, by an assigned reviewer without a conflict."""
        mine: Document = {"state": ApplicationState.ASSESSED.value, "reviewers.reviewer": me}
        for document in self._applications.find(mine):
            (conflict,) = (
                each["conflict"] for each in document["reviewers"] if each["reviewer"] == me
            )
            scored = {(each["reviewer"], each["number"]) for each in document["scores"]}
            if conflict is None:
                yield _about(document, Work.DECLARE_INTEREST)
            elif not conflict and (me, len(document["versions"])) not in scored:
                yield _about(document, Work.REVIEW_APPLICATION)

    def _to_check(self, me: str) -> Iterator[Waiting]:
        submitted: Document = {"state": ApplicationState.SUBMITTED.value, "authors": {"$ne": me}}
        for document in self._applications.find(submitted):
            yield _about(document, Work.CHECK_APPLICATION)

    def _to_assign(self) -> Iterator[Waiting]:
        assessed: Document = {
            "state": ApplicationState.ASSESSED.value,
            "reviewers_missing": {"$gt": 0},
        }
        for document in self._applications.find(assessed):
            yield _about(document, Work.ASSIGN_REVIEWER)

    def _of_meetings(self, me: str) -> Iterator[Waiting]:
        for document in self._meetings.find({"members": me, "open": True}):
            for case in document["cases"]:
                if case["proposal"] is None or case["resolution"] or me in case["recused"]:
                    continue
                if self._is_barred(case["application_id"], me):
                    continue
                if me not in case["voted"]:
                    yield _of_case(document, case, Work.CAST_VOTE)
                if len(case["voted"]) >= document["quorum"] and me != case["proposed_by"]:
                    yield _of_case(document, case, Work.RESOLVE_CASE)

    def _is_barred(self, application_id: str, me: str) -> bool:
        return self._applications.find_one({"_id": application_id, "barred": me}) is not None

    def _of_grants(self, me: str) -> Iterator[Waiting]:
        kinds = [each.value for each in OF_GRANTS]
        for document in self._grants.find({"tasks.kind": {"$in": kinds}}):
            for task in document["tasks"]:
                maker = document["makers"].get(f"{task['kind']}/{task['about']}")
                if task["kind"] in kinds and maker != me:
                    yield Waiting(
                        work=Work(task["kind"]),
                        id=document["_id"],
                        about=document["number"],
                        item=task["about"],
                        since=task["opens_on"],
                        due_on=task["due_on"],
                    )

    def _withdrawals(self, me: str) -> Iterator[Waiting]:
        for document in self._sources.find({"withdrawals": {"$ne": []}}):
            for each in document["withdrawals"]:
                if each["requested_by"] != me:
                    yield Waiting(
                        work=Work.APPROVE_WITHDRAWAL,
                        id=document["_id"],
                        about=document["source"],
                        item=each["id"],
                        since=each["requested_on"],
                    )

    def _of_loans(self, me: str) -> Iterator[Waiting]:
        for document in self._loans.find({"waiting.work": {"$exists": True}}):
            for each in document["waiting"]:
                if each["not_by"] != me:
                    yield Waiting(
                        work=Work(each["work"]),
                        id=document["_id"],
                        about=document["number"],
                        item=each["item"],
                        since=each["since"],
                    )

    def _to_match(self) -> Iterator[Waiting]:
        """The oldest lines of bank statements that wait for a person."""
        waiting: Document = {"state": LineState.QUEUED.value}
        for document in self._bank_lines.find(waiting).sort("booked_on").limit(LINES_SHOWN):
            yield Waiting(
                work=Work.MATCH_BANK_LINE,
                id=document["_id"],
                about=document["bank_reference"],
                item=document["why"],
                since=document["booked_on"],
            )


def _about(document: Document, work: Work) -> Waiting:
    return Waiting(
        work=work,
        id=document["_id"],
        about=document["call"],
        application_id=document["_id"],
        since=document["latest_on"],
    )


def _of_case(meeting: Document, case: Document, work: Work) -> Waiting:
    return Waiting(
        work=work,
        id=meeting["_id"],
        about=meeting["call"],
        application_id=case["application_id"],
        since=meeting["on"],
    )
