"""Views of how long a participant's data are kept, how they end, and who looked at them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION
from shared.contracts.registry.vocabulary import ErasureGround, ErasureState, HoldGround, Obstacle
from shared.kernel.personal import DataClass


class ListAccesses(Published):
    id: UUID
    before: int | None = Field(default=None, ge=1, le=LAST_POSITION)
    limit: int = Field(default=100, ge=1, le=200)


class Access(Published):
    """One answer that contained somebody's data in clear."""

    access_id: UUID
    position: int
    read_at: datetime
    actor: str
    role: str
    operation: str
    data_classes: tuple[DataClass, ...]
    purpose: str | None
    out_of_scope: bool
    reviewed_by: str | None
    justified: bool | None


class AccessReport(Published):
    """Who looked at a participant's data in the registry, the latest first, of `total`."""

    participant_id: UUID
    items: tuple[Access, ...]
    total: int


class DiscloseField(Published):
    """One personal field as it was recorded at a position of the registry's ledger."""

    id: UUID
    position: int = Field(ge=1, le=LAST_POSITION)
    field: Annotated[str, StringConstraints(pattern=r"^/", max_length=200)]
    """JSON pointer (RFC 6901) into the personal fields of the event, as `/identity/pesel`."""


class Disclosure(Published):
    """The value, and what shows that the event committed to it: the leaf is `0x00` ‖ the canonical JSON
    of `[salt, field, value]`, hashed with SHA-256; `path` leads from there to `fields` of the box.
    """

    ledger: str
    position: int
    subject: UUID
    data_class: DataClass
    field: str
    value: JsonValue
    salt: str
    index: int
    size: int
    path: tuple[str, ...]


class Hold(Published):
    hold_id: UUID
    ground: HoldGround


class Acknowledgement(Published):
    """A service forgot a record, by its event at a position of its ledger."""

    holder: str
    record: UUID
    position: int


class ErasureCase(Published):
    """The latest request to erase a participant's data, and what became of it."""

    participant_id: UUID
    erasure_id: UUID
    state: ErasureState
    ground: ErasureGround
    data_classes: tuple[DataClass, ...]
    requested_on: date
    requested_by: str
    source_document: str
    obstacles: tuple[Obstacle, ...]
    ordered_on: date | None = None
    approved_by: str | None = None
    records: tuple[UUID, ...] = ()
    """The participant's own record and those that were merged into it."""
    destroyed_at: datetime | None = None
    acknowledged: tuple[Acknowledgement, ...] = ()
    awaited: tuple[str, ...] = ()
    """Services that have not yet said that they forgot."""


class Retention(Published):
    """How long a participant's data are kept, and how they end."""

    participant_id: UUID
    holds: tuple[Hold, ...]
    restricted: bool
    erasure: ErasureCase | None


class ListErasures(Published):
    state: ErasureState | None = None


class ErasureList(Published):
    """As many as fit into one message, the oldest first, of `total`."""

    items: tuple[ErasureCase, ...]
    total: int
