"""Rounds: look at every ledger, record the heads, sign them, publish them; in this order.

What is recorded is what is signed: after a crash at any step the same heads get the same signatures
(Ed25519 has no chance in it). The audit's own log comes last: its head covers the heads of all others, so
that one checkpoint of it fixes them all.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import Gauge

from services.audit.application import Audit
from services.audit.application.books import Book
from services.audit.application.published import PublishedFiles
from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.log import Log
from services.audit.domain.signing import KeyChain
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.note import Signer
from shared.eventstore.transparency.stored import Unsound

log = structlog.get_logger(__name__)

SECONDS: Final = 5.0
"""From one round to the next."""
OWN: Final = Audit.name
ABOUT_OWN: Final = frozenset({SignedCheckpoint.Signed.TOPIC})
SIZE = Gauge("audit_log_size", "Leaves of the last signed head", ["ledger"])
REFUSED = Gauge("audit_log_refused", "1 when the ledger is not what was signed of it", ["ledger"])
SIGNED_AT = Gauge("audit_round_done_at_seconds", "When the last round was done (Unix time)")


def nothing(_step: str) -> None:
    """What happens at a named step, but in tests."""


class Rounds:
    """`at` is called at each step that a crash may separate from the next."""

    def __init__(
        self,
        audit: Audit,
        books: Sequence[Book],
        key: Ed25519PrivateKey,
        origin: str,
        files: PublishedFiles,
        at: Callable[[str], None] = nothing,
    ) -> None:
        self._audit = audit
        self._others = [book for book in books if book.name != OWN]
        self._own = next(book for book in books if book.name == OWN)
        self._key = key
        self._origin = origin
        self._files = files
        self._at = at
        self._refused: dict[str, str] = {}
        self._written: dict[str, int] = {}
        self._keys = KeyChain(origin, (key.public_key().public_bytes_raw(),))
        self._more = False

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what the database raises."""
        del wake  # it rings for the audit's own ledger only
        while not stop.is_set():
            began = time.monotonic()
            more = self.round()
            SIGNED_AT.set(time.time())
            if not more:
                stop.wait(max(0.0, SECONDS - (time.monotonic() - began)))

    def round(self) -> bool:
        """Whether a ledger has more than was taken at once."""
        self._more = False
        if self._log(OWN).refused:
            self._tell(OWN, "refused before")
            return False
        keys = self._audit.signing_keys(self._origin, self._key)
        if keys is None:
            self._tell(OWN, "the signing key is not the one that the key before it named")
            return False
        self._keys = keys
        self._take(self._others)
        self._at("heads recorded")
        if self._has_news():
            self._take([self._own])
            self._at("own head recorded")
        self._sign()
        self._at("checkpoints recorded")
        self._publish()
        return self._more

    def details(self) -> Mapping[str, Any]:
        """What the health page tells: the logs that are refused, and why."""
        return {"refused": dict(self._refused)}

    def signer(self, ledger: str) -> Signer:
        return Signer(f"{self._origin}/{ledger}", self._key)

    def _log(self, ledger: str) -> Log:
        return self._audit.log_of(ledger)

    def _take(self, books: Iterable[Book]) -> None:
        """Record the heads of the ledgers that have grown, and refuse those that have not only."""
        changed = [taken for book in books if (taken := self._taken(book))]
        self._at("tiles put")
        if changed:
            self._audit.record_own("record_heads", changed)

    def _taken(self, book: Book) -> Log | None:
        recorded = self._log(book.name)
        if recorded.refused:
            self._tell(book.name, "refused before")
            return None
        REFUSED.labels(book.name).set(0)
        signer, on = self.signer(book.name), self._audit.today()
        try:
            published = self._files.read(book.name, self._keys.keys(book.name))
            grown = book.look(recorded, published)
            if grown is None:
                return None
            head = Checkpoint(signer.name, grown.size, grown.root)
            recorded.grow(book.name, head, grown.proof, on)
        except Unsound as found:
            recorded.refuse(book.name, found.fault, found.position, on)
            self._tell(book.name, str(found))
            return recorded
        self._more = self._more or grown.size < book.ledger.head()
        return recorded

    def _tell(self, ledger: str, cause: str) -> None:
        if ledger not in self._refused:
            log.error("ledger_refused", ledger=ledger, cause=cause)
        self._refused.setdefault(ledger, cause)
        REFUSED.labels(ledger).set(1)

    def _has_news(self) -> bool:
        """Whether the own ledger has more than what follows on its own last head, or is unsound."""
        own = self._log(OWN)
        if self._own.ledger.head() < own.size:
            return True
        try:
            return any(
                event.topic not in ABOUT_OWN and event.originator_id != str(own.id)
                for commit in self._own.ledger.commits(own.size)
                for event in commit.events
            )
        except Unsound:
            return True

    def _sign(self) -> None:
        """Sign every head that has no checkpoint yet."""
        on, signed = self._audit.today(), []
        for book in [*self._others, self._own]:
            recorded = self._log(book.name)
            checkpoint = SignedCheckpoint(checkpoint_id(book.name, recorded.size))
            if (
                recorded.refused
                or not recorded.size
                or self._audit.find(SignedCheckpoint, checkpoint.id)
            ):
                continue
            note = self.signer(book.name).sign(recorded.head.text)
            checkpoint.sign(book.name, recorded.size, note, on)
            signed.append(checkpoint)
        self._at("signed")
        if signed:
            self._audit.record_own("sign_checkpoints", signed)

    def _publish(self) -> None:
        """Keep the files at the latest checkpoints."""
        for book in [*self._others, self._own]:
            recorded = self._log(book.name)
            if recorded.refused or self._written.get(book.name, 0) == recorded.size:
                continue
            found = self._audit.load(SignedCheckpoint, checkpoint_id(book.name, recorded.size))
            self._files.write(book.name, bytes(found.note))
            self._at("file written")
            self._written[book.name] = recorded.size
            SIZE.labels(book.name).set(recorded.size)
