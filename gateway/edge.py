"""What every request meets first and last: correlation, trace, metrics, log, headers, last resort."""

import time
import traceback
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI
from opentelemetry import propagate, trace
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from prometheus_client import CollectorRegistry, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problems import Language, Problem, current_trace_id, preferred_language
from gateway.requests import correlation_id

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
FIXED_PATHS = frozenset({"/health/live", "/health/ready", "/metrics", "/openapi.json"})
"""Asked by machines, every second: not worth a line of the log."""
log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)


class Edge:
    """ASGI middleware around everything else.

    Only the template of the path is logged and measured: addresses and queries may name people.
    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._durations = Histogram(
            "gateway_http_seconds",
            "Duration of requests",
            ["method", "route", "status"],
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        start = time.perf_counter()
        with trace.use_span(_span(headers), end_on_exit=True) as span:
            exchange = _Exchange(scope, send)
            await self._answer(scope, receive, exchange, preferred_language(_language(headers)))
            route = _template(scope)
            span.update_name(f"{exchange.method} {route}")
            seconds = time.perf_counter() - start
            self._durations.labels(exchange.method, route, exchange.status).observe(seconds)
            (log.debug if route in FIXED_PATHS else log.info)(
                "request",
                method=exchange.method,
                route=route,
                status=exchange.status,
                milliseconds=round(seconds * 1000, 1),
                correlation_id=exchange.correlation_id,
                trace_id=current_trace_id(),
            )

    async def _answer(
        self, scope: Scope, receive: Receive, exchange: "_Exchange", language: Language
    ) -> None:
        try:
            identifier = correlation_id(Headers(scope=scope))
            exchange.correlation_id = str(identifier)
            scope.setdefault("state", {})["correlation_id"] = identifier
            with structlog.contextvars.bound_contextvars(correlation_id=str(identifier)):
                await self._app(scope, receive, exchange.send)
        except Problem as problem:
            await problem.response(language)(scope, receive, exchange.send)
        except Exception as error:
            # Where it happened, not what the exception says: its text may hold personal data.
            frames = traceback.extract_tb(error.__traceback__)[-5:]
            log.error(  # noqa: TRY400
                "request_failed",
                exception=type(error).__name__,
                at=[f"{frame.filename}:{frame.lineno}" for frame in frames],
            )
            if exchange.started:
                raise  # the server closes the connection, so that half an answer is not taken whole
            await Problem("internal").response(language)(scope, receive, exchange.send)


class _Exchange:
    """The answer on its way out: adds the headers, and drops the body of an answer to HEAD."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self.method = known_method(scope["method"])
        self.status = 0
        self.correlation_id = str(uuid4())
        self._head = scope["method"] == "HEAD"
        if self._head:
            scope["method"] = "GET"  # RFC 9110 §9.3.2: as GET, without the content

    @property
    def started(self) -> bool:
        return self.status != 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Correlation-ID"] = self.correlation_id
        elif self._head:
            message = {**message, "body": b""}
        await self._send(message)


def _span(headers: Headers) -> trace.Span:
    """The span of a request. Where tracing is off, one that only carries the ids on."""
    parent = propagate.extract(dict(headers))
    span = tracer.start_span("request", parent, trace.SpanKind.SERVER)
    if span.get_span_context().is_valid:
        return span
    ids = RandomIdGenerator()
    context = trace.SpanContext(ids.generate_trace_id(), ids.generate_span_id(), is_remote=False)
    return trace.NonRecordingSpan(context)


def known_method(method: str) -> str:
    """The method, or `other`: metrics must not grow with what strangers invent."""
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return method if method in known else "other"


def allowed_methods(app: FastAPI, scope: Scope) -> str:
    """Value of `Allow` for a path; empty when nothing is there."""
    found = {"OPTIONS"}
    for route in _matching(app.routes, scope):
        found |= route.methods or set()
    if "GET" in found:
        found.add("HEAD")
    return ", ".join(sorted(found)) if len(found) > 1 else ""


def _matching(routes: Iterable[BaseRoute], scope: Scope) -> Iterable[Route]:
    return (
        route
        for route in routes
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE
    )


def _template(scope: Scope) -> str:
    route: Any = scope.get("route")
    if isinstance(route, Route):
        return route.path
    return scope["path"] if scope["path"] in FIXED_PATHS else "unmatched"


def _language(headers: Headers) -> str:
    return ",".join(headers.getlist("accept-language"))
