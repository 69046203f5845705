"""Views of the audit: what queries answer. Hashes are base64."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.audit.vocabulary import (
    Base64,
    Fault,
    Hash,
    Ledger,
    Position,
    TreeSize,
)
from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION


class Refusal(Published):
    """Why nothing of a ledger is signed any more."""

    fault: Fault
    position: int
    recorded_at: datetime


class Checkpoint(Published):
    """`note` is the signed text (C2SP tlog-checkpoint), with the cosignatures of witnesses."""

    ledger: str
    size: int
    version: int
    note: str
    refusal: Refusal | None = None


class CheckpointList(Published):
    """The latest of each log; `keys` are the verifier keys, of which auditors keep copies of their
    own.
    """

    checkpoints: tuple[Checkpoint, ...]
    keys: tuple[str, ...]


class GetCheckpoint(Published):
    ledger: Ledger
    size: TreeSize | None = None
    """Of an earlier one."""


class ProveInclusion(Published):
    ledger: Ledger
    position: Position
    size: TreeSize | None = None
    """Of the checkpoint it is proven by; the latest where none is named."""


class InclusionProof(Published):
    """That the leaf stands at the position in the tree of the checkpoint (RFC 9162 §2.1.3)."""

    ledger: str
    position: int
    size: int
    leaf_hash: Hash
    hashes: tuple[Hash, ...]
    proof: str
    """The same, with the checkpoint, as a document (C2SP tlog-proof)."""


class ProveConsistency(Published):
    ledger: Ledger
    first: TreeSize
    second: TreeSize


class ConsistencyProof(Published):
    """That the tree of `first` leaves begins that of `second` (RFC 9162 §2.1.4)."""

    ledger: str
    first: int
    second: int
    first_root: Hash
    second_root: Hash
    hashes: tuple[Hash, ...]


class GetTile(Published):
    ledger: Ledger
    level: int = Field(ge=0, le=7)
    path: Annotated[str, StringConstraints(max_length=40)]
    """As C2SP tlog-tiles write its number: `x001/x234/067`, a partial one `….p/12`."""


class TileHashes(Published):
    hashes: Base64


class ListEntries(Published):
    """The events of a ledger after a position, as they are recorded."""

    ledger: Ledger
    after: int = Field(default=0, ge=0, le=LAST_POSITION)
    limit: int = Field(default=50, ge=1, le=200)


class Entry(Published):
    """One event. `leaf` is the exact text whose hash is in the tree; `payload` the recorded event, in
    which personal fields are ciphertext.
    """

    position: int
    leaf: str
    leaf_hash: Hash
    payload: dict[str, Any] | None


class EntryList(Published):
    entries: tuple[Entry, ...]
    head: int
    """Last position of the ledger."""


class GetPack(Published):
    id: UUID


class PackJob(Published):
    """How far the writing of a pack is."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    written: int
    """Events, of `events` once that is known."""
    events: int | None
    failure: str | None


class PackFile(Published):
    file_id: str
    filename: str
