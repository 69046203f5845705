"""What a consumer does with a publisher's events: each effect once, in order, nothing in the way.

The effect and the position that led to it are recorded in one commit (`tracking`), so exactly-once
does not depend on the broker, nor on there being one consumer only: a second one is refused.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid5

import structlog
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    Tracking,
)
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from pydantic import ValidationError
from pymongo.errors import ConnectionFailure

from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.operations import FeedPage
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Causation, Provenance
from shared.messaging import metrics
from shared.messaging.inbox import Verdict, judge
from shared.messaging.parking import Parked, Parking

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)

PASSING_ERRORS = (OperationalError, InterfaceError, ConnectionFailure)
"""Not the event's fault: the database is away, or an outcome is unknown."""
PASSING_REFUSALS = frozenset({"version_conflict", "stale_version"})
"""Another command was faster; decided again on the new state, the answer may differ."""
FLUSH_SECONDS = 1.0

Handler = Callable[[Any, Envelope, Tracking], None]
"""`handler(event, envelope, tracking)` records its effect with `tracking` in the same commit."""


class Tracker(Protocol):
    """Up to where each publisher's events have been dealt with (the ledger's recorder)."""

    def max_tracking_id(self, application_name: str) -> int | None: ...

    def insert_tracking(self, tracking: Tracking) -> None:
        """Raises `IntegrityError` when the position is not after the last one."""


@dataclass(frozen=True)
class Reactions:
    """A consumer's handlers for one publisher; events without one are ignored."""

    consumer: str
    publisher: str
    handlers: Mapping[type[PublicEvent], Handler]
    tracker: Tracker
    parking: Parking

    def handler(self, type_name: str) -> tuple[type[PublicEvent], Handler] | None:
        for event_class, handler in self.handlers.items():
            if type_name == event_class.TYPE:
                return event_class, handler
        return None


@dataclass(frozen=True)
class Patience:
    """How long a failing event is tried in place before it is parked."""

    attempts: int = 5
    """For errors of unknown kind."""
    passing_seconds: float = 900.0
    """For errors that are not the event's fault."""
    first_pause: float = 0.1
    longest_pause: float = 15.0

    def pause(self, attempts: int) -> float:
        """Seconds before the next try: exponential, with jitter."""
        share = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
        return share * min(self.longest_pause, self.first_pause * float(2 ** min(attempts, 12)))


class Stopped(Exception):
    """The consumer is to stop; the event was not dealt with and will come again."""


@dataclass
class Inbox:
    """Takes the events of one publisher, whichever way they come, one at a time."""

    reactions: Reactions
    feed: Callable[[int], FeedPage]
    stop: threading.Event
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._tracked = 0
        self._seen = 0
        self._unsaved = False
        self._saved_at = time.monotonic()
        self._labels = (self.reactions.consumer, self.reactions.publisher)

    @property
    def tracked(self) -> int:
        return self._tracked

    def resume(self) -> None:
        """Start from what is recorded; anything another consumer did meanwhile included."""
        with self._lock:
            self._tracked = max(self._tracked, self._recorded())
            self._show()

    def receive(self, envelope: Envelope) -> None:
        """Deal with an event, and before it with those that it shows to be missing.

        Raises `Stopped`, and whatever keeps the events from being read or parked: then it has to
        come again.
        """
        with self._lock:
            self._seen = max(self._seen, envelope.position)
            verdict = judge(self._tracked, envelope.previous, envelope.position)
            if verdict is Verdict.GAP:
                metrics.INBOX_GAPS.labels(*self._labels).inc()
                self._catch_up()
                verdict = judge(self._tracked, envelope.previous, envelope.position)
            if verdict is Verdict.GAP:
                raise FeedBehind(f"{envelope.position} came, the feed ends at {self._tracked}")
            if verdict is Verdict.NEXT:
                self._take(envelope)
            else:
                self._count("duplicate")
            self._show()

    def catch_up(self) -> None:
        """Read from the publisher what has not come; nothing, mostly."""
        with self._lock:
            self._catch_up()
            self._show()

    def save(self, *, at_once: bool = False) -> None:
        """Record how far events without effect have led, once in a while."""
        due = at_once or time.monotonic() - self._saved_at >= FLUSH_SECONDS
        if not (self._unsaved and due):
            return
        with self._lock:
            self._track(self._tracked)
            self._unsaved = False
            self._saved_at = time.monotonic()

    def _catch_up(self) -> None:
        while not self.stop.is_set():
            page = self.feed(self._tracked)
            before = self._tracked
            self._seen = max(self._seen, page.through)
            for envelope in page.envelopes:
                verdict = judge(self._tracked, envelope.previous, envelope.position)
                if verdict is Verdict.GAP:
                    raise FeedBehind(f"the feed left out events before {envelope.position}")
                if verdict is Verdict.NEXT:
                    self._take(envelope)
            if page.through > self._tracked:
                self._pass(page.through)
            if page.through >= page.head or self._tracked == before:
                return

    def _take(self, envelope: Envelope) -> None:
        found = self.reactions.handler(envelope.type)
        if found is None:
            self._pass(envelope.position)
            self._count("ignored")
            return
        event_class, handler = found
        try:
            event = event_class.model_validate(envelope.data, extra="ignore")
        except ValidationError as error:
            fields = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
            self._park(envelope, {"kind": "invalid", "fields": fields})
            return
        with _unit_of_work(envelope, self.reactions.consumer):
            self._apply(handler, event, envelope)

    def _apply(self, handler: Handler, event: PublicEvent, envelope: Envelope) -> None:
        """Try until it succeeds, or is parked; parking fails when the database is away too."""
        tracking = Tracking(self.reactions.publisher, envelope.position)
        started, attempts = time.monotonic(), 0
        while True:
            try:
                handler(event, envelope, tracking)
            except Exception as error:
                if self._was_recorded(envelope.position):
                    self._count("duplicate")
                    return
                attempts += 1
                reason = _reason(error, attempts)
                log.warning("reaction_failed", position=envelope.position, reason=reason)
                if self._hopeless(error, attempts, started):
                    self._park(envelope, reason)
                    return
                if self.stop.wait(self.patience.pause(attempts)):
                    raise Stopped from error
            else:
                self._pass(envelope.position)
                self._count("applied")
                return

    def _hopeless(self, error: Exception, attempts: int, started: float) -> bool:
        if isinstance(error, PASSING_ERRORS):
            return time.monotonic() - started > self.patience.passing_seconds
        if isinstance(error, Rejected) and error.code not in PASSING_REFUSALS:
            return True
        return attempts >= self.patience.attempts

    def _park(self, envelope: Envelope, reason: Mapping[str, Any]) -> None:
        self.reactions.parking.park(Parked.of_envelope(envelope, reason))
        self._track(envelope.position)
        self._tracked = envelope.position
        self._count("parked")
        metrics.PARKED.labels(self.reactions.consumer).set(self.reactions.parking.count())
        log.error("event_parked", position=envelope.position, type=envelope.type, reason=reason)

    def _pass(self, position: int) -> None:
        """Go on after `position`; a handler may have recorded nothing, so it is saved later."""
        self._tracked = position
        self._unsaved = True

    def _track(self, position: int) -> None:
        try:
            self.reactions.tracker.insert_tracking(Tracking(self.reactions.publisher, position))
        except IntegrityError:  # recorded with an effect, or by another consumer
            self._tracked = max(self._tracked, self._recorded())

    def _recorded(self) -> int:
        return self.reactions.tracker.max_tracking_id(self.reactions.publisher) or 0

    def _was_recorded(self, position: int) -> bool:
        """Whether the failed effect is there after all: an earlier try, or another consumer's."""
        try:
            recorded = self._recorded()
        except PASSING_ERRORS:
            return False
        if recorded < position:
            return False
        self._tracked = max(self._tracked, recorded)
        return True

    def _count(self, fate: str) -> None:
        metrics.INBOX_EVENTS.labels(*self._labels, fate).inc()

    def _show(self) -> None:
        metrics.INBOX_POSITION.labels(*self._labels).set(self._tracked)
        metrics.INBOX_LAG.labels(*self._labels).set(max(0, self._seen - self._tracked))


class FeedBehind(Exception):
    """The publisher's feed does not have an event that a message announced; it will."""


def provenance_of(envelope: Envelope, consumer: str) -> Provenance:
    """Of the commit by which `consumer` reacts to an event.

    The command id is the same whenever the event comes, so that even the replay of a parked one,
    whose position is tracked already, has its effect once.
    """
    command_id = uuid5(envelope.id, consumer)
    return Provenance(
        actor=f"service:{consumer}",
        role="service",
        command=envelope.type,
        command_id=command_id,
        correlation_id=envelope.correlation_id or command_id,
        causation=Causation(ledger=envelope.source, position=envelope.position),
        traceparent=envelope.traceparent,
    )


def replay_tracking(envelope: Envelope) -> Tracking:
    """A parked event's own place: its position in the publisher's ledger is tracked already."""
    return Tracking(f"{envelope.source}/parked/{envelope.position}", envelope.position)


@contextmanager
def _unit_of_work(envelope: Envelope, consumer: str) -> Iterator[None]:
    """Everything logged and traced inside says which event it was about."""
    carrier = {"traceparent": envelope.traceparent} if envelope.traceparent else {}
    cause = trace.get_current_span(propagate.extract(carrier)).get_span_context()
    with (
        structlog.contextvars.bound_contextvars(
            service=consumer,
            event=envelope.type,
            event_id=str(envelope.id),
            correlation_id=str(envelope.correlation_id),
        ),
        tracer.start_as_current_span(
            f"{consumer} reacts to {envelope.type}",
            context=Context(),
            links=[trace.Link(cause)] if cause.is_valid else None,
            record_exception=False,
            set_status_on_exception=False,
        ),
    ):
        yield


def _reason(error: Exception, attempts: int) -> dict[str, Any]:
    """What went wrong, without the texts of errors: they may quote personal data."""
    reason: dict[str, Any] = {"kind": "failed", "error": type(error).__name__}
    if isinstance(error, Rejected):
        reason = {"kind": "refused", "code": error.code, "details": error.details}
    return reason | {"attempts": attempts}
