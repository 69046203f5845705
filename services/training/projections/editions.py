"""Editions with their roster, the sessions of the timetables in force, and all timetables there were."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.training.domain.edition import Edition
from services.training.domain.timetable import minutes_by_topic, net_minutes
from shared.contracts.training.vocabulary import EnrolmentState, Session
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Edition, load)
        replace(writer, "editions", (_edition(*each) for each in found))
        for edition, _ in found:
            writer["sessions"].delete_many({"edition_id": str(edition.id)})
            if edition.sessions:
                writer["sessions"].insert_many(
                    [_session(edition, each) for each in edition.sessions]
                )
        timetables = [each for each in batch if isinstance(each.event, Edition.TimetableSet)]
        replace(writer, "timetables", map(_timetable, timetables))

    return Part(
        {
            "editions": [
                BY_CHANGE,
                IndexModel([("partner", ASCENDING), ("position", ASCENDING)]),
                IndexModel([("trainers", ASCENDING)]),
            ],
            "sessions": [
                IndexModel([("edition_id", ASCENDING)]),
                IndexModel([("session.day", ASCENDING), ("session.starts", ASCENDING)]),
                IndexModel([("session.trainer", ASCENDING), ("session.day", ASCENDING)]),
            ],
            "timetables": [IndexModel([("edition_id", ASCENDING), ("number", ASCENDING)])],
        },
        project,
    )


def _edition(edition: Edition, last: Recorded) -> Document:
    terms, minutes = edition.terms, minutes_by_topic(edition.sessions)
    return {
        "_id": str(edition.id),
        "position": last.position,
        "version": edition.version,
        "code": terms.code,
        "state": "open" if edition.closed_on is None else "closed",
        "programme_id": str(terms.programme_id),
        "programme_number": terms.programme_number,
        **terms.content.model_dump(mode="json", include={"title_pl", "title_en", "result", "hour"}),
        "partner": terms.partner,
        "place": terms.place,
        "opened_on": terms.occurred_on.isoformat(),
        "limits": terms.limits.model_dump(mode="json"),
        "minimum_percent": terms.minimum_percent,
        "contracts": [each.model_dump(mode="json") for each in edition.contracts],
        "timetable_version": edition.timetable_version,
        "first_day": edition.first_day and edition.first_day.isoformat(),
        "last_day": edition.last_day and edition.last_day.isoformat(),
        "trainers": sorted(edition.trainers),
        "topics": [
            {
                "topic": topic.code,
                "planned": topic.planned_minutes,
                "timetabled": minutes.get(topic.code, 0),
            }
            for topic in terms.content.topics
        ],
        "enrolments": _enrolments(edition),
        "enrolled": len(edition.enrolled),
        "reserve": len(edition.reserve),
        "closed_on": edition.closed_on and edition.closed_on.isoformat(),
    }


def _enrolments(edition: Edition) -> list[Document]:
    """In order of enrolment; `until` is the first day without a place, for who left."""
    ranks = {who: rank for rank, who in enumerate(edition.reserve, start=1)}
    return [
        {
            "participant_id": str(who),
            "state": each.state.value,
            "since": (each.until or each.since).isoformat(),
            "rank": ranks[who] if each.state is EnrolmentState.RESERVE else None,
        }
        for who, each in edition.enrolments.items()
    ]


def _session(edition: Edition, session: Session) -> Document:
    content = edition.content
    return {
        "_id": str(session.id),
        "edition_id": str(edition.id),
        "edition_code": edition.terms.code,
        "title_pl": content.title_pl,
        "title_en": content.title_en,
        "partner": edition.terms.partner,
        "place": edition.terms.place,
        "session": session.model_dump(mode="json"),
        "minutes": net_minutes(session),
        "enrolled": sorted(map(str, edition.enrolled_on(session.day))),
    }


def _timetable(recorded: Recorded) -> Document:
    event = recorded.event
    return {
        "_id": f"{event.originator_id}/{event.number:06}",
        "edition_id": str(event.originator_id),
        "number": event.number,
        "decided_on": event.occurred_on.isoformat(),
        "recorded_at": recorded.at.isoformat(),
        "actor": recorded.meta["actor"],
        "reason": event.reason,
        "sessions": [each.model_dump(mode="json") for each in event.sessions],
    }
