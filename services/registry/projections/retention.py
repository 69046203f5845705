"""How long a person's data are kept and how they end → documents. Nothing personal stands in them."""

from datetime import date, timedelta
from typing import Any

from services.registry.domain.erasure import Retention
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import ErasureState, TaskKind
from shared.messaging.publication import Recorded

Document = dict[str, Any]


def retention_document(retention: Retention, last: Recorded) -> Document:
    request, order = retention.request, retention.order
    return {
        "_id": str(retention.participant_id),
        "position": last.position,
        "version": retention.version,
        "holds": [
            {"hold_id": str(each.id), "ground": each.ground.value}
            for each in retention.holds.values()
        ],
        "state": retention.state and retention.state.value,
        "restricted": retention.restricted,
        "latest_on": retention.latest_on.isoformat(),
        "request": request
        and {
            "erasure_id": str(request.erasure_id),
            "ground": request.ground.value,
            "data_classes": [each.value for each in request.data_classes],
            "requested_on": request.occurred_on.isoformat(),
            "requested_by": request.requested_by,
            "source_document": request.source_document,
            "obstacles": [each.model_dump(mode="json") for each in request.obstacles],
        },
        "order": order
        and {
            "ordered_on": order.occurred_on.isoformat(),
            "approved_by": order.approved_by,
            "records": [str(each) for each in order.records],
        },
        "destroyed_at": retention.destroyed_at and retention.destroyed_at.isoformat(),
        "acknowledged": [
            {"holder": each.holder, "record": str(each.record), "position": each.position}
            for each in retention.acknowledged
        ],
        "awaited": sorted({holder for holder, _ in retention.awaited}),
    }


def decide_erasure_task(retention: Document | None, rules: RegistryRules) -> list[Document]:
    """A request that law allows waits for a second person."""
    if retention is None or retention["state"] != ErasureState.REQUESTED.value:
        return []
    asked = date.fromisoformat(retention["request"]["requested_on"])
    due_on = asked + timedelta(rules.erasure_decision_days.on(asked))
    return [
        {
            "kind": TaskKind.DECIDE_ERASURE,
            "opens_on": asked,
            "due_on": due_on,
            "correction_id": None,
            "proposal_id": None,
            "gaps": (),
            "case_id": None,
        }
    ]
