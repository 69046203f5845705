"""Consuming one queue for as long as the process lives.

Runs in a thread or in a greenlet; the messages are handled elsewhere (a worker, a reaction's own
loop), so that slow handling never holds up heartbeats. Whatever happens to the connection, the
listener comes back, and with it every unsettled message.
"""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

import kombu
import structlog
from kombu.message import Message

from shared.messaging.link import connected, limited

log = structlog.get_logger(__name__)

HEARTBEAT = 20
"""Seconds; generous, because computing in a greenlet holds up the heartbeat of all."""
TICK = 0.5
LONGEST_PAUSE = 15.0

Settlement = Literal["ack", "reject", "requeue"]


class Listener:
    """Hands every message of `queue` to `deliver`, at most `prefetch` unsettled ones at a time.

    `deliver` gets the raw message (no decoding, so nothing in it can fail here), must not block, and
    sees to it that `settle` is called in the end. `prepare` runs before each connection consumes:
    it declares what the broker may have forgotten. `on_consuming` runs when consuming began.
    """

    def __init__(
        self,
        uri: str,
        queue: str,
        deliver: Callable[[Message], None],
        *,
        prefetch: int,
        prepare: Callable[[], None],
        on_consuming: Callable[[], None] = lambda: None,
    ) -> None:
        self.queue = queue
        self.consuming = threading.Event()
        self.last_tick = time.monotonic()
        self._uri = uri
        self._deliver = deliver
        self._prefetch = prefetch
        self._prepare = prepare
        self._on_consuming = on_consuming
        self._draining = threading.Event()
        self._closing = threading.Event()
        self._done = threading.Event()
        self._unsettled: set[int] = set()

    def run(self) -> None:
        """Return after `close`; never raise."""
        failures = 0
        try:
            while not self._closing.is_set():
                try:
                    self._prepare()
                    with connected(
                        self._uri, name=f"listener of {self.queue}", heartbeat=HEARTBEAT
                    ) as connection:
                        failures = 0
                        self._consume(connection)
                except Exception as error:
                    failures += 1
                    self._report(error)
                finally:
                    self.consuming.clear()
                    self._unsettled.clear()
                if not self._closing.is_set():
                    self._closing.wait(_pause(failures))
        finally:
            self._done.set()

    def drain(self, limit: float) -> bool:
        """Take no further messages; whether all taken ones were settled within `limit` seconds."""
        self._draining.set()
        end = time.monotonic() + limit
        while self.consuming.is_set() or self._unsettled:
            if self._done.is_set() or time.monotonic() >= end:
                return not self._unsettled
            time.sleep(0.02)
        return True

    def close(self, limit: float = 10.0) -> None:
        """Leave the queue; what is unsettled the broker will deliver again."""
        self._draining.set()
        self._closing.set()
        self._done.wait(limit)

    def settle(self, message: Message, settlement: Settlement) -> None:
        """Tell the broker what became of the message; never raises.

        When the connection has gone, so has the message: the broker delivers it again.
        """
        try:
            if message.channel.connection is not None and not message.acknowledged:
                getattr(message, settlement)()
        except Exception as error:
            log.warning("settle_failed", queue=self.queue, error=type(error).__name__)
        finally:
            self._unsettled.discard(id(message))

    def _consume(self, connection: kombu.Connection) -> None:
        with limited(connection):
            channel = connection.default_channel
            channel.auto_decode = False  # bodies stay bytes, whatever encoding they claim
            consumer = kombu.Consumer(
                channel,
                queues=[kombu.Queue(self.queue, no_declare=True)],
                on_message=self._take,
                prefetch_count=self._prefetch,
                auto_declare=False,
            )
            consumer.consume()
        self.consuming.set()
        self._on_consuming()
        next_heartbeat = 0.0
        while not self._closing.is_set():
            self.last_tick = time.monotonic()
            if self._draining.is_set() and self.consuming.is_set():
                with limited(connection):
                    consumer.cancel()
                self.consuming.clear()
            with suppress(TimeoutError):
                connection.drain_events(timeout=TICK)
            if time.monotonic() >= next_heartbeat:
                connection.heartbeat_check()
                next_heartbeat = time.monotonic() + HEARTBEAT / 4

    def _take(self, message: Message) -> None:
        self._unsettled.add(id(message))
        self._deliver(message)

    def _report(self, error: Exception) -> None:
        log.warning(
            "broker_connection_lost", queue=self.queue, error=f"{type(error).__name__}: {error}"
        )


def _pause(failures: int) -> float:
    """Seconds before the next try: exponential, with jitter, so that not all come at once."""
    share = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
    return share * min(LONGEST_PAUSE, 0.2 * float(2 ** min(failures, 10)))
