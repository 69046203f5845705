"""The own log's checkpoint is shown to a time-stamping authority now and then.

It goes on beside the signing, and what an authority does or leaves undone never holds that up.
"""

import base64
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import structlog
from cryptography import x509
from prometheus_client import Gauge

from services.audit.application import Audit
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from shared.eventstore.transparency.note import NoteRefused
from shared.eventstore.transparency.timestamp import LONGEST, QUERY, REPLY, request, stamped_at

log = structlog.get_logger(__name__)

TIMEOUT: Final = 10.0
"""Seconds that an authority has for each part of its answer, and LIMIT for all of it."""
LIMIT: Final = 30.0
AGAIN: Final = 300.0
"""Seconds until an authority that failed is asked again."""
STAMPED_AT = Gauge("audit_stamped_at_seconds", "When an authority last stamped (Unix time)")

Ask = Callable[[bytes], bytes]
"""From a request to an answer, both DER. Raises `AuthorityFailed`."""


class AuthorityFailed(Exception):
    """The authority did not answer, or with something that is no time stamp of what was asked."""


@dataclass
class Stamping:
    """`seconds` from one stamp to the next; `roots` are whom its certificate must lead to."""

    audit: Audit
    ask: Ask
    roots: Sequence[x509.Certificate]
    seconds: float
    _failure: str | None = field(default=None, init=False)

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what the database raises."""
        del wake
        while not stop.is_set():
            stop.wait(self.seconds if self.stamp() else min(AGAIN, self.seconds))

    def stamp(self) -> bool:
        """Have the latest checkpoint of the own log stamped; whether it is."""
        size = self.audit.log_of(Audit.name).size
        checkpoint = self.audit.find(SignedCheckpoint, checkpoint_id(Audit.name, size))
        if checkpoint is None:
            return False
        if checkpoint.stamped_at is not None:
            return True
        text = checkpoint.note.text
        asked = request(text)
        try:
            response = self.ask(asked.as_bytes())
            at = stamped_at(response, text, self.roots, asked.nonce)
        except (AuthorityFailed, NoteRefused) as failure:
            self._failure = str(failure)
            log.warning("not_stamped", cause=self._failure)
            return False
        checkpoint.stamp(at, base64.b64encode(response).decode(), self.audit.today())
        self.audit.record_own("stamp_checkpoint", [checkpoint])
        self._failure = None
        STAMPED_AT.set(at.timestamp())
        return True

    def details(self) -> Mapping[str, Any]:
        return {"time stamps": self._failure or "as wanted"}


def over_http(url: str) -> Ask:
    """An authority that answers over HTTP (RFC 3161 §3.4)."""

    def ask(query: bytes) -> bytes:
        end = time.monotonic() + LIMIT
        try:
            with httpx.stream(
                "POST", url, content=query, headers={"Content-Type": QUERY}, timeout=TIMEOUT
            ) as answer:
                return _read(answer, end)
        except httpx.HTTPError as error:
            raise AuthorityFailed(f"the authority did not answer: {type(error).__name__}") from None

    return ask


def _read(answer: httpx.Response, end: float) -> bytes:
    if answer.status_code != httpx.codes.OK or answer.headers.get("Content-Type") != REPLY:
        raise AuthorityFailed(f"the authority answered {answer.status_code}")
    found = bytearray()
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > LONGEST or time.monotonic() > end:
            raise AuthorityFailed("the authority answered too much, or for too long")
    return bytes(found)
