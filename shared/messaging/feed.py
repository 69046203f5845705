"""Asking a publisher for the events that did not come."""

import threading
from time import monotonic
from typing import Any
from uuid import uuid4

import kombu
from pydantic import ValidationError

from shared.contracts.operations import FeedPage
from shared.messaging import topology, wire
from shared.messaging.link import close_connection, limited, open_connection
from shared.messaging.publisher import Outgoing, Publisher

ANSWER_LIMIT = 15.0


class FeedUnavailable(Exception):
    """The publisher did not answer, or not with a page."""


class FeedClient:
    """Calls `{publisher}.feed`; one call at a time.

    Direct reply-to is of no use: nameko's replies go through its own exchange.
    """

    def __init__(self, uri: str, publisher: str, *, limit: float = ANSWER_LIMIT) -> None:
        self._uri = uri
        self._service = publisher
        self._limit = limit
        self._turn = threading.Lock()
        self._requests = Publisher(uri, name=f"calls of {publisher}.feed")
        self._replies: _Replies | None = None

    def page(self, after: int) -> FeedPage:
        """The publisher's events after a position; raises `FeedUnavailable`."""
        with self._turn:
            try:
                return self._page(after)
            except Exception as error:
                self._drop()
                reason = f"{type(error).__name__}: {error}"
                raise FeedUnavailable(f"{self._service}.feed: {reason}") from error
            except BaseException:
                self._drop()
                raise

    def close(self) -> None:
        with self._turn:
            self._drop()
            self._requests.close()

    def _page(self, after: int) -> FeedPage:
        if self._replies is None:
            self._replies = _Replies(self._uri)
        correlation = str(uuid4())
        request = Outgoing(
            wire.EXCHANGE,
            f"{self._service}.feed",
            wire.request_body(after=after),
            properties={
                "content_type": wire.JSON,
                "content_encoding": "utf-8",
                "correlation_id": correlation,
                "reply_to": self._replies.address,
                "expiration": str(int(self._limit * 1000)),
            },
            persistent=False,
        )
        self._requests.publish(request)
        result = wire.reply_result(self._replies.take(correlation, self._limit))
        try:
            return FeedPage.model_validate(result, extra="ignore")
        except ValidationError:
            raise wire.Malformed("the answer is not a page of events") from None

    def _drop(self) -> None:
        replies, self._replies = self._replies, None
        if replies is not None:
            close_connection(replies.connection)


class _Replies:
    """A reply queue that lives as long as its connection."""

    def __init__(self, uri: str) -> None:
        self.address = str(uuid4())
        self._received: dict[str, dict[str, Any]] = {}
        self.connection: kombu.Connection = open_connection(uri, name="feed replies")
        with limited(self.connection):
            channel = self.connection.channel()
            channel.auto_decode = False
            topology.declare_exchange(channel, topology.CALLS)
            name, _, _ = channel.queue_declare(f"rpc.reply-feed-{self.address}", exclusive=True)
            channel.queue_bind(name, wire.EXCHANGE, self.address)
            channel.basic_consume(name, no_ack=True, callback=self._receive)

    def take(self, correlation: str, limit: float) -> dict[str, Any]:
        deadline = monotonic() + limit
        while correlation not in self._received:
            remaining = deadline - monotonic()
            if remaining <= 0:
                raise TimeoutError(f"no answer within {limit:g} s")
            self.connection.drain_events(timeout=remaining)
        reply = self._received[correlation]
        self._received.clear()
        return reply

    def _receive(self, message: Any) -> None:
        properties = message.properties
        body = wire.json_object(
            bytes(message.body or b""),
            properties.get("content_type"),
            properties.get("content_encoding"),
        )
        self._received[str(properties.get("correlation_id"))] = body
