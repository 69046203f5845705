"""A service's ledger as its own followers read it: domain events with their commits."""

import threading
from collections.abc import Sequence
from typing import Self

from shared.eventstore.application import LedgerApplication
from shared.eventstore.commits import Commit
from shared.messaging.publication import LedgerHistory, Recorded

COMMITS = 200
"""Commits read at once."""
EVENTS = 500
"""Events after which a batch is full; its last commit is always whole."""


class History(LedgerHistory):
    """Serves projections too: whole commits, and a bell for new ones."""

    @classmethod
    def of(cls, application: LedgerApplication) -> Self:
        """A service's own, with what its vault opens."""
        return cls(application.recorder.ledger, application.mapper.to_domain_events)

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
