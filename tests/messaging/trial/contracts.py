"""The trial's published language."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.access import Role
from shared.contracts.events import PublicEvent
from shared.contracts.model import Published
from shared.contracts.operations import Effect, NoRequest, Operation


class Number(Published):
    number: int = Field(ge=0)
    note: str = ""


class Process(Published):
    pid: int


class Counted(PublicEvent):
    TYPE: ClassVar[str] = "counting.counted.v1"

    number: int


class Ticked(PublicEvent):
    """An event that nobody reacts to."""

    TYPE: ClassVar[str] = "counting.ticked.v1"


ROLES = frozenset({Role.COORDINATOR})
DOUBLE = Operation("counting", "double", Effect.QUERY, Number, Number, ROLES)
BREAK = Operation("counting", "break_down", Effect.QUERY, Number, Number, ROLES)
REFUSE = Operation("counting", "refuse", Effect.QUERY, Number, Number, ROLES)
SLEEP = Operation("counting", "sleep", Effect.QUERY, Number, Number, ROLES)
RECORD = Operation("counting", "record", Effect.COMMAND, Number, Number, ROLES)
GREET = Operation("counting", "greet", Effect.QUERY, Number, Number, frozenset(), open=True)
IDENTIFY = Operation("counting", "identify", Effect.QUERY, NoRequest, Process, ROLES)

SUBJECT = UUID("00000000-0000-4000-8000-000000000001")
