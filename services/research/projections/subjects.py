"""What research knows of participants and enterprises: the frames that samples are drawn from."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.research.domain.enterprise import Enterprise
from services.research.domain.subject import Subject, Told
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(writer, "subjects", (_subject(*each) for each in latest(batch, Subject, load)))
        enterprises = latest(batch, Enterprise, load)
        replace(writer, "enterprises", (_enterprise(*each) for each in enterprises))

    return Part(
        {
            "subjects": [BY_CHANGE, IndexModel([("state", ASCENDING)])],
            "enterprises": [BY_CHANGE, IndexModel([("teryt", ASCENDING)])],
        },
        project,
    )


def _subject(subject: Subject, last: Recorded) -> Document:
    """The registry's boxes go on as they came: opened only while a sample is drawn."""
    registered = subject.registered
    return {
        "_id": str(subject.id),
        "position": last.position,
        "version": subject.version,
        "kind": registered and registered.kind.value,
        "partner": registered and registered.partner,
        "state": subject.state and subject.state.value,
        "contactable": subject.contactable,
        "can_be_asked": subject.can_be_asked,
        "told": [_told(each) for each in subject.told],
    }


def _told(told: Told) -> Document:
    return {
        "on": told.on.isoformat(),
        "fields": None if told.fields is None else list(told.fields),
        "box": told.box and told.box.model_dump(mode="json"),
    }


def _enterprise(enterprise: Enterprise, last: Recorded) -> Document:
    founded = enterprise.founded
    return {
        "_id": str(enterprise.id),
        "position": last.position,
        "version": enterprise.version,
        "kind": founded and founded.kind.value,
        "partner": founded and founded.partner,
        "teryt": founded and founded.teryt,
        "founded_on": founded and founded.occurred_on.isoformat(),
        "closed_on": enterprise.closed_on and enterprise.closed_on.isoformat(),
        "places": [
            {
                "share": str(each.share),
                "since": each.since.isoformat(),
                "until": each.until and each.until.isoformat(),
            }
            for each in enterprise.places.values()
        ],
    }
