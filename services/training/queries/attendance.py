"""Sessions with their attendance lists, and the corrections to them.

Trainers see minutes and names of their own sessions; why somebody was absent, or why a mark was
wrong, may tell of health, and is opened for those only who may see such data.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.training.queries.boxes import Opened, opened
from services.training.queries.reading import Reading
from services.training.queries.sessions import sessions_in_reach
from shared.contracts.scope import Scope
from shared.contracts.training import views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.messaging.wire import fitting
from shared.runtime.views import Document

IN_ORDER = [("session.day", 1), ("session.starts", 1), ("_id", 1)]


class Attendance:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._sessions = reading.views["sessions"]
        self._attendance = reading.views["attendance"]
        self._corrections = reading.views["attendance_corrections"]
        self._progress = reading.views["progress"]
        self._editions = reading.views["editions"]

    def get_session(self, request: views.ById, act: Act) -> views.SessionSheet:
        for sheet in self.sheets({"_id": str(request.id)}, act):
            return sheet
        raise Rejected("not_found", {"id": str(request.id)})

    def sheets(self, wanted: Document, act: Act) -> list[views.SessionSheet]:
        """Of the sessions in reach, in order of time."""
        condition = {"$and": [wanted, sessions_in_reach(act.caller)]}
        return self._sheets(list(self._sessions.find(condition).sort(IN_ORDER)), act)

    def get_today(self, request: views.ListToday, act: Act) -> views.Today:
        """The caller's own sessions of a day, in order of time, each with its list."""
        day = request.day or self._reading.now().date()
        own = {"session.day": day.isoformat(), "session.trainer": act.caller.subject}
        found = list(self._sessions.find(own).sort(IN_ORDER))
        return views.Today(day=day, sessions=tuple(self._sheets(found, act)))

    def list_attendance_corrections(
        self, request: views.ListAttendanceCorrections, act: Act
    ) -> views.AttendanceCorrectionList:
        wanted = request.model_dump(exclude_none=True, mode="json")
        scope = Scope.of(act.caller)
        if not scope.whole_partnership:
            editions = self._editions.find({"partner": scope.partner}, {"_id": 1})
            within = {"edition_id": {"$in": [each["_id"] for each in editions]}}
            wanted = {"$and": [wanted, within]}
        found = list(self._corrections.find(wanted).sort([("requested_on", 1), ("_id", 1)]))
        reasons = self._opened(found, act)
        items = [_correction(each, reasons) for each in found]
        return views.AttendanceCorrectionList(items=tuple(fitting(items)), total=len(items))

    def _sheets(self, found: Sequence[Document], act: Act) -> list[views.SessionSheet]:
        ids = [session["_id"] for session in found]
        lists = {each["_id"]: each for each in self._attendance.find({"_id": {"$in": ids}})}
        corrections: dict[str, list[Document]] = defaultdict(list)
        for each in self._corrections.find({"session_id": {"$in": ids}}).sort("requested_on"):
            corrections[each["session_id"]].append(each)
        marks = [
            mark | {"participant_id": participant}
            for each in lists.values()
            for participant, mark in each["marks"].items()
        ]
        requests = [each for requested in corrections.values() for each in requested]
        private = self._opened([*marks, *requests], act)
        records = self._records({session["edition_id"] for session in found})
        return [
            _sheet(each, lists[each["_id"]], corrections[each["_id"]], records, private)
            for each in found
        ]

    def _opened(self, documents: Sequence[Document], act: Act) -> Opened:
        return opened(self._reading, documents, DataClass.SPECIAL, act)

    def _records(self, editions: set[str]) -> Mapping[tuple[str, str], Sequence[str]]:
        """The records of each person on the editions."""
        found = self._progress.find({"edition_id": {"$in": sorted(editions)}})
        return {(each["edition_id"], each["participant_id"]): each["records"] for each in found}


def _sheet(
    session: Document,
    attendance: Document,
    corrections: Sequence[Document],
    records: Mapping[tuple[str, str], Sequence[str]],
    private: Opened,
) -> views.SessionSheet:
    names = views.SessionSheet.model_fields.keys() & session.keys()
    shown: dict[str, Any] = {name: session[name] for name in names}
    of_person = {
        who: records.get((session["edition_id"], who), [who]) for who in session["enrolled"]
    }
    return views.SessionSheet.model_validate(
        shown
        | {
            "id": session["_id"],
            "version": attendance["version"],
            "settled_on": attendance["settled_on"],
            "settled_by": attendance["settled_by"],
            "marks": tuple(_marks(attendance["marks"], of_person, private)),
            "corrections": tuple(_correction(each, private) for each in corrections),
        }
    )


def _marks(
    marks: Mapping[str, Document], of_person: Mapping[str, Sequence[str]], private: Opened
) -> Iterator[views.AttendanceMark]:
    """Of everybody enrolled on the day, and of those marked who prove not to have been."""
    known = {each for records in of_person.values() for each in records}
    people = {**of_person, **{who: [who] for who in marks if who not in known}}
    for who, records in people.items():
        own = next((marks[each] for each in (who, *records) if each in marks), None)
        if own is None:
            yield views.AttendanceMark(participant_id=UUID(who), minutes=None)
        else:
            reason = private.of(own)
            yield views.AttendanceMark(
                participant_id=UUID(who),
                minutes=own["minutes"],
                absence=reason.get("absence"),
                note=reason.get("note"),
                recorded_at=own["recorded_at"],
                late=own["late"],
                corrected=own["corrected"],
            )


def _correction(document: Document, private: Opened) -> views.AttendanceCorrection:
    names = views.AttendanceCorrection.model_fields.keys() & document.keys()
    shown: dict[str, Any] = {name: document[name] for name in names}
    return views.AttendanceCorrection.model_validate(
        shown | {"id": document["_id"], "reason": private.of(document).get("reason")}
    )
