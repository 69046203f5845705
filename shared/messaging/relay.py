"""From the ledger to the broker: publishing is a projection whose read model is RabbitMQ.

The cursor moves only over what the broker has confirmed. A failure publishes again, from the last
confirmed event on and in order; consumers recognise what they have by its position.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from shared.messaging import metrics
from shared.messaging.envelopes import to_message
from shared.messaging.publication import Publication
from shared.messaging.publisher import Publisher, Unconfirmed
from shared.messaging.topology import TopologyMismatch

log = structlog.get_logger(__name__)

BATCH = 200
IDLE = 0.2
LONGEST_PAUSE = 60.0


@dataclass(frozen=True)
class Cursor:
    """How far the relay came: in the ledger, and with public events."""

    position: int = 0
    public: int = 0


class Cursors(Protocol):
    """Where the cursor is kept; losing it means publishing everything again, nothing worse."""

    def load(self) -> Cursor: ...

    def save(self, cursor: Cursor) -> None: ...


class LedgerBehind(Exception):
    """The ledger ends before what was already published from it: it was restored from a backup."""


class Relay:
    """Publishes one service's events. One relay per ledger: two would only publish twice."""

    def __init__(
        self,
        publication: Publication,
        publisher: Publisher,
        cursors: Cursors,
        declare: Callable[[], None],
        *,
        batch: int = BATCH,
    ) -> None:
        self._publication = publication
        self._publisher = publisher
        self._cursors = cursors
        self._declare = declare
        self._batch = batch
        self._cursor: Cursor | None = None

    def run(self, stop: threading.Event, wake: threading.Event | None = None) -> None:
        """Publish until `stop` is set; whoever sets `wake` spares it the wait for its next look.

        Raises `LedgerBehind` and `TopologyMismatch`; everything else passes and is tried again.
        """
        failures = 0
        while not stop.is_set():
            try:
                if failures or self._cursor is None:
                    self._declare()
                    self._cursor = self._checked(self._cursors.load())
                advanced = self.step()
                failures = 0
            except (LedgerBehind, TopologyMismatch):
                raise
            except Exception as error:
                failures += 1
                metrics.RELAY_FAILURES.labels(self._publication.source).inc()
                log.warning(
                    "relay_failed",
                    source=self._publication.source,
                    error=f"{type(error).__name__}: {error}",
                    failures=failures,
                )
                stop.wait(_pause(failures))
                continue
            if not advanced:
                _wait(stop, wake)

    def step(self) -> bool:
        """Publish the next batch; whether there was one."""
        cursor = self._cursor or self._cursors.load()
        recorded = self._publication.history.read(cursor.position, self._batch)
        if not recorded:
            return False
        envelopes = list(self._publication.envelopes(recorded, cursor.public))
        try:
            self._publisher.publish(*map(to_message, envelopes))
        except Unconfirmed as error:
            if error.confirmed:
                last = envelopes[error.confirmed - 1].position
                self._advance(Cursor(last, last))
            raise
        public = envelopes[-1].position if envelopes else cursor.public
        self._advance(Cursor(recorded[-1].position, public))
        metrics.RELAY_LAG.labels(self._publication.source).set(
            self._publication.history.head() - recorded[-1].position
        )
        return True

    def _advance(self, cursor: Cursor) -> None:
        self._cursors.save(cursor)
        self._cursor = cursor
        metrics.RELAY_POSITION.labels(self._publication.source).set(cursor.position)

    def _checked(self, cursor: Cursor) -> Cursor:
        head = self._publication.history.head()
        if cursor.position > head:
            raise LedgerBehind(
                f"ledger {self._publication.source} ends at {head}, but was published up to "
                f"{cursor.position}"
            )
        return cursor


def _wait(stop: threading.Event, wake: threading.Event | None) -> None:
    if wake is None:
        stop.wait(IDLE)
    elif wake.wait(IDLE):
        wake.clear()


def _pause(failures: int) -> float:
    """Seconds before the next try: exponential, with jitter."""
    share = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
    return share * min(LONGEST_PAUSE, 0.2 * float(2 ** min(failures, 10)))
