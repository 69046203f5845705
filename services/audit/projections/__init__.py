"""Own events → read models: `checkpoints`, and `refusals` of logs."""

from collections.abc import Sequence

from pymongo import DESCENDING, IndexModel

from services.audit.domain.checkpoint import SignedCheckpoint
from services.audit.domain.log import Log
from shared.messaging.publication import Recorded
from shared.runtime.parts import Document, Load, latest, replace
from shared.runtime.views import Projection, Writer

BY_SIZE = IndexModel([("ledger", 1), ("size", DESCENDING)], name="by_size", unique=True)


def audit_projection(load: Load) -> Projection:
    def project(batch: Sequence[Recorded], writer: Writer) -> None:
        signed = latest(batch, SignedCheckpoint, load)
        replace(writer, "checkpoints", (_checkpoint(*each) for each in signed))
        refused = [each for each in batch if isinstance(each.event, Log.Refused)]
        replace(writer, "refusals", map(_refusal, refused))

    return Projection(
        name="audit", collections={"checkpoints": [BY_SIZE], "refusals": []}, project=project
    )


def _checkpoint(checkpoint: SignedCheckpoint, last: Recorded) -> Document:
    return {
        "_id": str(checkpoint.id),
        "position": last.position,
        "version": checkpoint.version,
        "ledger": checkpoint.ledger,
        "size": checkpoint.size,
        "note": bytes(checkpoint.note).decode(),
    }


def _refusal(recorded: Recorded) -> Document:
    event: Log.Refused = recorded.event
    return {
        "_id": event.ledger,
        "fault": event.fault.value,
        "position": event.position,
        "size": event.size,
        "recorded_at": recorded.at,
    }
