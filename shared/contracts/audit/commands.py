"""Commands of the audit."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.audit.vocabulary import Ledger, Position, TreeSize
from shared.contracts.model import Published


class AttachCosignature(Published):
    """A witness saw the checkpoint, and none before it that contradicts it."""

    ledger: Ledger
    size: TreeSize
    signature: Annotated[str, StringConstraints(pattern=r"^— [^\x00-\x1f]+$", max_length=500)]
    """The line that the witness adds to the note (C2SP tlog-cosignature)."""


class PackedLedger(Published):
    """A ledger as far as it was signed, or a range of its positions."""

    ledger: Ledger
    first: Position | None = None
    last: Position | None = None

    @model_validator(mode="after")
    def _range(self) -> Self:
        if (self.first is None) != (self.last is None):
            raise ValueError("a range has a first and a last position")
        return self


class OrderPack(Published):
    """An offline pack of these ledgers, of all where none is named; the audit's own is always in it."""

    ledgers: tuple[PackedLedger, ...] = Field(default=(), max_length=50)
