"""Publishing that either knows the broker has the message or says so.

Many messages are written before their confirms are read, so that a batch costs one round trip
(RabbitMQ, "Consumer Acknowledgements and Publisher Confirms").
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import amqp
import kombu

from shared.messaging.link import CALL_LIMIT, close_connection, limited, open_connection

TRANSIENT = 1
PERSISTENT = 2


@dataclass(frozen=True)
class Outgoing:
    """A message; `properties` are AMQP basic properties (`message_id`, `type`, …)."""

    exchange: str
    routing_key: str
    body: bytes
    headers: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    persistent: bool = True


class Unconfirmed(Exception):
    """The broker did not take every message; of the first `confirmed` ones it is certain."""

    def __init__(self, reason: str, confirmed: int = 0) -> None:
        super().__init__(reason)
        self.confirmed = confirmed


class Unroutable(Unconfirmed):
    """No queue takes one of the messages."""


class Publisher:
    """One connection in confirm mode, opened when needed and dropped after a failure.

    Safe to share between threads or greenlets; they take turns. It sends no heartbeat: a connection
    that went stale shows by the missing confirm.
    """

    def __init__(self, uri: str, *, name: str, confirm_limit: float = CALL_LIMIT) -> None:
        self._uri = uri
        self._name = name
        self._limit = confirm_limit
        self._turn = threading.Lock()
        self._link: _Link | None = None

    def publish(self, *messages: Outgoing) -> None:
        """Return when the broker has all messages; otherwise raise `Unconfirmed`.

        After a failure any of the unconfirmed messages may have been taken: publish them again.
        """
        with self._turn:
            if self._link is None:
                self._link = self._opened()
            try:
                self._link.publish(messages, self._limit)
            except Unroutable:
                raise
            except BaseException:
                self._drop()
                raise

    def close(self) -> None:
        with self._turn:
            self._drop()

    def _opened(self) -> "_Link":
        try:
            return _Link(open_connection(self._uri, name=self._name))
        except Exception as error:
            raise Unconfirmed(_reason(error)) from error

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            close_connection(link.connection)


class _Link:
    """A channel in confirm mode and what the broker has said about its messages."""

    def __init__(self, connection: kombu.Connection) -> None:
        self.connection = connection
        with limited(connection):
            self._channel = connection.channel()
            self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._sent = 0
        self._confirmed = 0
        self._ahead: set[int] = set()
        self._refused = 0
        self._returned: list[str] = []

    def publish(self, messages: Sequence[Outgoing], limit: float) -> None:
        before = self._sent
        self._returned.clear()
        try:
            with limited(self.connection, limit):
                for message in messages:
                    self._send(message)
            self._await_confirms(monotonic() + limit, limit)
        except Exception as error:
            raise Unconfirmed(_reason(error), max(0, self._confirmed - before)) from error
        if self._returned:
            raise Unroutable(f"no queue takes {self._returned[0]}")

    def _send(self, message: Outgoing) -> None:
        self._channel.basic_publish(
            amqp.Message(
                message.body,
                application_headers=dict(message.headers),
                delivery_mode=PERSISTENT if message.persistent else TRANSIENT,
                **message.properties,
            ),
            exchange=message.exchange,
            routing_key=message.routing_key,
            mandatory=True,
        )
        self._sent += 1

    def _await_confirms(self, deadline: float, limit: float) -> None:
        while self._confirmed < self._sent:
            if self._refused:
                raise amqp.MessageNacked(f"message {self._refused} refused by the broker")
            remaining = deadline - monotonic()
            if remaining <= 0:
                raise TimeoutError(f"no confirm within {limit:g} s")
            self.connection.drain_events(timeout=remaining)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._ahead.update(range(self._confirmed + 1, tag + 1) if multiple else (tag,))
        while self._confirmed + 1 in self._ahead:
            self._confirmed += 1
            self._ahead.discard(self._confirmed)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._refused = self._confirmed + 1 if multiple else tag

    def _on_return(
        self, _error: Exception, exchange: str, routing_key: str, _message: object
    ) -> None:
        self._returned.append(f"{exchange or 'the default exchange'}/{routing_key}")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
