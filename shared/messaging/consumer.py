"""The loop that brings a publisher's messages to the inbox.

RabbitMQ gives the messages to one consumer at a time (single active consumer). Once in a while
each process puts a doorbell into the queue; whoever is active then asks the publisher whether
something did not come. So all is read in the end even if the broker lost everything.
"""

import hashlib
import queue
import threading

import structlog
from kombu.message import Message

from shared.messaging import metrics, topology, wire
from shared.messaging.envelopes import from_message
from shared.messaging.feed import FeedClient, FeedUnavailable
from shared.messaging.listener import Listener
from shared.messaging.parking import Parked
from shared.messaging.publisher import Outgoing, Publisher
from shared.messaging.reactions import Inbox, Patience, Reactions, Stopped

log = structlog.get_logger(__name__)

DOORBELL = "doorbell"
DOORBELL_SECONDS = 30.0
PREFETCH = 50
TURN = 0.5


class InboxConsumer:
    """Consumes `{consumer}.inbox.{publisher}` serially. Runs in threads or in greenlets.

    `run` listens, `work` deals with the messages, `ring` keeps asking; each in its own.
    """

    def __init__(
        self,
        uri: str,
        reactions: Reactions,
        *,
        patience: Patience | None = None,
        doorbell_seconds: float = DOORBELL_SECONDS,
    ) -> None:
        self.stopping = threading.Event()
        self.reactions = reactions
        self._uri = uri
        self._queue = topology.inbox_name(reactions.consumer, reactions.publisher)
        self._topology = topology.inbox(reactions.consumer, reactions.publisher)
        self._patience = patience or Patience()
        self._interval = doorbell_seconds
        self._feed = FeedClient(uri, reactions.publisher)
        self._publisher = Publisher(uri, name=f"doorbell of {self._queue}")
        self.inbox = Inbox(reactions, self._feed.page, self.stopping, self._patience)
        self._waiting: queue.Queue[Message] = queue.Queue()
        self._idle = threading.Event()
        self._heard = False
        self.listener = Listener(
            uri,
            self._queue,
            self._waiting.put,
            prefetch=PREFETCH,
            prepare=self._prepare,
            on_consuming=self._ring,
        )

    def declare(self) -> None:
        """Raises `TopologyMismatch` or `BrokerUnready`."""
        topology.declare(self._uri, self._topology)

    def work(self) -> None:
        """Deal with one message after the other, until stopped; never raise."""
        while not self.stopping.is_set():
            try:
                message = self._waiting.get(timeout=TURN)
            except queue.Empty:
                self._save()
                continue
            self._settle(message)
            self._save()
        self._save(at_once=True)
        self._idle.set()

    def ring(self) -> None:
        """Ask again and again, until stopped; never raise."""
        while not self.stopping.wait(self._interval):
            try:
                self._ring()
            except Exception as error:
                log.warning("doorbell_failed", queue=self._queue, error=str(error))

    def stop(self, limit: float) -> None:
        """Finish the event at hand, within `limit` seconds; the others come again."""
        self.stopping.set()
        self._idle.wait(limit)
        self.listener.close(limit)
        self._feed.close()
        self._publisher.close()

    def _prepare(self) -> None:
        self.declare()
        self.inbox.resume()

    def _ring(self) -> None:
        """Confirmed, so it also shows that the queue takes messages.

        Not by the default exchange: who may publish there may publish to every queue.
        """
        lifetime = str(int(self._interval * 1000))
        properties = {"type": DOORBELL, "expiration": lifetime}
        self._publisher.publish(Outgoing(wire.EXCHANGE, self._queue, b"", properties=properties))

    def _settle(self, message: Message) -> None:
        """Try until the message is dealt with, or its connection is gone and it comes again."""
        attempts = 0
        while message.channel.connection is not None:
            try:
                self._take(message)
            except Stopped:
                return
            except Exception as error:
                attempts += 1
                log.warning(
                    "inbox_waits",
                    queue=self._queue,
                    error=f"{type(error).__name__}",
                    tries=attempts,
                )
                if self.stopping.wait(self._patience.pause(attempts)):
                    return
            else:
                self.listener.settle(message, "ack")
                return

    def _take(self, message: Message) -> None:
        if message.properties.get("type") == DOORBELL:
            self._answer_doorbell()
            return
        body = bytes(message.body or b"")
        try:
            envelope = from_message(
                body, message.headers, message.properties, source=self.reactions.publisher
            )
        except wire.Malformed as error:
            self._park_raw(message, body, str(error))
            return
        self.inbox.receive(envelope)
        self._heard = True

    def _answer_doorbell(self) -> None:
        """Ask the publisher, unless its events came by themselves since the last time.

        A publisher that does not answer must not hold up the events that do come.
        """
        heard, self._heard = self._heard, False
        if heard:
            return
        try:
            self.inbox.catch_up()
        except FeedUnavailable as error:
            log.warning("feed_unavailable", queue=self._queue, error=str(error))

    def _park_raw(self, message: Message, body: bytes, expected: str) -> None:
        """What cannot be read has no position; was it an event, the next one shows the gap."""
        headers = {str(name): repr(value) for name, value in (message.headers or {}).items()}
        properties = {name: repr(value) for name, value in message.properties.items()}
        properties.pop("application_headers", None)
        digest = hashlib.sha256(body + repr(sorted(headers.items())).encode()).hexdigest()[:24]
        parking = self.reactions.parking
        parking.park(
            Parked(
                id=f"{self.reactions.publisher}-unreadable-{digest}",
                publisher=self.reactions.publisher,
                reason={"kind": "unreadable", "expected": expected},
                raw={"body": body, "headers": headers, "properties": properties},
            )
        )
        metrics.PARKED.labels(self.reactions.consumer).set(parking.count())
        log.error("message_parked", queue=self._queue, reason=expected)

    def _save(self, *, at_once: bool = False) -> None:
        try:
            self.inbox.save(at_once=at_once)
        except Exception as error:
            log.warning("tracking_not_saved", queue=self._queue, error=type(error).__name__)
