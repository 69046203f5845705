"""The registry, as training hears of it: public events with their places in the registry's ledger."""

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from shared.contracts.events import Envelope, PublicEvent, event_id
from shared.contracts.operations import FeedPage
from shared.contracts.registry import events as public
from shared.messaging.reactions import Inbox, Patience
from tests.training.conftest import Driven
from tests.training.domain.courses import APPROVED


class Registry:
    """Publishes events one after the other; training takes them through its inbox."""

    def __init__(self, training: Driven) -> None:
        self.training = training
        self.envelopes: list[Envelope] = []
        self.restart()

    def restart(self) -> None:
        """Training's consumer starts anew: it knows what is recorded and nothing else."""
        self.inbox = Inbox(
            self.training.composition.to_registry,
            self._feed,
            threading.Event(),
            Patience(attempts=3, passing_seconds=1.0, first_pause=0.01),
        )
        self.inbox.resume()

    def tell(self, *events: PublicEvent) -> None:
        for event in events:
            self.inbox.receive(self.publish(event))
        self.training.project()

    def publish(self, event: PublicEvent) -> Envelope:
        """The event as a message that has not been received yet; others lie between two of them."""
        position = len(self.envelopes) * 2 + 1
        envelope = Envelope(
            id=event_id("registry", position),
            type=event.TYPE,
            source="registry",
            subject=event.subject,
            time=datetime(2026, 1, 1, tzinfo=UTC),
            position=position,
            previous=max(0, position - 2),
            data=event.model_dump(mode="json"),
        )
        self.envelopes.append(envelope)
        return envelope

    def admit(self, *people: UUID, on: date = APPROVED) -> None:
        self.tell(*(public.ParticipantAdmitted(subject=each, admitted_on=on) for each in people))

    def _feed(self, after: int) -> FeedPage:
        found: Sequence[Envelope] = [each for each in self.envelopes if each.position > after]
        head = self.envelopes[-1].position if self.envelopes else 0
        return FeedPage(envelopes=tuple(found), through=head, head=head)
