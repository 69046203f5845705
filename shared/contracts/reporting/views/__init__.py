"""Views of reporting: what queries answer; a module per subject."""

from uuid import UUID

from shared.contracts.model import Published


class ById(Published):
    id: UUID
