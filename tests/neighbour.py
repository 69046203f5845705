"""Another service, as a consumer hears of it: public events with their places in its ledger."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from shared.contracts.events import Envelope, PublicEvent, event_id
from shared.contracts.operations import FeedPage
from shared.messaging.reactions import Inbox, Patience, Reactions


class Neighbour:
    """Publishes events one after the other; the consumer takes them through its inbox."""

    def __init__(self, reactions: Reactions, project: Callable[[], None]) -> None:
        self.envelopes: list[Envelope] = []
        self._reactions = reactions
        self._project = project
        self.restart()

    def restart(self) -> None:
        """The consumer starts anew: it knows what is recorded and nothing else."""
        self.inbox = Inbox(
            self._reactions,
            self._feed,
            threading.Event(),
            Patience(attempts=3, passing_seconds=1.0, first_pause=0.01),
        )
        self.inbox.resume()

    def tell(self, *events: PublicEvent) -> None:
        for event in events:
            self.inbox.receive(self.publish(event))
        self._project()

    def publish(self, event: PublicEvent) -> Envelope:
        """The event as a message that has not been received yet; others lie between two of them."""
        source = self._reactions.publisher
        position = len(self.envelopes) * 2 + 1
        envelope = Envelope(
            id=event_id(source, position),
            type=event.TYPE,
            source=source,
            subject=event.subject,
            time=datetime(2026, 1, 1, tzinfo=UTC),
            position=position,
            previous=max(0, position - 2),
            data=event.model_dump(mode="json"),
        )
        self.envelopes.append(envelope)
        return envelope

    def _feed(self, after: int) -> FeedPage:
        found: Sequence[Envelope] = [each for each in self.envelopes if each.position > after]
        head = self.envelopes[-1].position if self.envelopes else 0
        return FeedPage(envelopes=tuple(found), through=head, head=head)
