"""nameko's RPC wire format, with everything that a stranger may get wrong in it.

A request is `{"args": [], "kwargs": {...}}` on the exchange `nameko-rpc` under `service.method`; the
reply, on the same exchange under the request's `reply_to`, is `{"result": …, "error": null}` or has
`error` = `{"exc_type", "exc_path", "exc_args", "value"}` (nameko 2.14 `rpc.py`, `exceptions.py`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from shared.contracts.model import Published
from shared.kernel.errors import Rejected

PublishedT = TypeVar("PublishedT", bound=Published)

EXCHANGE = "nameko-rpc"
JSON = "application/json"
LIMIT = 64 * 1024
ITEMS_LIMIT = 56 * 1024
"""Bytes of the items of a list in a reply; the envelope around them takes the rest."""
"""Bytes of a body; what is larger travels as a claim check."""


class Malformed(Exception):
    """The message is not what the wire format says; the text never repeats the message."""


def json_object(
    body: bytes, content_type: str | None, content_encoding: str | None
) -> dict[str, Any]:
    """The JSON object in a message's body; raises `Malformed`."""
    if content_type != JSON:
        raise Malformed(f"content type is not {JSON}")
    if (content_encoding or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Malformed("content encoding is not utf-8")
    try:
        decoded = json.loads(body, parse_constant=_no_constant)
        if b"\\ud" in body.lower():
            encode(decoded)  # fails for half a surrogate pair, which nothing could store
    except (ValueError, RecursionError):
        raise Malformed("body is not JSON in UTF-8") from None
    if not isinstance(decoded, dict):
        raise Malformed("body is not a JSON object")
    return decoded


def request_body(**kwargs: Any) -> bytes:
    return encode({"args": [], "kwargs": kwargs})


def request_arguments(request: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of a request; raises `Malformed`."""
    arguments = request.get("kwargs")
    if request.get("args") != [] or not isinstance(arguments, dict):
        raise Malformed("a request has an empty list `args` and an object `kwargs`")
    return arguments


def result_body(result: Any) -> bytes:
    return encode({"result": result, "error": None})


def refusal_body(refusal: Rejected) -> bytes:
    error = {
        "exc_type": "Rejected",
        "exc_path": "shared.kernel.errors.Rejected",
        "exc_args": [refusal.code, refusal.details, refusal.pointer],
        "value": refusal.code,
    }
    return encode({"result": None, "error": error})


def reply_result(reply: Mapping[str, Any]) -> Any:
    """The result in a reply; raises the `Rejected` it carries, or `Malformed`."""
    error = reply.get("error")
    if error is None:
        return reply.get("result")
    arguments = error.get("exc_args") if isinstance(error, dict) else None
    if not isinstance(arguments, list) or not arguments or error.get("exc_type") != "Rejected":
        raise Malformed("the reply carries an error that is not a refusal")
    code, details, pointer = [*arguments, None, None][:3]
    raise Rejected(str(code), details, pointer)


def invalid(error: ValidationError, *, code: str = "invalid", within: str = "") -> Rejected:
    """Which fields are wrong and what was expected, without the values that were sent.

    `within` is the JSON pointer (RFC 6901) of the validated object in what the caller sent.
    """
    errors = [
        {
            "pointer": within + "".join(f"/{_escaped(step)}" for step in fault["loc"]),
            "code": fault["type"],
            "expected": fault["msg"],
        }
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return Rejected(code, {"errors": errors}, str(errors[0]["pointer"]))


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def fitting(items: Sequence[PublishedT]) -> Sequence[PublishedT]:
    """The first items that fit into one message together, at least one; the caller tells the rest."""
    size = 0
    for count, item in enumerate(items):
        size += len(item.model_dump_json()) + 1
        if count and size > ITEMS_LIMIT:
            return items[:count]
    return items
