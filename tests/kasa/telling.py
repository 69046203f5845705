"""Other services, as kasa hears of them: public events with their places in their ledgers."""

import threading
from datetime import UTC, date, datetime
from uuid import UUID

from shared.contracts.events import Envelope, PublicEvent, event_id
from shared.contracts.operations import FeedPage
from shared.contracts.registry import events as registry
from shared.messaging.reactions import Inbox, Patience, Reactions
from tests.kasa.conftest import Kasa


class Publisher:
    """Publishes events one after the other; kasa takes them through its inbox."""

    def __init__(self, kasa: Kasa, reactions: Reactions) -> None:
        self.kasa = kasa
        self.source = reactions.publisher
        self.envelopes: list[Envelope] = []
        self.inbox = Inbox(
            reactions,
            self._feed,
            threading.Event(),
            Patience(attempts=3, passing_seconds=1.0, first_pause=0.01),
        )
        self.inbox.resume()

    def tell(self, *events: PublicEvent) -> None:
        for event in events:
            self.inbox.receive(self._publish(event))
        self.kasa.project()

    def _publish(self, event: PublicEvent) -> Envelope:
        """Others lie between two of them."""
        position = len(self.envelopes) * 2 + 1
        envelope = Envelope(
            id=event_id(self.source, position),
            type=event.TYPE,
            source=self.source,
            subject=event.subject,
            time=datetime(2026, 1, 1, tzinfo=UTC),
            position=position,
            previous=max(0, position - 2),
            data=event.model_dump(mode="json"),
        )
        self.envelopes.append(envelope)
        return envelope

    def _feed(self, after: int) -> FeedPage:
        found = tuple(each for each in self.envelopes if each.position > after)
        head = self.envelopes[-1].position if self.envelopes else 0
        return FeedPage(envelopes=found, through=head, head=head)


def registry_of(kasa: Kasa) -> Publisher:
    return Publisher(kasa, kasa.composition.to_registry)


def training_of(kasa: Kasa) -> Publisher:
    return Publisher(kasa, kasa.composition.to_training)


def admitted(*people: UUID, on: date) -> list[PublicEvent]:
    return [registry.ParticipantAdmitted(subject=each, admitted_on=on) for each in people]
