"""Remote calls to services, in nameko's wire format, over one AMQP connection.

A request goes to the topic exchange `nameko-rpc` with routing key `service.operation`; its reply
comes back through the same exchange to this process's own queue. The queue is durable and outlives a
lost connection by `REPLY_QUEUE_EXPIRES`, so that a call under way then still gets its answer.
"""

import asyncio
import random
from collections.abc import Awaitable
from typing import Any, TypeVar
from uuid import uuid4

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, PublishError
from opentelemetry import propagate, trace
from prometheus_client import CollectorRegistry, Histogram
from pydantic import ValidationError

from gateway.problems import TABLE, Problem
from shared.contracts.model import Published
from shared.contracts.operations import Call, Operation
from shared.kernel.errors import Rejected
from shared.messaging import wire

REPLY_QUEUE_EXPIRES = 300_000
"""Milliseconds after which the broker drops the reply queue of a process that is gone."""
MAX_PENDING = 1_000
"""Calls under way at once; more are refused at once instead of piling up."""
LONGEST_PAUSE = 5.0
"""Seconds between two attempts to reach the broker, at most."""

RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)


class RpcClient:
    """Calls operations of services; safe for any number of tasks of one event loop.

    `timeout` (seconds) bounds a whole call: waiting for the connection, publishing, the answer. The
    request expires on the broker after the same time, so a service that comes back does not answer
    calls nobody waits for.
    """

    def __init__(
        self, amqp_uri: str, *, timeout: float, registry: CollectorRegistry | None = None
    ) -> None:
        self._uri = amqp_uri
        self._timeout = timeout
        self._reply_to = str(uuid4())
        self._pending: dict[str, asyncio.Future[bytes]] = {}
        self._exchange: AbstractExchange | None = None
        self._connected = asyncio.Event()
        self._cancelled = asyncio.Event()
        """The broker cancelled our consumer, as it does when the reply queue is deleted."""
        self._connecting: asyncio.Task[None] | None = None
        self._durations = Histogram(
            "gateway_rpc_seconds",
            "Duration of remote calls",
            ["operation", "outcome"],
            registry=registry,
        )

    @property
    def ready(self) -> bool:
        return self._connected.is_set()

    async def start(self) -> None:
        """Begin to connect, and go on for ever: the broker may come later than we do."""
        self._connecting = asyncio.create_task(self._stay_connected(), name="rpc connection")

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)

    async def call(self, operation: Operation[RequestT, ReplyT], call: Call) -> ReplyT:
        """Call an operation and return its reply.

        Raises `Rejected`, the refusal of the service, whose code is in the table; and `Problem`:
        `service_unavailable` when the call was certainly not handled, `no_answer` when it is
        unknown whether it was.
        """
        body = wire.request_body(call=call.model_dump(mode="json"))
        if len(body) > wire.LIMIT:
            raise Problem("message_too_large", details={"limit_bytes": wire.LIMIT})
        if len(self._pending) >= MAX_PENDING:
            raise Problem("overloaded")
        start = asyncio.get_running_loop().time()
        outcome = "ok"
        try:
            with tracer.start_as_current_span(f"rpc {operation}", kind=trace.SpanKind.CLIENT):
                return _read(operation, await self._exchange_messages(operation, body))
        except (Problem, Rejected) as refusal:
            outcome = refusal.code
            raise
        finally:
            seconds = asyncio.get_running_loop().time() - start
            self._durations.labels(str(operation), outcome).observe(seconds)

    async def _exchange_messages(self, operation: Operation[Any, Any], body: bytes) -> bytes:
        correlation_id = str(uuid4())
        reply: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._pending[correlation_id] = reply
        sent = False
        try:
            async with asyncio.timeout(self._timeout):
                await self._connected.wait()
                assert self._exchange is not None  # noqa: S101  set before the event
                sent = True
                await self._exchange.publish(
                    self._message(operation, correlation_id, body), str(operation), mandatory=True
                )
                return await reply
        except PublishError:  # returned by the broker: no queue is bound for this operation
            raise Problem("service_unavailable", details={"service": operation.service}) from None
        except (TimeoutError, *CONNECTION_EXCEPTIONS):
            code = "no_answer" if sent else "service_unavailable"
            log.warning("rpc_unanswered", operation=str(operation), code=code)
            raise Problem(code, details={"service": operation.service}) from None
        finally:
            del self._pending[correlation_id]

    def _message(
        self, operation: Operation[Any, Any], correlation_id: str, body: bytes
    ) -> aio_pika.Message:
        headers: dict[str, Any] = {"nameko.call_id_stack": [f"gateway.{operation}.{uuid4()}"]}
        propagate.inject(headers)
        return aio_pika.Message(
            body,
            headers=headers,
            content_type=wire.JSON,
            content_encoding="utf-8",
            delivery_mode=aio_pika.DeliveryMode.NOT_PERSISTENT,  # personal data stays off disks
            priority=0,
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=self._timeout,
        )

    async def _stay_connected(self) -> None:
        pause = 0.2
        while True:
            try:
                connection = await aio_pika.connect(self._uri, timeout=5, heartbeat=10)
                async with connection:
                    channel = await connection.channel(on_return_raises=True)
                    async with asyncio.timeout(10):
                        self._exchange = await self._declare(channel)
                    self._cancelled.clear()
                    self._connected.set()
                    log.info("broker_connected")
                    pause = 0.2
                    await _first(channel.closed(), self._cancelled.wait())
                    log.warning("broker_connection_lost")
            except (TimeoutError, *CONNECTION_EXCEPTIONS) as error:
                log.warning("broker_unreachable", error=type(error).__name__)
            finally:
                self._connected.clear()
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  jitter
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _declare(self, channel: AbstractChannel) -> AbstractExchange:
        exchange = await channel.get_exchange(wire.EXCHANGE)  # provisioned; we may not declare it
        queue = await channel.declare_queue(
            f"rpc.reply-gateway-{self._reply_to}",
            durable=True,
            # Classic also where the virtual host's default is quorum: a reply is not worth a log.
            arguments={"x-expires": REPLY_QUEUE_EXPIRES, "x-queue-type": "classic"},
        )
        await queue.bind(exchange, self._reply_to)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(lambda _: self._cancelled.set())
        await queue.consume(self._on_reply, no_ack=True)
        return exchange

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        reply = self._pending.get(message.correlation_id or "")
        if reply is not None and not reply.done():  # else: it came after its call had given up
            reply.set_result(message.body)


async def _first(*events: Awaitable[Any]) -> None:
    tasks = [asyncio.ensure_future(event) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _read(operation: Operation[RequestT, ReplyT], body: bytes) -> ReplyT:
    """The reply model of an answer; raises the refusal that the service reports.

    Why an answer is unreadable is logged by kind only: its text may hold personal data.
    """
    try:
        reply = wire.json_object(body, wire.JSON, None)
        return operation.reply.model_validate(wire.reply_result(reply))
    except Rejected as refusal:
        if refusal.code in TABLE:
            raise
        log.error("refusal_not_in_table", operation=str(operation), code=refusal.code)  # noqa: TRY400
    except (wire.Malformed, ValidationError) as error:
        kind = type(error).__name__
        log.error("rpc_reply_unreadable", operation=str(operation), kind=kind)  # noqa: TRY400
    raise Problem("service_failed", details={"service": operation.service})
