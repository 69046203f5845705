"""Who looked at whom → documents, for the people themselves and for who reviews emergencies."""

from collections.abc import Sequence
from typing import Any

from shared.eventstore.reads import Access
from shared.messaging.publication import Recorded
from shared.runtime.views import Writer


def project_reads(batch: Sequence[Recorded], writer: Writer) -> None:
    """One document for each answer; a review closes its alert."""
    reads = [_document(each) for each in batch if isinstance(each.event, Access.PersonalDataRead)]
    if reads:
        writer["reads"].insert_many(reads)
    for each in batch:
        if isinstance(each.event, Access.Reviewed):
            review = {
                "to_review": False,
                "reviewed_by": each.event.reviewed_by,
                "justified": each.event.justified,
            }
            writer["reads"].update_one({"_id": str(each.event.originator_id)}, {"$set": review})


def _document(recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    return {
        "_id": str(event.originator_id),
        "position": recorded.position,
        "read_at": recorded.at.isoformat(),
        "read_on": event.occurred_on.isoformat(),
        "actor": event.actor,
        "role": event.role.value,
        "operation": event.operation,
        "subjects": [str(each) for each in event.subjects],
        "data_classes": [each.value for each in event.data_classes],
        "purpose": event.purpose,
        "out_of_scope": event.out_of_scope,
        "to_review": event.out_of_scope,
        "reviewed_by": None,
        "justified": None,
    }
