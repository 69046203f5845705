"""What the operations of all subjects are made of: the roles, and the two kinds."""

from typing import TypeVar

from shared.contracts.access import Role
from shared.contracts.model import Published
from shared.contracts.operations import Effect, Operation, Receipt

RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)

STEERING = frozenset({Role.COORDINATOR})
LENDING = STEERING | {Role.LOAN_OFFICER}
ADVISING = LENDING | {Role.CASEWORKER}
READERS = ADVISING | {Role.AUDITOR}
COMMITTEE = frozenset({Role.COMMITTEE_MEMBER})
REVIEWING = LENDING | COMMITTEE
JUDGES = READERS | COMMITTEE
"""Who reads calls, applications and what was decided."""


def command(
    name: str, request: type[RequestT], roles: frozenset[Role]
) -> Operation[RequestT, Receipt]:
    return Operation("kasa", name, Effect.COMMAND, request, Receipt, roles)


def query(
    name: str, request: type[RequestT], reply: type[ReplyT], roles: frozenset[Role]
) -> Operation[RequestT, ReplyT]:
    return Operation("kasa", name, Effect.QUERY, request, reply, roles)
