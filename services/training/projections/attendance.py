"""Attendance lists and the corrections to them.

Why somebody was absent, and why a mark was wrong, stay in the boxes they were recorded in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from pymongo import ASCENDING, IndexModel

from services.training.domain.attendance import AttendanceList, is_late
from services.training.domain.attendance_history import Correction, Presence
from services.training.domain.rules import TrainingRules
from services.training.domain.timetable import net_minutes
from shared.kernel.days import POLAND
from shared.kernel.personal import DataClass
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load, rules: TrainingRules) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        events: dict[UUID, list[Recorded]] = defaultdict(list)
        for each in batch:
            events[each.event.originator_id].append(each)
        found = latest(batch, AttendanceList, load)
        known = _known(writer, [str(attendance.id) for attendance, _ in found])
        replace(
            writer,
            "attendance",
            (_list(each, last, _records(events[each.id], known, rules)) for each, last in found),
        )
        replace(
            writer,
            "attendance_corrections",
            (
                _correction(attendance, last, each)
                for attendance, last in found
                for each in attendance.corrections.values()
            ),
        )

    return Part(
        {
            "attendance": [
                IndexModel([("edition_id", ASCENDING), ("session.day", ASCENDING)]),
                IndexModel([("session.trainer", ASCENDING), ("session.day", ASCENDING)]),
            ],
            "attendance_corrections": [
                IndexModel([("edition_id", ASCENDING)]),
                IndexModel([("session_id", ASCENDING)]),
            ],
        },
        project,
    )


def _known(writer: Writer, ids: Sequence[str]) -> dict[str, Document]:
    found = writer["attendance"].find({"_id": {"$in": ids}}) if ids else ()
    return {document["_id"]: document["marks"] for document in found}


def _records(
    events: Sequence[Recorded], known: Mapping[str, Document], rules: TrainingRules
) -> Document:
    """By participant: when the first word about the minutes that stand was recorded."""
    records = dict(known.get(str(events[0].event.originator_id), {}))
    for each in events:
        if isinstance(each.event, AttendanceList.Marked | AttendanceList.Corrected):
            recorded_on = each.at.astimezone(POLAND).date()
            corrected = isinstance(each.event, AttendanceList.Corrected)
            records[str(each.event.participant_id)] = {
                "recorded_at": each.at.isoformat(),
                "late": not corrected and is_late(each.event.occurred_on, recorded_on, rules),
                "corrected": corrected,
            }
    return records


def _list(attendance: AttendanceList, last: Recorded, records: Mapping[str, Document]) -> Document:
    session = attendance.session
    if session is None:
        raise LookupError(f"attendance list {attendance.id} has no session")
    return {
        "_id": str(attendance.id),
        "position": last.position,
        "version": attendance.version,
        "edition_id": str(attendance.edition_id),
        "dropped": attendance.dropped,
        "session": session.model_dump(mode="json"),
        "minutes": net_minutes(session),
        "marks": {
            str(participant): records[str(participant)] | _mark(presence)
            for participant, presence in attendance.marks.items()
        },
        "settled_on": attendance.settled_on and attendance.settled_on.isoformat(),
        "settled_by": attendance.settled_by,
    }


def _mark(presence: Presence) -> Document:
    return {
        "minutes": presence.minutes,
        "box": presence.box and presence.box.model_dump(mode="json"),
    }


def _correction(attendance: AttendanceList, last: Recorded, correction: Correction) -> Document:
    request = correction.request
    box = request.box(DataClass.SPECIAL)
    return {
        "_id": str(request.correction_id),
        "position": last.position,
        "session_id": str(attendance.id),
        "edition_id": str(attendance.edition_id),
        "participant_id": str(request.participant_id),
        "held_on": attendance.session and attendance.session.day.isoformat(),
        "minutes_before": request.minutes_before,
        "minutes": request.minutes,
        "requested_on": request.occurred_on.isoformat(),
        "requested_by": request.requested_by,
        "source_document": request.source_document,
        "state": correction.state.value,
        "decided_on": correction.decided_on and correction.decided_on.isoformat(),
        "decided_by": correction.decided_by,
        "box": box and box.model_dump(mode="json"),
    }
