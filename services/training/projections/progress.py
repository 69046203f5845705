"""How far everybody on a course has come, and who has to be warned.

A document per edition and participant, made anew from the roster and all marks of the edition. It
knows no clock: what has passed by now is counted when somebody asks.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from pymongo import ASCENDING, IndexModel

from services.training.domain.attendance_history import AttendanceHistory, counted
from services.training.domain.edition import Edition
from services.training.domain.edition_history import ON_THE_COURSE, EditionHistory, Enrolment
from services.training.domain.participation_history import participation_id
from services.training.domain.progress import Progress
from shared.contracts.training.vocabulary import CompetenceStage, EnrolmentState
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, Part, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    """After the editions and the attendance lists, whose documents it reads."""

    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        touched = _editions(batch, writer)
        for known in writer["editions"].find({"_id": {"$in": touched}}) if touched else ():
            edition = load(UUID(known["_id"]), known["version"])
            lists = list(writer["attendance"].find({"edition_id": known["_id"], "dropped": False}))
            documents = list(_documents(edition, lists))
            replace(writer, "progress", documents)
            writer["progress"].delete_many(
                {
                    "edition_id": known["_id"],
                    "_id": {"$nin": [document["_id"] for document in documents]},
                }
            )

    return Part(
        {
            "progress": [
                IndexModel([("edition_id", ASCENDING)]),
                IndexModel([("warning", ASCENDING), ("partner", ASCENDING)]),
            ]
        },
        project,
    )


def _editions(batch: Sequence[Recorded], writer: Writer) -> list[str]:
    editions, lists = (
        {
            str(each.event.originator_id)
            for each in batch
            if issubclass(each.event.aggregate_class, history)
        }
        for history in (EditionHistory, AttendanceHistory)
    )
    found = writer["attendance"].find({"_id": {"$in": sorted(lists)}}) if lists else ()
    return sorted(editions | {document["edition_id"] for document in found})


def _documents(edition: Edition, lists: Sequence[Document]) -> Iterator[Document]:
    for who, enrolment in edition.enrolments.items():
        if enrolment.state in ON_THE_COURSE | {EnrolmentState.ABANDONED}:
            yield _document(edition, who, enrolment, lists)


def _counted(document: Document, who: UUID, records: Collection[UUID]) -> int | None:
    minutes = {UUID(marked): mark["minutes"] for marked, mark in document["marks"].items()}
    return counted(minutes, who, records, settled=document["settled_on"] is not None)


def _document(
    edition: Edition, who: UUID, enrolment: Enrolment, lists: Iterable[Document]
) -> Document:
    minimum, records = edition.terms.minimum_percent, edition.records_of(who)
    progress = Progress.of((each["minutes"], _counted(each, who, records)) for each in lists)
    warned = enrolment.state is EnrolmentState.ENROLLED
    return {
        "_id": str(participation_id(edition.id, who)),
        "edition_id": str(edition.id),
        "edition_code": edition.terms.code,
        "partner": edition.terms.partner,
        "participant_id": str(who),
        "records": sorted(map(str, records)),
        "stages": [
            {"stage": stage.value, "reached_on": day.isoformat()}
            for stage, day in (
                (CompetenceStage.SCOPE, edition.content.scope_on),
                (CompetenceStage.STANDARD, edition.content.standard_on),
            )
            if day is not None
        ],
        "state": enrolment.state.value,
        "attended_minutes": progress.attended,
        "planned_minutes": progress.planned,
        "percent": progress.percent,
        "minimum_percent": minimum,
        "still_reachable": progress.can_reach(minimum),
        "warning": progress.warning(minimum) if warned else None,
    }
