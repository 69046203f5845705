"""Routes as data: an `Operation` with the method and path it answers under.

A route exists only through an `Endpoint`, and an endpoint only with an operation: whoever adds a
route has thereby said who may call it. A request is checked in this order: token, role, headers,
body; then it becomes one remote call. Of an open operation no token is asked, and none is passed on.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Body, Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic.fields import FieldInfo
from starlette.responses import Response

from gateway import auth, conditional, idempotency, names, requests
from gateway.files import Files
from gateway.limits import Limits
from gateway.problems import Problem, Where, field_errors
from gateway.rpc import RpcClient
from shared.contracts.model import Published
from shared.contracts.operations import (
    ANYBODY,
    LAST_POSITION,
    Call,
    Caller,
    Effect,
    NoRequest,
    Operation,
    Receipt,
)
from shared.kernel.errors import Rejected
from shared.runtime.authority import TokenVerifier

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Parts:
    """What requests are answered with; `app.state.parts`."""

    rpc: RpcClient
    verifier: TokenVerifier
    files: Files
    limits: Limits


@dataclass(frozen=True)
class Context:
    """What the headers of one request say, checked."""

    parts: Parts
    endpoint: "Endpoint"
    token: str | None
    caller: Caller
    correlation_id: UUID
    purpose: str | None
    command_id: UUID | None
    expected_version: int | None

    async def call(
        self, operation: Operation[Any, Any], payload: dict[str, Any], at_least: int | None = None
    ) -> Any:
        """Call `operation`; raises `Problem`.

        The command's id and version go to the endpoint's own operation only: what is asked on the
        way there is no part of the command.
        """
        own = operation is self.endpoint.operation
        call = Call(
            token=self.token,
            correlation_id=self.correlation_id,
            command_id=self.command_id if own else None,
            expected_version=self.expected_version if own else None,
            at_least=at_least,
            purpose=self.purpose,
            payload=payload,
        )
        try:
            return await self.parts.rpc.call(operation, call)
        except Rejected as refusal:
            raise Problem.refused(refusal, *self.endpoint.place_of(refusal.pointer or "")) from None


Handler = Callable[[Request, Context, Mapping[str, Any]], Awaitable[Response]]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One route.

    Path parameters are fields of the operation's request; the other fields are the JSON body, or
    the query of a GET. `keyed`: needs an `Idempotency-Key`; `versioned`: needs `If-Match`;
    `location`: path of what was made, with the reply's fields. `names`: the names of participants
    are joined to the reply. A `handler` answers in place of the plain call; it is given the JSON body
    described by `body`, or reads one of media type `accepts` itself, and judges what it is given.
    `deep`: the last path parameter may have slashes in it.
    `alias`: name of the endpoint where its operation has another one already.
    """

    operation: Operation[Any, Any]
    method: Method
    path: str
    summary: str
    status: int = 200
    keyed: bool = False
    versioned: bool = False
    location: str | None = None
    names: bool = False
    offers: str = requests.JSON
    accepts: str | None = None
    body: type[Published] | None = None
    handler: Handler | None = None
    deep: bool = False
    alias: str | None = None

    @property
    def name(self) -> str:
        """Unique among all endpoints: one operation may answer under several paths."""
        return self.alias or self.operation.name

    @property
    def path_fields(self) -> dict[str, str]:
        """Path parameters and the fields they fill; a name that is no field stands for `id`."""
        fields = self.operation.request.model_fields
        names = PLACEHOLDER.findall(self.path)
        return {name: name if name in fields else "id" for name in names}

    @property
    def other_fields(self) -> dict[str, FieldInfo]:
        taken = self.path_fields.values()
        fields = (self.body or self.operation.request).model_fields
        return {name: field for name, field in fields.items() if name not in taken}

    @property
    def has_body(self) -> bool:
        return self.method != "GET" and (self.handler is None or self.body is not None)

    def place_of(self, pointer: str) -> tuple[Where, str]:
        """Where a caller put the field of the operation's request that a pointer leads to, and the
        pointer within that place.
        """
        for name, field in self.path_fields.items():
            if pointer == f"/{field}":
                return "path", f"/{name}"
        return ("body" if self.has_body or self.accepts else "query"), pointer

    @property
    def stored(self) -> bool:
        """Whether it answers with a file out of the store."""
        return self.offers in requests.DOCUMENTS and bool(self.path_fields)

    @property
    def reads(self) -> bool:
        """Whether it can wait for a position (`at_least`)."""
        return self.operation.effect is Effect.QUERY and not self.keyed


def create(operation: Operation[Any, Any], path: str, location: str, summary: str) -> Endpoint:
    """A command that makes something new."""
    return Endpoint(
        operation=operation,
        method="POST",
        path=path,
        summary=summary,
        status=201,
        keyed=True,
        location=location,
    )


def command(
    operation: Operation[Any, Any], path: str, summary: str, method: Method = "POST"
) -> Endpoint:
    """A command to something that exists."""
    return Endpoint(
        operation=operation, method=method, path=path, summary=summary, keyed=True, versioned=True
    )


def unconditional(operation: Operation[Any, Any], path: str, summary: str) -> Endpoint:
    """A command to something that exists, which does not depend on what its author has seen of it."""
    return Endpoint(operation=operation, method="POST", path=path, summary=summary, keyed=True)


def query(
    operation: Operation[Any, Any], path: str, summary: str, *, names: bool = False
) -> Endpoint:
    return Endpoint(operation=operation, method="GET", path=path, summary=summary, names=names)


def search(operation: Operation[Any, Any], path: str, summary: str) -> Endpoint:
    """A query whose parameters travel in a body, because they are personal or have parts."""
    return Endpoint(operation=operation, method="POST", path=path, summary=summary)


class Waiting(Published):
    """What any read can ask for besides its own parameters."""

    at_least: int | None = Field(
        default=None,
        ge=0,
        le=LAST_POSITION,
        description="Position of an own command: wait until the answer includes it",
    )


class OperationRoute(APIRoute):
    """A route of the one kind there is: bound to an operation, closed to everybody else."""

    def __init__(self, endpoint: Endpoint, **options: Any) -> None:
        self.declared = endpoint
        super().__init__(
            f"{endpoint.path[:-1]}:path}}" if endpoint.deep else endpoint.path,
            _answer(endpoint),
            methods=[endpoint.method],
            name=endpoint.name,
            operation_id=endpoint.name,
            summary=endpoint.summary,
            status_code=endpoint.status,
            tags=[endpoint.operation.service],
            **options,
        )

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        answer = super().get_route_handler()
        endpoint = self.declared

        async def checked(request: Request) -> Response:
            request.state.context = _admit(request, endpoint)
            return await answer(requests.JsonRequest(request.scope, request.receive))

        return checked


def _admit(request: Request, endpoint: Endpoint) -> Context:
    """Everything that is decided before the body is read. Raises `Problem`."""
    parts = cast("Parts", request.app.state.parts)
    token, caller = None, ANYBODY
    if not endpoint.operation.open:
        identity = auth.identity_of(request)
        token, caller = identity.token, identity.caller
        auth.authorize(caller, endpoint.operation)
    headers = request.headers
    requests.require_acceptable(headers, endpoint.offers)
    if endpoint.method != "GET":
        requests.require_media_type(headers, endpoint.accepts or requests.JSON)
    return Context(
        parts=parts,
        endpoint=endpoint,
        token=token,
        caller=caller,
        correlation_id=request.state.correlation_id,
        purpose=requests.purpose(headers),
        command_id=idempotency.command_id(caller.subject, headers) if endpoint.keyed else None,
        expected_version=conditional.expected_version(headers) if endpoint.versioned else None,
    )


def _answer(endpoint: Endpoint) -> Callable[..., Awaitable[Response]]:
    """The function FastAPI calls; its signature, made from the operation, is the documentation."""

    async def answer(request: Request, **parameters: Any) -> Response:
        context: Context = request.state.context
        values: dict[str, Any] = {}
        for name, value in parameters.items():
            if isinstance(value, BaseModel):  # body or query: fields not sent stay unset
                values |= {sent: getattr(value, sent) for sent in value.model_fields_set}
            else:
                values[endpoint.path_fields[name]] = value
        if endpoint.handler is not None:
            return await endpoint.handler(request, context, values)
        at_least = values.pop("at_least", None)
        payload = _request(endpoint, values)
        reply = await context.call(
            endpoint.operation, payload.model_dump(mode="json", exclude_unset=True), at_least
        )
        if not endpoint.names:
            return reply_response(endpoint, reply)
        reply, told = await names.joined(reply, context.caller, context.call)
        response = reply_response(endpoint, reply)
        response.headers[names.HEADER] = told
        return response

    request = inspect.Parameter(
        "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request
    )
    answer.__signature__ = inspect.Signature([request, *_parameters(endpoint)])  # type: ignore[attr-defined]
    answer.__doc__ = (endpoint.handler or endpoint.operation.request).__doc__
    return answer


def _request(endpoint: Endpoint, values: Mapping[str, Any]) -> Published:
    """The operation's request out of its parts, each of which is right by itself.

    Raises `Problem` where they do not go together.
    """
    try:
        return cast("Published", endpoint.operation.request.model_validate(values))
    except ValidationError as error:
        where, _ = endpoint.place_of("")
        raise Problem("invalid", errors=field_errors(error.errors(), where)) from None


def reply_response(endpoint: Endpoint, reply: Published) -> Response:
    headers = {}
    version = getattr(reply, "version", None)
    if version is not None:
        headers["ETag"] = conditional.etag(version)
    if endpoint.location is not None:
        headers["Location"] = endpoint.location.format(**dict(reply))
    if isinstance(reply, Receipt) and reply.repeated:
        headers["Idempotent-Replayed"] = "true"
    return Response(reply.model_dump_json(), endpoint.status, headers, requests.JSON)


def _parameters(endpoint: Endpoint) -> list[inspect.Parameter]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    found = [
        inspect.Parameter(name, keyword, annotation=_path_parameter(endpoint, field))
        for name, field in endpoint.path_fields.items()
    ]
    fields = endpoint.other_fields
    if endpoint.has_body:
        body = endpoint.body or _model(endpoint.operation.request.__name__, endpoint, fields)
        found.append(inspect.Parameter("body", keyword, annotation=Annotated[body, Body()]))
        fields = {}
    elif endpoint.handler is not None:
        fields = {}
    if endpoint.reads:
        fields = fields | Waiting.model_fields
    # Also where no parameter is known: one that were ignored might have meant something to its sender.
    parameters = _query_model(endpoint, fields)
    found.append(inspect.Parameter("query", keyword, annotation=Annotated[parameters, Query()]))
    return found


def _query_model(endpoint: Endpoint, fields: Mapping[str, FieldInfo]) -> type[Published]:
    """One for all endpoints that ask nothing of their own: FastAPI remembers the fields of 128 models
    of parameters, and cannot describe an application that has more.
    """
    for shared in (NoRequest, Waiting):
        if fields == shared.model_fields:
            return shared
    return _model(f"{endpoint.name}_query", endpoint, fields)


def _path_parameter(endpoint: Endpoint, name: str) -> Any:
    field = endpoint.operation.request.model_fields[name]
    limits = field.metadata if endpoint.handler is None else []
    return Annotated[(field.annotation, *limits, Path())]


def _model(name: str, endpoint: Endpoint, fields: Mapping[str, FieldInfo]) -> type[Published]:
    request = endpoint.operation.request
    if fields == request.model_fields:
        return cast("type[Published]", request)
    definitions: dict[str, Any] = {
        field_name: (field.annotation, field) for field_name, field in fields.items()
    }
    return create_model(name, __base__=Published, __doc__=request.__doc__, **definitions)
