"""How a service takes part in the erasure of a person that another one tells of."""

from typing import Any

from eventsourcing.persistence import Tracking

from shared.contracts.events import Envelope
from shared.eventstore.application import LedgerApplication
from shared.messaging.reactions import Handler


def forgetting(application: LedgerApplication, handle: Handler) -> Handler:
    """Destroy the keys first, and only then let `handle` record, and so acknowledge, the erasure.

    The publisher has destroyed them where both share a vault; here they also leave the memory of
    this process. An erasure that stops half-way raises, and the event comes again.
    """

    def forget(event: Any, envelope: Envelope, tracking: Tracking) -> None:
        application.forget(
            event.subject,
            event.data_classes,
            basis=envelope.type,
            approved_by=f"{envelope.source}/{envelope.position}",
        )
        handle(event, envelope, tracking)

    return forget
