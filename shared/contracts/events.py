"""Public events: facts a service tells all others, and the envelope they travel in."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import ConfigDict

from shared.contracts.model import Published
from shared.kernel.provenance import Causation

EVENT_IDS = UUID("5a0f6d1e-2f0b-5c0e-9b7e-64d04560a001")
"""Namespace of event ids, which derive from ledger and position (RFC 9562 §5.5)."""

TYPES: dict[str, type["PublicEvent"]] = {}
"""Every published event type by name."""


class PublicEvent(Published):
    """A fact about `subject`, published by one service and never edited afterwards.

    `TYPE` is `publisher.fact.vN`. A changed shape is a new class with the next version.
    """

    TYPE: ClassVar[str]

    subject: UUID

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if TYPES.setdefault(cls.TYPE, cls) is not cls:
            raise TypeError(f"{cls.TYPE} is published by {TYPES[cls.TYPE].__qualname__} already")


class Envelope(Published):
    """A public event with its place in the publisher's ledger.

    No public event lies between `previous` and `position`, by which a consumer sees a gap: who has
    dealt with everything up to `previous` may take this one next. The relay gives the position of
    the public event before (0 for the first); a feed's first envelope gives what was asked for.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: UUID
    type: str
    source: str
    subject: UUID
    time: datetime
    position: int
    previous: int
    correlation_id: UUID | None = None
    causation: Causation | None = None
    """The event that led to the commit in which this one was recorded."""
    traceparent: str | None = None
    data: dict[str, Any]


def event_id(source: str, position: int) -> UUID:
    """The id of the public event at a position: publishing it again is the same event."""
    return uuid5(EVENT_IDS, f"{source}/{position}")
