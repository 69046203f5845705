"""The gateway as an ASGI application, put together from its parts."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import cache

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from gateway import openapi, routes
from gateway.admission import Admission
from gateway.edge import Edge, allowed_methods
from gateway.endpoints import Endpoint, OperationRoute, Parts
from gateway.problems import Language, Problem, field_errors, preferred_language
from gateway.requests import JSON
from shared.runtime.health import Health

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
BY_STATUS = {
    400: "body_unreadable",
    404: "path_unknown",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type_unsupported",
}
"""Errors that the framework raises itself; what is not here is an internal error."""


def create_app(
    parts: Parts, health: Health, metrics: CollectorRegistry, lifespan: Lifespan | None = None
) -> FastAPI:
    """The application; `lifespan` starts and stops its parts."""
    app = FastAPI(
        title="Tu jest praca",
        version="1",
        openapi_url=None,  # ours is made in a thread; so there are no pages about it either
        separate_input_output_schemas=False,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.parts = parts
    for endpoint in endpoints():
        app.router.routes.append(OperationRoute(endpoint, **openapi.documentation(endpoint)))
    _add_operational_routes(app, health, metrics)
    app.add_middleware(Admission, parts=parts)
    app.add_middleware(Edge, registry=metrics)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    openapi.complete(app)
    return app


def endpoints() -> Iterator[Endpoint]:
    """Every endpoint of every module under `routes/`."""
    for module in sorted(pkgutil.iter_modules(routes.__path__), key=lambda found: found.name):
        yield from importlib.import_module(f"{routes.__name__}.{module.name}").ENDPOINTS


def _add_operational_routes(app: FastAPI, health: Health, metrics: CollectorRegistry) -> None:
    """What machines that run the platform ask; none of it tells anything about people."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        if missing := await run_in_threadpool(health.missing):
            raise Problem("not_ready", details={"missing": missing})
        return JSONResponse({"status": "ready"})

    @cache
    def description() -> bytes:
        return json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":")).encode()

    async def described(_: Request) -> Response:
        # Made when first asked for: it takes seconds, in which nobody else is kept waiting.
        return Response(await run_in_threadpool(description), media_type=JSON)

    async def measured(_: Request) -> Response:
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    app.router.add_route("/health/live", live, ["GET"], include_in_schema=False)
    app.router.add_route("/health/ready", ready, ["GET"], include_in_schema=False)
    app.router.add_route("/openapi.json", described, ["GET"], include_in_schema=False)
    app.router.add_route("/metrics", measured, ["GET"], include_in_schema=False)


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else _translated(request, error)
    if problem.code == "method_not_allowed" and request.method == "OPTIONS":
        return Response(status_code=204, headers=problem.headers)
    return problem.response(_language(request))


def _translated(request: Request, error: Exception) -> Problem:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = BY_STATUS.get(status, "internal")
    if code == "method_not_allowed":
        return Problem(code, headers={"Allow": allowed_methods(request.app, request.scope)})
    return Problem(code)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it
    problem = Problem("invalid", errors=field_errors(error.errors()))
    return problem.response(_language(request))


def _language(request: Request) -> Language:
    return preferred_language(",".join(request.headers.getlist("accept-language")))
