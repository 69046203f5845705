"""Single undertakings with all their aid, outside parties, and the register of what was granted."""

from collections import defaultdict
from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.kasa.domain.undertaking import Undertaking
from shared.messaging.publication import Recorded
from shared.runtime.paging import BY_CHANGE
from shared.runtime.parts import Document, Load, Part, latest, replace
from shared.runtime.views import Writer


def part(load: Load) -> Part:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        replace(
            writer, "undertakings", (_document(*each) for each in latest(batch, Undertaking, load))
        )
        replace(
            writer,
            "outside_parties",
            (
                {"_id": str(each.event.party), "nip": each.event.nip}
                for each in batch
                if isinstance(each.event, Undertaking.Formed) and each.event.nip is not None
            ),
        )
        granted = [each for each in batch if isinstance(each.event, Undertaking.AidGranted)]
        replace(writer, "aid", map(_granted, granted))
        _recover(batch, writer)

    return Part(
        {
            "undertakings": [IndexModel([("parties", ASCENDING)])],
            "outside_parties": [],
            "aid": [BY_CHANGE, IndexModel([("granted_on", ASCENDING)])],
        },
        project,
    )


def _recover(batch: Sequence[Recorded], writer: Writer) -> None:
    """What was recovered of aid that kasa granted is told with it."""
    recovered: dict[str, list[Recorded]] = defaultdict(list)
    for each in batch:
        if isinstance(each.event, Undertaking.AidRecovered):
            recovered[str(each.event.aid_id)].append(each)
    for aid_id, events in recovered.items():
        writer["aid"].update_one(
            {"_id": aid_id},
            {
                "$set": {"position": events[-1].position},
                "$push": {"recoveries": {"$each": [_recovery(each) for each in events]}},
            },
        )


def _recovery(recorded: Recorded) -> Document:
    event = recorded.event
    return {
        "amount": str(event.amount),
        "reason": event.reason.value,
        "decision": event.decision,
        "recovered_on": event.occurred_on.isoformat(),
    }


def _granted(recorded: Recorded) -> Document:
    event = recorded.event
    return {
        "_id": str(event.aid.aid_id),
        "position": recorded.position,
        "enterprise_id": str(event.aid.party),
        "granted_on": event.occurred_on.isoformat(),
        "regulation": event.aid.regulation,
        "amount": str(event.aid.amount),
        "amount_pln": event.amount_pln.model_dump(mode="json"),
        "rate": str(event.rate),
        "rate_table": event.rate_table,
        "rate_on": event.rate_on.isoformat(),
        "article": event.article,
        "basis": event.basis.value,
        "convention": event.convention,
        "decision": event.decision,
        "ceiling_of": event.ceiling_of,
        "window_from": event.window.first.isoformat(),
        "window_to": event.window.last.isoformat(),
        "ceiling": str(event.ceiling),
        "used_before": str(event.used),
        "declared_on": event.declared_on.isoformat(),
        "recoveries": [],
    }


def _document(undertaking: Undertaking, last: Recorded) -> Document:
    return {
        "_id": str(undertaking.id),
        "position": last.position,
        "version": undertaking.version,
        "parties": sorted(map(str, undertaking.parties)),
        "links": [each.model_dump(mode="json") for each in undertaking.links.values()],
        "aid": [each.model_dump(mode="json") for each in undertaking.aid.values()],
        "declared_on": {
            str(who): days[-1].isoformat() for who, days in undertaking.declared_on.items()
        },
    }
