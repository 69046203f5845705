"""Views of research: what queries answer; a module per subject."""

from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION


class ById(Published):
    id: UUID


class Page(Published):
    """What every list can be asked for."""

    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    changed_since: int | None = Field(default=None, ge=0, le=LAST_POSITION)
