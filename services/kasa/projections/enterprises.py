"""Enterprises with their members, job places and duties."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.enterprise import Enterprise
from services.kasa.domain.founding import duties
from services.kasa.domain.rules import KasaRules
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load, rules: KasaRules) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        found = latest(batch, Enterprise, load)
        replace(writer, "enterprises", (_document(*each, rules) for each in found))

    return Part(
        {
            "enterprises": [
                BY_CHANGE,
                IndexModel([("partner", ASCENDING), ("position", ASCENDING)]),
                IndexModel([("duties.due_on", ASCENDING)]),
            ]
        },
        project,
    )


def _document(enterprise: Enterprise, last: Recorded, rules: KasaRules) -> Document:
    terms, status, founded = enterprise.terms, enterprise.status, enterprise.founded
    facts = terms.model_dump(
        mode="json",
        include={
            "code",
            "name",
            "kind",
            "legal_form",
            "founded_by",
            "partner",
            "teryt",
            "fiscal_year_month",
            "converted",
        },
    )
    return facts | {
        "_id": str(enterprise.id),
        "position": last.position,
        "version": enterprise.version,
        "state": enterprise.state.value,
        "identifiers": enterprise.identifiers.model_dump(mode="json"),
        "registered_on": terms.occurred_on.isoformat(),
        "founded_on": founded and founded.occurred_on.isoformat(),
        "closed_on": enterprise.closed_on and enterprise.closed_on.isoformat(),
        "status": status
        and {
            "decision": status.decision,
            "granted_on": status.occurred_on.isoformat(),
            "reintegration": status.reintegration,
        },
        "members": _members(enterprise),
        "places": _places(enterprise),
        "current_members": len(enterprise.current_members),
        "employed": len(enterprise.employed),
        "duties": [
            {
                "kind": each.kind.value,
                "article": each.article,
                "have": each.have,
                "required": each.required,
                "due_on": each.due_on.isoformat(),
                "open": each.is_open,
            }
            for each in duties(enterprise, rules.enterprises)
        ],
    }


def _members(enterprise: Enterprise) -> list[Document]:
    """`counts`: of several records of one person only one does, and of those who are there."""
    counting = enterprise.current_members
    return [
        {
            "member_id": str(who),
            "person": each.person.model_dump(mode="json"),
            "nature": each.nature.value,
            "entitled": each.entitled,
            "since": each.since.isoformat(),
            "until": each.until and each.until.isoformat(),
            "counts": any(each is other for other in counting),
        }
        for who, each in enterprise.members.items()
    ]


def _places(enterprise: Enterprise) -> list[Document]:
    return [
        {
            "place_id": str(place_id),
            "person": each.person and each.person.model_dump(mode="json"),
            "share": str(each.share),
            "entitled": each.entitled,
            "since": each.since.isoformat(),
            "lost_on": each.lost_on and each.lost_on.isoformat(),
            "cause": each.cause and each.cause.value,
        }
        for place_id, each in enterprise.places.items()
    ]
