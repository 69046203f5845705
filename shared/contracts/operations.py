"""Operations: every remote call a service answers, and who may make it.

One table decides: the gateway asks it before it sends a call, the service asks it again. A role not
listed is refused, and so is a call without a token, unless the operation itself says that it is open.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import Field

from shared.contracts.access import Role
from shared.contracts.events import Envelope
from shared.contracts.model import Published
from shared.contracts.vocabulary import PurposeCode

LAST_POSITION: Final = 2**63 - 1
"""The greatest number that a position can be: positions are stored as 64-bit integers."""

RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)


class Effect(StrEnum):
    """Commands change the ledger; queries read what was projected from it."""

    COMMAND = "command"
    QUERY = "query"


@dataclass(frozen=True)
class Operation(Generic[RequestT, ReplyT]):
    """One remote call: `service.name`, its request, its reply, and the roles that may make it.

    An `open` one is answered to anybody, without a token; it is a query and names no roles.
    """

    service: str
    name: str
    effect: Effect
    request: type[RequestT]
    reply: type[ReplyT]
    roles: frozenset[Role]
    open: bool = False

    def __post_init__(self) -> None:
        if self.open and (self.roles or self.effect is Effect.COMMAND):
            raise ValueError(f"{self}: only a query without roles can be open")

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"


class Caller(Published):
    """Who calls, as proved by a verified token."""

    subject: str
    """Pseudonymous id from the identity provider."""
    roles: frozenset[Role]
    partner: str | None = None
    participant_id: UUID | None = None
    """The caller's own record, for participants."""


ANYBODY: Final = Caller(subject="anybody", roles=frozenset())
"""Who calls an open operation: nobody asks."""


class Call(Published):
    """The one argument of every remote call."""

    token: str | None = None
    """The caller's bearer token; the service verifies it again. Open operations need none."""
    correlation_id: UUID
    command_id: UUID | None = None
    """Present on commands; the same id is the same command, whenever it comes."""
    expected_version: int | None = None
    """Version of the aggregate the caller has seen (`If-Match`)."""
    at_least: int | None = Field(default=None, ge=0, le=LAST_POSITION)
    """Position a query waits for before it answers (read your writes)."""
    purpose: PurposeCode | None = None
    """Where the caller states it."""
    payload: dict[str, Any]


class Receipt(Published):
    """What a command did; derived from its commit, so a repeated command gets the same one."""

    command_id: UUID
    position: int
    """Last position of the commit: a later read can wait for it."""
    id: UUID
    """The aggregate the command was about."""
    version: int
    """Its version after the command."""
    repeated: bool = False
    """True when the command had been recorded before."""


@dataclass(frozen=True)
class Calls:
    """Makes out the operations of one service."""

    service: str

    def command(
        self, name: str, request: type[RequestT], roles: frozenset[Role]
    ) -> Operation[RequestT, Receipt]:
        return Operation(self.service, name, Effect.COMMAND, request, Receipt, roles)

    def query(
        self, name: str, request: type[RequestT], reply: type[ReplyT], roles: frozenset[Role]
    ) -> Operation[RequestT, ReplyT]:
        return Operation(self.service, name, Effect.QUERY, request, reply, roles)


class NoRequest(Published):
    """A query without parameters."""


class FeedRequest(Published):
    """The public events of a publisher after a position."""

    after: int = Field(ge=0)
    limit: int = Field(default=200, ge=1, le=500)


class FeedPage(Published):
    """Public events in order of position."""

    envelopes: tuple[Envelope, ...]
    through: int
    """No public event after `after` and up to here is missing from the page: ask on from here."""
    head: int
    """The publisher's last recorded position."""
