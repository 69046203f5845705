"""How far people on courses have come, and what it led to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.training.domain.attendance_history import counted
from services.training.domain.participation import learning_gain
from services.training.domain.participation_history import participation_id
from services.training.domain.reach import Reach
from services.training.queries.boxes import Opened, opened
from services.training.queries.progress import progress_view
from services.training.queries.reading import Reading
from shared.contracts.scope import Scope
from shared.contracts.training import views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.messaging.wire import fitting
from shared.runtime.views import Document

NOTHING: Document = {
    "version": 0,
    "tests": [],
    "stages": [],
    "qualification": None,
    "evaluations": [],
}
"""Of somebody of whom attendance only was recorded."""


class Participations:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._progress = reading.views["progress"]
        self._attendance = reading.views["attendance"]
        self._participations = reading.views["participations"]

    def get_participation(self, request: views.GetParticipation, act: Act) -> views.Participation:
        course_id = participation_id(request.edition_id, request.participant_id)
        course = self._progress.find_one({"_id": str(course_id)})
        if course is None or not _within_reach(course, act):
            raise Rejected("not_found", {"id": str(request.participant_id)})
        lists = self._lists([course["edition_id"]])[course["edition_id"]]
        document = self._participation(course)
        private = opened(
            self._reading,
            [*document["tests"], *document["evaluations"]],
            DataClass.MONITORING,
            act,
        )
        shown = _view(course, document, lists, private, self._reading.now())
        certificates = self._reading.certificates_of(course["edition_id"])
        own = (certificates[each] for each in course["records"] if each in certificates)
        return shown.model_copy(update={"certificate_id": next(map(UUID, own), None)})

    def list_warnings(self, request: views.ListWarnings, act: Act) -> views.WarningList:
        scope = Scope.of(act.caller)
        wanted: dict[str, Any] = {"warning": {"$ne": None}}
        within = {} if scope.whole_partnership else {"partner": scope.partner}
        asked = request.model_dump(exclude_none=True)
        found = list(
            self._progress.find({"$and": [wanted, within, asked]}).sort(
                [("warning", -1), ("edition_code", 1), ("_id", 1)]
            )
        )
        lists = self._lists({each["edition_id"] for each in found})
        items = [
            views.AttendanceWarning(
                edition_id=UUID(each["edition_id"]),
                edition_code=each["edition_code"],
                participant_id=UUID(each["participant_id"]),
                progress=progress_view(each, lists[each["edition_id"]], self._reading.now()),
            )
            for each in found
        ]
        return views.WarningList(items=tuple(fitting(items)), total=len(items))

    def _lists(self, editions: Iterable[str]) -> Mapping[str, list[Document]]:
        found = self._attendance.find({"edition_id": {"$in": sorted(editions)}, "dropped": False})
        by_edition: dict[str, list[Document]] = defaultdict(list)
        for each in found.sort([("session.day", 1), ("session.starts", 1)]):
            by_edition[each["edition_id"]].append(each)
        return by_edition

    def _participation(self, course: Document) -> Document:
        """It may have been begun under a record that was merged since."""
        streams = [
            str(participation_id(UUID(course["edition_id"]), UUID(each)))
            for each in course["records"]
        ]
        found = self._participations.find_one({"_id": {"$in": streams}})
        return NOTHING if found is None else found


def _within_reach(course: Document, act: Act) -> bool:
    """A participant reaches the own course, under any of their records."""
    own = Scope.of(act.caller).participant_id
    partner = course["partner"]
    return str(own) in course["records"] or Reach.of(act.caller).includes(partner, ())


def _view(
    course: Document,
    document: Document,
    lists: Sequence[Document],
    private: Opened,
    now: datetime,
) -> views.Participation:
    return views.Participation.model_validate(
        {
            "edition_id": course["edition_id"],
            "edition_code": course["edition_code"],
            "participant_id": course["participant_id"],
            "version": document["version"],
            "state": course["state"],
            "progress": progress_view(course, lists, now),
            "sessions": tuple(_session(course, each) for each in lists),
            "tests": tuple(
                {name: each[name] for name in ("phase", "taken_on", "maximum")}
                | {"points": private.of(each).get("points")}
                for each in document["tests"]
            ),
            "learning_gain": _learning_gain(document["tests"], private),
            "stages": (*course["stages"], *document["stages"]),
            "qualification": document["qualification"],
            "evaluations": tuple(
                {name: each[name] for name in ("level", "measure", "observed_on", "reference")}
                | {"value": private.of(each).get("value")}
                for each in document["evaluations"]
            ),
        }
    )


def _session(course: Document, attendance: Document) -> views.AttendedSession:
    session = attendance["session"]
    settled = attendance["settled_on"] is not None
    minutes = {UUID(marked): mark["minutes"] for marked, mark in attendance["marks"].items()}
    return views.AttendedSession(
        session_id=UUID(attendance["_id"]),
        day=session["day"],
        topic=session["topic"],
        planned_minutes=attendance["minutes"],
        minutes=counted(
            minutes,
            UUID(course["participant_id"]),
            [UUID(each) for each in course["records"]],
            settled=settled,
        ),
        settled=settled,
    )


def _learning_gain(tests: Sequence[Document], private: Opened) -> int | None:
    """None unless both tests were taken and can be read."""
    found = {each["phase"]: (private.of(each).get("points"), each["maximum"]) for each in tests}
    pre, post = (found.get(phase, (None, 1)) for phase in ("pre", "post"))
    if pre[0] is None or post[0] is None:
        return None
    return learning_gain((pre[0], pre[1]), (post[0], post[1]))
