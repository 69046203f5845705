"""A service's ledger as its own followers read it: domain events with their commits."""

import threading
from collections.abc import Callable, Sequence

from eventsourcing.persistence import StoredEvent

from shared.eventstore.commits import Commit
from shared.eventstore.ledger import Ledger
from shared.kernel.aggregate import Event
from shared.messaging.publication import Recorded

COMMITS = 200
"""Commits read at once."""
EVENTS = 500
"""Events after which a batch is full; its last commit is always whole."""

ReadEvents = Callable[[Sequence[StoredEvent]], Sequence[Event]]
"""`LedgerMapper.to_domain_events`, with the vault or without."""


class History:
    """Serves the relay and the feed (`shared.messaging.publication.Ledger`) and the projections."""

    def __init__(self, ledger: Ledger, read_events: ReadEvents) -> None:
        self._ledger = ledger
        self._read_events = read_events

    def head(self) -> int:
        """The last recorded position, 0 in an empty ledger."""
        return self._ledger.head()

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after a position, in order."""
        return self._recorded(self._ledger.commits(after + 1, limit), after)[:limit]

    def batch(self, after: int) -> Sequence[Recorded]:
        """The events of the next whole commits after a position, about `EVENTS` of them."""
        chosen: list[Commit] = []
        count = 0
        for commit in self._ledger.commits(after + 1, COMMITS):
            if count >= EVENTS:
                break
            chosen.append(commit)
            count += len(commit.events)
        return self._recorded(chosen, after)

    def listen(self, wake: threading.Event) -> None:
        """Set the event whenever there may be something new, at least once a second."""
        self._ledger.listen(wake)

    def unlisten(self, wake: threading.Event) -> None:
        self._ledger.unlisten(wake)

    def _recorded(self, commits: Sequence[Commit], after: int) -> list[Recorded]:
        places = [
            (notification, commit)
            for commit in commits
            for notification in commit.events
            if notification.id > after
        ]
        events = self._read_events([notification for notification, _ in places])
        return [
            Recorded(notification.id, event, commit.at, commit.meta)
            for (notification, commit), event in zip(places, events, strict=True)
        ]
