"""What the audit tells others: domain event → public event, or nothing."""

from functools import singledispatch

from services.audit.domain.checkpoint import SignedCheckpoint
from services.audit.domain.log import Log
from shared.contracts.audit import events as public
from shared.contracts.events import PublicEvent
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.note import Note, to_base64
from shared.kernel.aggregate import Event


@singledispatch
def publish(_event: Event) -> PublicEvent | None:
    """Nothing, unless a case below says otherwise."""
    return None


@publish.register
def _(event: SignedCheckpoint.Signed) -> PublicEvent:
    checkpoint = Checkpoint.parse(Note.parse(event.note.encode()).text)
    return public.CheckpointSigned(
        subject=event.originator_id,
        ledger=event.ledger,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=to_base64(checkpoint.root),
        note=event.note,
    )


@publish.register
def _(event: Log.Refused) -> PublicEvent:
    return public.LogRefused(
        subject=event.originator_id,
        ledger=event.ledger,
        fault=event.fault,
        position=event.position,
        size=event.size,
    )
