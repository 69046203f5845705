"""What is told of the facts that numbers are counted from."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published


class KnownLedger(Published):
    """`through` is the last position of the publisher's ledger that a fact came from."""

    ledger: str
    facts: int
    through: int
    recorded_at: datetime


class KnownFacts(Published):
    items: tuple[KnownLedger, ...]


class ListFacts(Published):
    """About a participant, an enterprise, a contract, an edition, a study or a diagnosis."""

    id: UUID
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=50, ge=1, le=100)


class Fact(Published):
    """A public event: `ledger` and `position` are its publisher's, `noted_at` is reporting's own.

    `sealed`: it also has personal data, which nobody is told here.
    """

    kind: str
    about: UUID
    ledger: str
    position: int
    event_id: UUID
    noted_at: int
    occurred_on: date
    recorded_at: datetime
    data: dict[str, Any]
    sealed: bool


class FactPage(Published):
    """In the order in which they were noted."""

    items: tuple[Fact, ...]
    next_skip: int | None
