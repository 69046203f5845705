"""Who did something, on whose behalf and why: recorded with every commit."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Causation(BaseModel):
    """The event that led to a commit: a position in a ledger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ledger: str
    position: int


class Provenance(BaseModel):
    """The metadata of one commit.

    Codes and references only: whatever people write about people is personal data and belongs,
    sealed, into the event.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: str
    """Pseudonymous subject of the caller's token, or `service:NAME` for reactions."""
    role: str
    partner: str | None = None
    command: str
    command_id: UUID
    digest: str | None = None
    """Keyed digest of the command, by which the same id with another body is recognised."""
    correlation_id: UUID
    causation: Causation | None = None
    reason: str | None = None
    """A reason code, where the command asks for one."""
    source_document: str | None = None
    """Reference of the document that proves the fact (file number), never its content."""
    traceparent: str | None = None
