"""The log of one ledger: its heads, each of which the one before begins, or its refusal."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import singledispatchmethod
from typing import Any, ClassVar, Final
from uuid import UUID, uuid5

from shared.contracts.audit.vocabulary import Fault
from shared.eventstore.transparency.checkpoint import Checkpoint
from shared.eventstore.transparency.merkle import EMPTY_ROOT, verify_consistency
from shared.kernel.aggregate import Aggregate, AggregateSnapshot, Event
from shared.kernel.errors import Rejected

LOGS: Final = UUID("9c2c8f5e-0a3b-5d0f-8a51-64d045600007")


def log_id(ledger: str) -> UUID:
    return uuid5(LOGS, ledger)


class Log(Aggregate):
    """A head is recorded here before it is signed, so that no other is ever signed after a crash."""

    class HeadRecorded(Event):
        TOPIC: ClassVar[str] = "audit.Log.HeadRecorded"

        ledger: str
        origin: str
        size: int
        root: str
        """Hexadecimal."""

    class Refused(Event):
        """For ever: there is no event that takes it back."""

        TOPIC: ClassVar[str] = "audit.Log.Refused"

        ledger: str
        fault: Fault
        position: int
        size: int
        """Of the last head."""

    class Snapshot(AggregateSnapshot):
        TOPIC: ClassVar[str] = "audit.Log.Snapshot.v1"

        origin: str
        size: int
        root: str
        refused: bool

        @classmethod
        def state_of(cls, aggregate: Any) -> Mapping[str, Any]:
            return {
                "origin": aggregate.origin,
                "size": aggregate.size,
                "root": aggregate.root.hex(),
                "refused": aggregate.refused,
            }

        def restore(self, aggregate: Any) -> None:
            aggregate.origin, aggregate.size = self.origin, self.size
            aggregate.root, aggregate.refused = bytes.fromhex(self.root), self.refused

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.origin = ""
        self.size = 0
        self.root = EMPTY_ROOT
        self.refused = False

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: HeadRecorded) -> None:
        self.origin, self.size, self.root = event.origin, event.size, bytes.fromhex(event.root)

    @apply.register
    def _(self, _event: Refused) -> None:
        self.refused = True

    @property
    def head(self) -> Checkpoint:
        return Checkpoint(self.origin, self.size, self.root)

    def grow(self, ledger: str, head: Checkpoint, proof: Sequence[bytes], on: date) -> None:
        """Take the next head, which the present one begins by its proof of consistency.

        Refused as `audit.log_refused`, `audit.origin_changed`. Raises `merkle.ProofRefused` for a
        head that contradicts the present one.
        """
        if self.refused:
            raise Rejected("audit.log_refused", {"ledger": ledger})
        if self.size:
            if head.origin != self.origin:
                raise Rejected("audit.origin_changed", {"expected": self.origin})
            verify_consistency(self.size, head.size, proof, self.root, head.root)
        self.record(
            self.HeadRecorded,
            occurred_on=on,
            ledger=ledger,
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
        )

    def refuse(self, ledger: str, fault: Fault, position: int, on: date) -> None:
        if not self.refused:
            self.record(
                self.Refused,
                occurred_on=on,
                ledger=ledger,
                fault=fault,
                position=position,
                size=self.size,
            )
