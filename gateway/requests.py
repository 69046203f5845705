"""Reading a request within limits: what it accepts, what it carries, how much and how fast."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from gateway.problems import Problem

MAX_JSON = 48 * 1024
"""Bytes of a JSON body: with token and envelope it still fits into one message."""
BODY_PAUSE = 15.0
"""Seconds within which the next piece of a body must arrive."""
JSON = "application/json"
HTML = "text/html"
TEXT = "text/plain"
OCTETS = "application/octet-stream"
PDF = "application/pdf"
CSV = "text/csv"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "application/vnd.tu-jest-praca.form+json"
"""A questionnaire as a document, whole and unwrapped."""
ANY = "*/*"
"""Files of several types; the answer says which it is."""
DATASET = "application/vnd.tu-jest-praca.dataset+json"
"""The numbers of a report as they were frozen, with all that stands behind them."""
DOCUMENTS = frozenset({CSV, PDF, ZIP, XLSX, FORM, ANY, DATASET})
"""What services render and leave in the file store."""
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class JsonRequest(Request):
    """A request whose body is one strict JSON document of at most `MAX_JSON` bytes."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = b"".join([piece async for piece in pieces(self, MAX_JSON)])
        return self._body

    async def json(self) -> Any:
        """Raises `Problem`: `json_invalid`, also for what Python reads and RFC 8259 forbids."""
        try:
            document = json.loads(
                await self.body(), parse_constant=_not_json, object_pairs_hook=_unique
            )
            json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):  # not JSON or UTF-8, lone surrogates, 1e999, too deep
            raise Problem("json_invalid") from None
        return document


async def pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body piece by piece. Raises `Problem`: `body_too_large`, `request_timeout`."""
    declared = request.headers.get("content-length", "0")
    if not declared.isascii() or not declared.isdigit():
        raise Problem("body_unreadable")
    if int(declared) > limit:
        raise Problem("body_too_large", details={"limit_bytes": limit})
    stream = aiter(request.stream())
    size = 0
    while True:
        try:
            async with asyncio.timeout(BODY_PAUSE):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Problem("request_timeout", headers={"Connection": "close"}) from None
        except ClientDisconnect:
            raise Problem("body_unreadable") from None
        size += len(piece)
        if size > limit:
            raise Problem("body_too_large", details={"limit_bytes": limit})
        yield piece


def require_media_type(headers: Headers, expected: str) -> None:
    """Raises `Problem`: `media_type_unsupported`."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        raise Problem("media_type_unsupported", details={"expected": expected})


def require_acceptable(headers: Headers, offered: str) -> None:
    """Refuse when the client accepts nothing that is offered (RFC 9110 §12.5.1).

    Raises `Problem`: `not_acceptable`.
    """
    if offered == ANY:
        return
    accept = ",".join(headers.getlist("accept"))
    if not accept.strip():
        return
    ranges = {offered, offered.partition("/")[0] + "/*", "*/*"}
    for item in accept.lower().split(","):
        media_range, *parameters = [part.strip() for part in item.split(";")]
        refused = any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
        if media_range in ranges and not refused:
            return
    raise Problem("not_acceptable", details={"offered": offered})


def correlation_id(headers: Headers) -> UUID:
    """The caller's, so that its own log and ours can be joined, or a new one.

    Raises `Problem`: `correlation_id_invalid`.
    """
    value = headers.get("x-correlation-id")
    if value is None:
        return uuid4()
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value) is None:
        raise Problem("correlation_id_invalid")
    return UUID(value)


def purpose(headers: Headers) -> str | None:
    """The stated purpose of a read; a code, because it is recorded for ever.

    Raises `Problem`: `purpose_invalid`.
    """
    value = headers.get("x-purpose")
    if value is not None and _PURPOSE.fullmatch(value) is None:
        raise Problem("purpose_invalid")
    return value


def _not_json(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name given twice is refused, because readers disagree on which one counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found
