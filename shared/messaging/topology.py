"""Exchanges and queues: what each service declares, every time it connects.

A quorum queue whose node dies within a second of its declaration may never get a leader again
(measured on RabbitMQ 3.10): its declaration still succeeds, everything else on it hangs. So each
declared queue has to answer; one that does not is made anew, and the inbox rule then reads from the
publisher's ledger what was in it.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import amqp
import kombu
import structlog

from shared.messaging import wire
from shared.messaging.link import connected, limited, opened_channel

log = structlog.get_logger(__name__)

DEAD = "dead"
UNROUTED = "unrouted"
DELIVERY_LIMIT = 20
UNROUTED_KEPT = 10_000
"""Messages kept for operators to see that nobody listens; the ledger has them all."""
REQUEST_LIFETIME_MS = 60_000
"""No caller waits longer, and what a request says about people must not stay in a queue."""
READY_LIMIT = 60.0
"""Seconds for the broker to take and answer for a service's whole topology."""
PAUSE = 0.25
PATIENCE = 15.0
"""Seconds after which a queue that does not answer counts as dead; a big one takes some to recover.
"""
DELETE_LIMIT = 20.0
"""RabbitMQ itself waits 5 s for a leader before it deletes a queue without one."""


class TopologyMismatch(Exception):
    """The broker has the queue or exchange with other arguments, which cannot be changed."""


class BrokerUnready(Exception):
    """The broker did not take and answer for the whole topology in time."""


@dataclass(frozen=True)
class Exchange:
    name: str
    kind: str = "topic"
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """A durable queue, bound to `(exchange, routing key)` pairs."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    bindings: Sequence[tuple[str, str]] = ()

    @property
    def quorum(self) -> bool:
        return self.arguments.get("x-queue-type") == "quorum"


@dataclass(frozen=True)
class Topology:
    exchanges: Sequence[Exchange] = ()
    queues: Sequence[Queue] = ()


CALLS = Exchange(wire.EXCHANGE)


def inbox_name(consumer: str, publisher: str) -> str:
    return f"{consumer}.inbox.{publisher}"


def requests_name(service: str) -> str:
    return f"rpc-{service}"


def events_exchange(service: str) -> Exchange:
    return Exchange(f"{service}.events", arguments={"alternate-exchange": UNROUTED})


def publishing(service: str) -> Topology:
    """Where a service's events go; those that no queue takes are kept in sight."""
    unrouted = {"x-queue-type": "quorum", "x-max-length": UNROUTED_KEPT}
    return Topology(
        (Exchange(UNROUTED, "fanout"), events_exchange(service)),
        (Queue(UNROUTED, unrouted, ((UNROUTED, ""),)),),
    )


def inbox(consumer: str, publisher: str) -> Topology:
    """Every event of one publisher, in order, for one consumer at a time.

    The doorbell (`consumer`) comes by the exchange of the calls, where rights go by routing key.
    At-least-once dead-lettering wants `reject-publish`; with no length limit it never rejects.
    """
    name = inbox_name(consumer, publisher)
    dead = f"{name}.dead"
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD,
        "x-dead-letter-routing-key": dead,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    return Topology(
        (CALLS, Exchange(DEAD, "direct"), Exchange(UNROUTED, "fanout"), events_exchange(publisher)),
        (
            Queue(dead, {"x-queue-type": "quorum"}, ((DEAD, dead),)),
            Queue(name, arguments, ((f"{publisher}.events", "#"), (wire.EXCHANGE, name))),
        ),
    )


def requests(service: str) -> Topology:
    """Calls to a service: transient and classic, since a lost call is repeated by its caller."""
    arguments = {"x-message-ttl": REQUEST_LIFETIME_MS}
    return Topology(
        (CALLS,),
        (Queue(requests_name(service), arguments, ((wire.EXCHANGE, f"{service}.*"),)),),
    )


def declare(uri: str, topology: Topology, *, limit: float = READY_LIMIT) -> None:
    """Declare everything and return when every queue answers, in at most about `limit` seconds.

    Raises `TopologyMismatch` at once, `BrokerUnready` with the last failure when time is up.
    """
    deadline = time.monotonic() + limit
    silent: dict[str, float] = {}
    while True:
        try:
            with connected(uri, name="topology") as connection:
                _declare(connection, topology)
                for queue in topology.queues:
                    if queue.quorum:
                        _await_answer(connection, queue, silent)
        except TopologyMismatch:
            raise
        except Exception as error:
            if time.monotonic() >= deadline:
                reason = f"{type(error).__name__}: {error}"
                raise BrokerUnready(f"RabbitMQ not ready after {limit:g} s: {reason}") from error
            _remove_dead(uri, silent)
            time.sleep(PAUSE)
        else:
            return


def _declare(connection: kombu.Connection, topology: Topology) -> None:
    for exchange in topology.exchanges:
        with _explained("exchange", exchange.name), opened_channel(connection) as channel:
            declare_exchange(channel, exchange)
    for queue in topology.queues:
        with _explained("queue", queue.name), opened_channel(connection) as channel:
            channel.queue_declare(
                queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments)
            )
            for source, routing_key in queue.bindings:
                channel.queue_bind(queue.name, source, routing_key)


def declare_exchange(channel: Any, exchange: Exchange) -> None:
    channel.exchange_declare(
        exchange.name,
        exchange.kind,
        durable=True,
        auto_delete=False,
        arguments=dict(exchange.arguments),
    )


def _await_answer(connection: kombu.Connection, queue: Queue, silent: dict[str, float]) -> None:
    """Ask the queue's leader for something; `silent` notes since when it gives no answer.

    Only an empty queue is asked for a message. One with a single active consumer refuses to answer
    `basic.get`, and it is the leader that says so.
    """
    asked = time.monotonic()
    try:
        with opened_channel(connection) as channel:
            declared = channel.queue_declare(queue.name, passive=True)
            if declared.message_count == 0:
                channel.basic_get(queue.name)
    except amqp.ResourceLocked:
        pass
    except TimeoutError:
        silent.setdefault(queue.name, asked)
        raise
    silent.pop(queue.name, None)


def _remove_dead(uri: str, silent: dict[str, float]) -> None:
    """Delete the queues that have been silent for long; the next round declares them anew."""
    for name, since in list(silent.items()):
        if time.monotonic() - since > PATIENCE:
            log.error("queue_recreated", queue=name, reason="no leader answers")
            with suppress(Exception), connected(uri, name="topology") as connection:
                channel = connection.channel()
                with limited(connection, DELETE_LIMIT):
                    channel.queue_delete(name)
                silent.pop(name)


@contextmanager
def _explained(what: str, name: str) -> Iterator[None]:
    try:
        yield
    except amqp.PreconditionFailed as error:
        raise TopologyMismatch(_explanation(what, name, str(error.reply_text))) from error


_INEQUIVALENT = re.compile(
    r"inequivalent arg '(?P<argument>[^']+)'.*received (?P<wanted>.+) but current is (?P<has>.+)$"
)


def _explanation(what: str, name: str, reply: str) -> str:
    """The broker's answer in our words: which argument, what we want, what it has."""
    found = _INEQUIVALENT.search(reply)
    if found is None:
        return f"{what} {name!r}: {reply}"
    return (
        f"{what} {name!r} exists with another {found['argument']}: "
        f"the broker has {_bare(found['has'])}, this version declares {_bare(found['wanted'])}; "
        f"arguments cannot be changed: delete the {what} (its messages are in the ledgers) "
        "or give it a new name"
    )


def _bare(value: str) -> str:
    return re.sub(r"^the value |\s*of type '\w+'$", "", value)
