"""What a service tells all others: its ledger, seen through its `publish` function.

The relay and the feed both answer from here, so an event looks the same whichever way it comes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

from eventsourcing.persistence import StoredEvent

from shared.contracts.events import Envelope, PublicEvent, event_id
from shared.contracts.operations import FeedPage, FeedRequest
from shared.eventstore.application import LedgerApplication
from shared.eventstore.commits import Commit
from shared.eventstore.ledger import Ledger
from shared.eventstore.mapper import LedgerMapper
from shared.kernel.aggregate import Event

ReadEvents = Callable[[Sequence[StoredEvent]], Sequence[Event]]
"""`LedgerMapper.to_domain_events`, with the vault or without."""

SCAN_LIMIT = 5_000
"""Recorded events that one feed request looks at; the answer says how far it came."""
CHUNK = 200
PAGE_BYTES = 48 * 1024
"""Of a page's envelopes together, so that a page fits into one message."""


@dataclass(frozen=True)
class Recorded:
    """One event of a ledger; `meta` is the metadata of its commit (`Provenance`)."""

    position: int
    event: Any
    at: datetime
    meta: Mapping[str, Any]


class History(Protocol):
    """The recorded past of one service."""

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after a position, in order; only durable ones, without gaps."""

    def head(self) -> int:
        """The last recorded position, 0 in an empty ledger."""


class LedgerHistory:
    """A service's own ledger, read as domain events."""

    def __init__(self, ledger: Ledger, read_events: ReadEvents) -> None:
        self._ledger = ledger
        self._read_events = read_events

    @classmethod
    def sealed(cls, name: str, ledger: Ledger) -> Self:
        """Without the vault: publishing needs no key to personal data."""
        return cls(ledger, LedgerMapper(name, vault=None).to_domain_events)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self._recorded(self._ledger.commits(after + 1, limit), after)[:limit]

    def head(self) -> int:
        return self._ledger.head()

    def _recorded(self, commits: Sequence[Commit], after: int) -> list[Recorded]:
        found = [
            (commit, notification)
            for commit in commits
            for notification in commit.events
            if notification.id > after
        ]
        events = self._read_events([notification for _, notification in found])
        return [
            Recorded(notification.id, event, commit.at, commit.meta)
            for (commit, notification), event in zip(found, events, strict=True)
        ]


@dataclass(frozen=True)
class Publication:
    """`publish` is pure: the public event of a recorded one, or None; the same every time."""

    source: str
    history: History
    publish: Callable[[Any], PublicEvent | None]

    @classmethod
    def of(
        cls, application: LedgerApplication, publish: Callable[[Any], PublicEvent | None]
    ) -> Self:
        """What a service tells of its own ledger."""
        history = LedgerHistory.sealed(application.name, application.recorder.ledger)
        return cls(application.name, history, publish)

    def envelopes(self, recorded: Sequence[Recorded], previous: int) -> Iterator[Envelope]:
        """The public events among the recorded ones, the first following on `previous`."""
        for item in recorded:
            event = self.publish(item.event)
            if event is not None:
                yield self._envelope(item, event, previous)
                previous = item.position

    def page(self, request: FeedRequest) -> FeedPage:
        """The public events after a position, as many as fit into one message, at least one."""
        chosen: list[Envelope] = []
        through, scanned, size = request.after, 0, 0
        while scanned < SCAN_LIMIT:
            recorded = self.history.read(through, CHUNK)
            if not recorded:
                break
            scanned += len(recorded)
            previous = chosen[-1].position if chosen else request.after
            for envelope in self.envelopes(recorded, previous):
                size += len(envelope.model_dump_json())
                if len(chosen) == request.limit or (chosen and size > PAGE_BYTES):
                    return self._page(chosen, chosen[-1].position)
                chosen.append(envelope)
            through = recorded[-1].position
        return self._page(chosen, through)

    def _page(self, chosen: Sequence[Envelope], through: int) -> FeedPage:
        head = max(self.history.head(), through)
        return FeedPage(envelopes=tuple(chosen), through=through, head=head)

    def _envelope(self, item: Recorded, event: PublicEvent, previous: int) -> Envelope:
        return Envelope(
            id=event_id(self.source, item.position),
            type=event.TYPE,
            source=self.source,
            subject=event.subject,
            time=item.at,
            position=item.position,
            previous=previous,
            correlation_id=item.meta.get("correlation_id"),
            causation=item.meta.get("causation"),
            traceparent=item.meta.get("traceparent"),
            data=event.model_dump(mode="json"),
        )
