"""Remote calls on nameko: `@operation(REGISTER_PARTICIPANT)` on the methods of a service class.

nameko's own RPC consumer dies of a request without `reply_to` or content type, acknowledges what it
cannot decode, leaks every header into the next message, drops acknowledgements when it stops, and
logs exceptions with whatever they quote. So its containers, workers and dependencies are used, and
its wire format, but neither its consumer nor its responder.
"""

import functools
import time
import traceback
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from kombu.message import Message
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint
from opentelemetry import propagate, trace
from pydantic import ValidationError

from shared.contracts.model import Published
from shared.contracts.operations import FeedPage, FeedRequest, Operation
from shared.kernel.errors import Rejected
from shared.messaging import metrics, topology, wire
from shared.messaging.calls import CallContext, TokenVerifier, let_in, parse_call, parse_request
from shared.messaging.listener import Listener
from shared.messaging.publisher import Outgoing, Publisher, Unconfirmed, Unroutable

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)

AMQP_URI = "AMQP_URI"
"""Key of the container's configuration (nameko's own name)."""
VERIFIER = "TOKEN_VERIFIER"
"""Key of the container's configuration: the `TokenVerifier` of this process."""
STOP_LIMIT = "STOP_LIMIT"
"""Key of the container's configuration: seconds that running calls may take when stopping."""
DEFAULT_STOP_LIMIT = 20.0
REPLY_ATTEMPTS = 2

RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)


class Calls(SharedExtension):  # type: ignore[misc]
    """The queue of a service's calls, shared by all its entrypoints."""

    def __init__(self) -> None:
        self.entrypoints: dict[str, RemoteMethod] = {}
        self._prepared = False
        self._listener: Listener
        self._publisher: Publisher
        super().__init__()

    @property
    def ready(self) -> bool:
        return self._prepared and self._listener.consuming.is_set()

    @property
    def last_tick(self) -> float:
        """When the listener was last seen alive (`time.monotonic`)."""
        return self._listener.last_tick

    def setup(self) -> None:
        service = self.container.service_name
        uri = self.container.config[AMQP_URI]
        wanted = topology.requests(service)
        topology.declare(uri, wanted)
        self._publisher = Publisher(uri, name=f"replies of {service}")
        self._listener = Listener(
            uri,
            topology.requests_name(service),
            self._deliver,
            prefetch=self.container.max_workers,
            prepare=lambda: topology.declare(uri, wanted),
        )
        self._prepared = True

    def start(self) -> None:
        self.container.spawn_managed_thread(self._listener.run, identifier="calls")
        self._listener.consuming.wait(topology.READY_LIMIT)

    def drain(self) -> None:
        """Finish the running calls; end those that take longer than the limit.

        An ended call was not acknowledged: it is delivered again, and as the command id is the same
        it is the same command.
        """
        limit = float(self.container.config.get(STOP_LIMIT, DEFAULT_STOP_LIMIT))
        if not self._listener.drain(limit):
            log.warning("calls_ended_unfinished", service=self.container.service_name)
            self.container._kill_worker_threads()  # noqa: SLF001 - nameko has no public way

    def stop(self) -> None:
        self.kill()

    def kill(self) -> None:
        if self._prepared:
            self._listener.close()
            self._publisher.close()

    def _deliver(self, message: Message) -> None:
        method = str(message.delivery_info.get("routing_key", "")).rpartition(".")[2]
        entrypoint = self.entrypoints.get(method)
        if entrypoint is None:
            self.answer(message, wire.refusal_body(Rejected("unknown_operation")))
            return
        try:
            self.container.spawn_worker(
                entrypoint, (entrypoint, message), {}, handle_result=entrypoint.handle_result
            )
        except Exception as error:  # the container is being killed
            log.info("call_left_to_another", reason=type(error).__name__)
            self._listener.settle(message, "requeue")

    def answer(self, message: Message, body: bytes) -> None:
        """Reply, then acknowledge; without a reply the call comes again."""
        reply_to = message.properties.get("reply_to")
        if not isinstance(reply_to, str) or not reply_to:
            # Nobody waits for an answer, and a dead-letter queue would keep what a request says
            # about people: it is refused, counted and logged.
            metrics.CALLS_UNANSWERABLE.labels(self.container.service_name).inc()
            log.error("call_without_reply_to", queue=topology.requests_name(self._service))
            self._listener.settle(message, "reject")
            return
        self._listener.settle(
            message, "ack" if self._replied(message, reply_to, body) else "requeue"
        )

    def _replied(self, message: Message, reply_to: str, body: bytes) -> bool:
        correlation = message.properties.get("correlation_id")
        reply = Outgoing(
            wire.EXCHANGE,
            reply_to,
            body,
            properties={
                "content_type": wire.JSON,
                "content_encoding": "utf-8",
                **({"correlation_id": correlation} if correlation else {}),
            },
            persistent=False,
        )
        for _ in range(REPLY_ATTEMPTS):
            try:
                self._publisher.publish(reply)
            except Unroutable:
                log.info("caller_gone")
                return True
            except Unconfirmed as error:
                log.warning("reply_unconfirmed", error=str(error))
            else:
                return True
        return False

    @property
    def _service(self) -> str:
        return str(self.container.service_name)


class RemoteMethod(Entrypoint):  # type: ignore[misc]
    """Binds one method of a service class to one name on the wire.

    The bound method is one made by `operation` or `feed`: it takes the entrypoint and the message,
    gives the body of the reply, and never raises.
    """

    calls = Calls()

    def __init__(self, service: str | None, name: str) -> None:
        self.service = service
        self.name = name
        super().__init__()

    def setup(self) -> None:
        if self.service not in (None, self.container.service_name):
            raise TypeError(
                f"{self.container.service_name} cannot answer {self.service}.{self.name}"
            )
        self.calls.entrypoints[self.name] = self

    def stop(self) -> None:
        self.calls.drain()

    def handle_result(self, worker_ctx: Any, body: Any, exc_info: Any) -> tuple[Any, Any]:
        _, message = worker_ctx.args
        if exc_info is not None:
            body = wire.refusal_body(_internal(exc_info[1]))
        self.calls.answer(message, body)
        return None, None


def operation(
    contract: Operation[RequestT, ReplyT],
) -> Callable[[Callable[[Any, RequestT, CallContext], ReplyT]], Callable[..., bytes]]:
    """The decorated method answers the operation: `method(request, context) -> reply`.

    It is called only for a caller who may, with a valid request.
    """

    def decorate(method: Callable[[Any, RequestT, CallContext], ReplyT]) -> Callable[..., bytes]:
        def work(service: Any, entrypoint: RemoteMethod, message: Message) -> Published:
            call = parse_call(_arguments(message))
            structlog.contextvars.bind_contextvars(correlation_id=str(call.correlation_id))
            verifier: TokenVerifier = entrypoint.container.config[VERIFIER]
            traceparent = (message.headers or {}).get("traceparent")
            context = let_in(contract, call, verifier, traceparent)
            structlog.contextvars.bind_contextvars(actor=context.caller.subject)
            return method(service, parse_request(contract, call.payload), context)

        return _remote(RemoteMethod(contract.service, contract.name), method, work)

    return decorate


def feed(method: Callable[[Any, FeedRequest], FeedPage]) -> Callable[..., bytes]:
    """The decorated method answers `feed(after, limit)` with public events.

    No token: services ask, and what they get is what the broker lets them consume anyway.
    """

    def work(service: Any, _: RemoteMethod, message: Message) -> FeedPage:
        try:
            request = FeedRequest.model_validate(_arguments(message))
        except ValidationError as error:
            raise wire.invalid(error) from None
        return method(service, request)

    return _remote(RemoteMethod(None, "feed"), method, work)


def _remote(
    entrypoint: RemoteMethod,
    method: Callable[..., Published],
    work: Callable[[Any, RemoteMethod, Message], Published],
) -> Callable[..., bytes]:
    @functools.wraps(method)
    def answer(service: Any, bound: RemoteMethod, message: Message) -> bytes:
        name = f"{bound.container.service_name}.{bound.name}"
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(service=bound.container.service_name, operation=name)
        parent = propagate.extract(_text_headers(message))
        started = time.monotonic()
        outcome = "answered"
        with tracer.start_as_current_span(name, parent, record_exception=False):
            try:
                body = wire.result_body(work(service, bound, message).model_dump(mode="json"))
            except Exception as error:
                refusal = error if isinstance(error, Rejected) else _internal(error)
                outcome = refusal.code
                body = _refusal_body(refusal)
        metrics.CALL_SECONDS.labels(bound.container.service_name, bound.name, outcome).observe(
            time.monotonic() - started
        )
        structlog.contextvars.clear_contextvars()
        return body

    register_entrypoint(answer, entrypoint)
    return answer


def _arguments(message: Message) -> dict[str, Any]:
    body = bytes(message.body or b"")  # an empty one is text
    if len(body) > wire.LIMIT:
        raise Rejected("message_too_large", {"limit_bytes": wire.LIMIT})
    try:
        return wire.request_arguments(
            wire.json_object(body, message.content_type, message.content_encoding)
        )
    except wire.Malformed as error:
        raise Rejected("malformed_call", {"expected": str(error)}) from None


def _refusal_body(refusal: Rejected) -> bytes:
    try:
        return wire.refusal_body(refusal)
    except (TypeError, ValueError) as error:
        return wire.refusal_body(_internal(error))


def _internal(error: BaseException) -> Rejected:
    """What the caller may know of a failure of ours: where to look it up.

    The log has type and place, not the text, which may quote personal data.
    """
    span = trace.get_current_span().get_span_context()
    trace_id = trace.format_trace_id(span.trace_id) if span.is_valid else uuid4().hex
    log.error(
        "call_failed",
        error=type(error).__qualname__,
        trace_id=trace_id,
        at=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-8:]
        ],
    )
    return Rejected("internal", {"trace_id": trace_id})


def _text_headers(message: Message) -> dict[str, str]:
    return {
        name: value for name, value in (message.headers or {}).items() if isinstance(value, str)
    }
