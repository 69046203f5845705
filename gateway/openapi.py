"""The OpenAPI 3.1 description: what FastAPI derives, plus headers, errors, examples and security."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gateway import names
from gateway.endpoints import Endpoint, OperationRoute
from gateway.problems import MEDIA_TYPE, TABLE, URN, ProblemDetails
from gateway.requests import HTML, JSON
from gateway.uploads import FILE_FIELDS, MULTIPART
from shared import contracts
from shared.contracts.operations import Effect

CONTRACTS = Path(contracts.__path__[0])
ALWAYS = (
    "correlation_id_invalid",
    "purpose_invalid",
    "too_many_requests",
    "not_acceptable",
    "invalid",
    "internal",
)
WITH_SERVICE = (
    "service_failed",
    "malformed_call",
    "unknown_operation",
    "service_unavailable",
    "no_answer",
    "overloaded",
)
WITH_TOKEN = ("unauthenticated", "token_invalid", "token_expired", "forbidden")
WITH_CONTENT = (
    "request_timeout",
    "body_too_large",
    "message_too_large",
    "body_unreadable",
    "media_type_unsupported",
)
RATE_HEADERS = {
    "RateLimit-Policy": "Requests at once (`q`), which are granted again within `w` seconds",
    "RateLimit": "Requests that are left (`r`); in `t` seconds it will be all",
}
_RATE_HEADERS: Final = {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS}
STALE = ("stale_version", "version_conflict")
DESCRIPTION = """\
Platform of a social-economy partnership: who takes part, and what was done with them.

Every command carries an `Idempotency-Key`; a command to something that exists carries the `ETag` it
has seen in `If-Match`. Errors are problem details (RFC 9457) with a stable `code`, in Polish or
English by `Accept-Language`. Answers are never cached."""


PAGE_FORM: Final = {"type": "object", "additionalProperties": {"type": "string"}}
"""What a page for people sends; its fields are those of the page."""


def documentation(endpoint: Endpoint) -> dict[str, Any]:
    """Arguments of the route: its answers and headers. Errors are told in the end (`complete`), because
    FastAPI copies again and again what it is given.
    """
    success: dict[str, Any] = {"headers": _reply_headers(endpoint)}
    if endpoint.offers == HTML:
        success["content"] = {HTML: {"schema": {"type": "string"}}}
    elif endpoint.offers != JSON:
        success["content"] = {endpoint.offers: {"schema": {"type": "string", "format": "binary"}}}
    extra: dict[str, Any] = {"parameters": list(_header_parameters(endpoint))}
    if endpoint.operation.open:
        extra["security"] = []
    if endpoint.accepts is not None:
        schema = _form(endpoint) if endpoint.accepts == MULTIPART else PAGE_FORM
        content = {endpoint.accepts: {"schema": schema}}
        extra["requestBody"] = {"content": content, "required": True}
    responses = {endpoint.status: success}
    if endpoint.offers == HTML:
        responses |= dict.fromkeys((404, 409, 503), success)
    return {
        "response_model": endpoint.operation.reply if endpoint.offers == JSON else None,
        "responses": responses,
        "openapi_extra": extra,
    }


def complete(app: FastAPI) -> None:
    """Replace the application's description by the completed one, made once."""

    @cache
    def described() -> dict[str, Any]:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            description=DESCRIPTION,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        problem = ProblemDetails.model_json_schema(
            by_alias=True, mode="serialization", ref_template="#/components/schemas/{model}"
        )
        _tell_absence_by_leaving_out(document)
        for route in app.routes:
            if isinstance(route, OperationRoute):
                _tell_errors(document, route.declared)
                _show_examples(document, route.declared)
        components = document["components"]
        for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own errors
            components["schemas"].pop(unused, None)
        components["schemas"] |= problem.pop("$defs")
        components["schemas"][ProblemDetails.__name__] = problem
        components["examples"] = {code: {"value": _problem_example(code)} for code in TABLE}
        components["headers"] = _text_headers(RATE_HEADERS)
        components["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        document["security"] = [{"bearer": []}]
        return document

    app.openapi = described  # type: ignore[method-assign]


def _tell_absence_by_leaving_out(document: dict[str, Any]) -> None:
    """A query parameter is left out or has a value; there is no way to write null in a query."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                choices = parameter["schema"].pop("anyOf", [])
                parameter["schema"] |= next((one for one in choices if one != {"type": "null"}), {})


def _tell_errors(document: dict[str, Any], endpoint: Endpoint) -> None:
    """Each list of codes is described once: many operations share it."""
    shared = document["components"].setdefault("responses", {})
    described = document["paths"][endpoint.path][endpoint.method.lower()]
    answers = described["responses"]
    if endpoint.status != 422:
        answers.pop("422", None)  # the framework's, which is never sent
    for status, codes in _error_codes(endpoint).items():
        name = f"{status}-{sha256(' '.join(codes).encode()).hexdigest()[:8]}"
        shared.setdefault(name, _error_response(codes))
        answers.setdefault(status, {"$ref": f"#/components/responses/{name}"})
    described["responses"] = dict(sorted(answers.items()))


def _show_examples(document: dict[str, Any], endpoint: Endpoint) -> None:
    """Put in at the end: FastAPI drops the fields that are null from an example."""
    described = document["paths"][endpoint.path][endpoint.method.lower()]
    if endpoint.offers == JSON:
        content = described["responses"][str(endpoint.status)]["content"]
        content[JSON]["example"] = example(endpoint, "reply")
    if endpoint.has_body:
        described["requestBody"]["content"][JSON]["example"] = _body_example(endpoint)


def _form(endpoint: Endpoint) -> dict[str, Any]:
    """The form of an upload: the operation's request, with the file in place of its claim check."""
    schema = endpoint.operation.request.model_json_schema()
    fields = {
        name: field for name, field in schema["properties"].items() if name not in FILE_FIELDS
    }
    return {
        "type": "object",
        "required": [name for name in schema["required"] if name in fields] + ["file"],
        "additionalProperties": False,
        "properties": fields | {"file": {"type": "string", "format": "binary"}},
    }


@cache
def _examples(service: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(
        (CONTRACTS / service / "examples.json").read_text("utf-8")
    )
    return found


def example(endpoint: Endpoint, part: str) -> Any:
    """The `request` or `reply` of the operation in `shared/contracts/SERVICE/examples.json`."""
    written = _examples(endpoint.operation.service)
    if part == "reply" and endpoint.operation.effect is Effect.COMMAND:
        return written["receipt"]
    return written[endpoint.operation.name][part]


def _body_example(endpoint: Endpoint) -> dict[str, Any]:
    fields = endpoint.other_fields
    request = example(endpoint, "request")
    return {name: value for name, value in request.items() if name in fields}


def possible_codes(endpoint: Endpoint) -> Iterator[str]:
    """Every code of the table that the endpoint can answer with."""
    if endpoint.offers == HTML:  # the service's refusals are shown to people on the page
        yield from ALWAYS
        yield from WITH_CONTENT if endpoint.accepts else ()
        return
    sends = endpoint.has_body or endpoint.accepts is not None
    commands = endpoint.operation.effect is Effect.COMMAND
    groups: tuple[tuple[bool, tuple[str, ...]], ...] = (
        (True, ALWAYS + WITH_SERVICE),
        (not endpoint.operation.open, WITH_TOKEN),
        (endpoint.reads, ("not_caught_up",)),
        ("cursor" in endpoint.operation.request.model_fields, ("cursor_invalid",)),
        (sends, WITH_CONTENT),
        (endpoint.has_body, ("json_invalid",)),
        (endpoint.accepts is not None, ("upload_invalid", "files_unavailable")),
        (endpoint.stored, ("file_unknown", "files_unavailable")),
        (bool(endpoint.path_fields), ("not_found",)),
        (endpoint.keyed, ("idempotency_key_missing", "idempotency_key_invalid", "command_reused")),
        (endpoint.versioned, ("if_match_missing", "if_match_invalid", *STALE)),
        (commands, ("nothing_changed", "subject_erased", "rules.none_in_force")),
    )
    for concerned, codes in groups:
        if concerned:
            yield from codes
    own = f"{endpoint.operation.service}."
    for code, entry in TABLE.items():
        if code.startswith(own) and _concerns(endpoint, entry.status):
            yield code


def _concerns(endpoint: Endpoint, status: int) -> bool:
    """Queries can miss what they ask for; only commands break rules."""
    return (
        endpoint.keyed or status not in {404, 409} or (status == 404 and endpoint.path_fields != {})
    )


def _error_codes(endpoint: Endpoint) -> dict[str, list[str]]:
    """By status."""
    codes = defaultdict(list)
    for code in possible_codes(endpoint):
        codes[str(TABLE[code].status)].append(code)
    return codes


def _error_response(codes: list[str]) -> dict[str, Any]:
    headers: dict[str, Any] = dict(_RATE_HEADERS)
    if TABLE[codes[0]].status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    if any(TABLE[code].retry_after for code in codes):
        headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds"}
    return {
        "description": "Codes: " + ", ".join(f"`{code}`" for code in codes),
        "headers": headers,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"},
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }


def _problem_example(code: str) -> dict[str, Any]:
    entry = TABLE[code]
    return {
        "type": URN + code,
        "title": entry.title["en"],
        "status": entry.status,
        "code": code,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [],
        "details": {},
    }


def _reply_headers(endpoint: Endpoint) -> dict[str, Any]:
    texts = {}
    if "version" in endpoint.operation.reply.model_fields and endpoint.offers == JSON:
        texts["ETag"] = "Version of the aggregate, for `If-Match`"
    if endpoint.location is not None:
        texts["Location"] = "Address of what was made"
    if endpoint.operation.effect is Effect.COMMAND:
        texts["Idempotent-Replayed"] = "`true` when the command had been recorded before"
    if endpoint.names:
        texts[names.HEADER] = "`joined`; `unavailable`: read again later; `withheld` from this role"
    return _text_headers(texts) | _RATE_HEADERS


def _text_headers(texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"schema": {"type": "string"}, "description": text} for name, text in texts.items()
    }


def _header_parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    if endpoint.keyed:
        yield _header(
            "Idempotency-Key",
            "Names this command; the same key again has no second effect",
            {"type": "string", "pattern": "^[!-~]{1,200}$"},
            required=True,
        )
    if endpoint.versioned:
        yield _header(
            "If-Match",
            "ETag of the version the user has seen",
            {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,17})"$'},
            required=True,
        )
    if endpoint.operation.effect is Effect.QUERY and not endpoint.keyed:
        yield _header(
            "X-Purpose",
            "Code of the purpose for which personal data is read; it is recorded",
            {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$"},
        )
    yield _header(
        "X-Correlation-ID",
        "Joins the caller's log to ours; made when absent",
        {"type": "string", "format": "uuid"},
    )


def _header(
    name: str, description: str, schema: dict[str, Any], *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
    }
