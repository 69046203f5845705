"""The audit's own ledger: heads of all logs, checkpoints signed, refusals."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventsourcing.utils import EnvType

from services.audit.domain.checkpoint import SignedCheckpoint, checkpoint_id
from services.audit.domain.log import LOGS, Log, log_id
from services.audit.domain.signing import KEYS, KeyChain, SigningKeys
from shared.eventstore.application import LedgerApplication
from shared.eventstore.vault import BlindIndex
from shared.kernel.aggregate import Aggregate
from shared.kernel.provenance import Provenance


class Audit(LedgerApplication):
    name = "audit"
    snapshotting_intervals: ClassVar[dict[type[Any], int]] = {Log: 200}

    def __init__(self, env: EnvType, *, index: BlindIndex, now: Callable[[], datetime]) -> None:
        super().__init__(env, vault=None, index=index)
        self._now: Final = now

    def today(self) -> date:
        """The day in Poland."""
        return self._now().date()

    def log_of(self, ledger: str) -> Log:
        """As it is recorded; without a head where nothing was recorded yet."""
        return self.find(Log, log_id(ledger)) or Log(log_id(ledger))

    def signing_keys(self, origin: str, key: Ed25519PrivateKey) -> KeyChain | None:
        """All keys that ever signed; nothing when this one may not sign now."""
        public = key.public_key().public_bytes_raw()
        keys = self.find(SigningKeys, KEYS) or SigningKeys()
        size = self.log_of(self.name).size
        found = self.find(SignedCheckpoint, checkpoint_id(self.name, size))
        present = keys.is_present(public, [found.note] if found else [], f"{origin}/{self.name}")
        return keys.chain(origin, public) if present else None

    def record_own(self, command: str, aggregates: Iterable[Aggregate]) -> None:
        """What the audit does by itself, in one commit; the same from the same state is the same
        command, so that an unknown outcome can be tried again.
        """
        chosen = list(aggregates)
        state = "/".join(f"{each.id}:{each.version}" for each in chosen)
        command_id = uuid5(LOGS, f"{command} {state}")
        provenance = Provenance(
            actor="service:audit",
            role="service",
            command=f"audit.{command}",
            command_id=command_id,
            correlation_id=command_id,
        )
        self.record(*chosen, provenance=provenance)
