"""What a service learns about a call beside its request, and how it is let in.

No nameko here: applications that never serve (audit, replays, tests) use this as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from pydantic import ValidationError

from shared.contracts.access import Role
from shared.contracts.model import Published
from shared.contracts.operations import ANYBODY, Call, Caller, Effect, Operation
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance
from shared.messaging import wire

RequestT = TypeVar("RequestT", bound=Published)


class TokenVerifier(Protocol):
    """Proves who calls."""

    def verify(self, token: str) -> Caller:
        """The caller; raises `Rejected` for a token that proves nothing. Does no I/O."""


@dataclass(frozen=True)
class CallContext:
    """A call that was let in."""

    operation: Operation[Any, Any]
    call: Call
    caller: Caller
    traceparent: str | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Those of the caller's roles by which the call is allowed."""
        return self.caller.roles & self.operation.roles


def parse_call(arguments: Mapping[str, Any]) -> Call:
    """The `call` argument; raises `Rejected` (`malformed_call`)."""
    if set(arguments) != {"call"}:
        raise Rejected("malformed_call", {"expected": "one argument `call`"})
    try:
        return Call.model_validate(arguments["call"])
    except ValidationError as error:
        raise wire.invalid(error, code="malformed_call", within="/call") from None


def let_in(
    operation: Operation[Any, Any],
    call: Call,
    verifier: TokenVerifier,
    traceparent: str | None = None,
) -> CallContext:
    """Deny by default: only a proved caller with a listed role gets in, except where it is open."""
    caller = ANYBODY if operation.open else _proved(operation, call, verifier)
    if operation.effect is Effect.COMMAND and call.command_id is None:
        raise Rejected("malformed_call", {"expected": "`command_id` on a command"}, "/command_id")
    return CallContext(operation, call, caller, traceparent)


def _proved(operation: Operation[Any, Any], call: Call, verifier: TokenVerifier) -> Caller:
    if call.token is None:
        raise Rejected("unauthenticated")
    caller = verifier.verify(call.token)
    if not caller.roles & operation.roles:
        raise Rejected("forbidden", {"operation": str(operation)})
    return caller


def parse_request(operation: Operation[RequestT, Any], payload: Mapping[str, Any]) -> RequestT:
    """The operation's request; raises `Rejected` (`invalid`) naming the fields, not their values."""
    try:
        return operation.request.model_validate(payload)
    except ValidationError as error:
        raise wire.invalid(error) from None


def act_of(context: CallContext, digest: str | None = None) -> Act:
    """The call as an act of its caller. A query gets an id of its own, for the record of the read."""
    call = context.call
    return Act(
        caller=context.caller,
        provenance=Provenance(
            actor=context.caller.subject,
            role=min(context.roles, default=ANYBODY.subject),
            partner=context.caller.partner,
            command=str(context.operation),
            command_id=call.command_id or uuid4(),
            digest=digest,
            correlation_id=call.correlation_id,
            reason=call.purpose,
            traceparent=context.traceparent,
        ),
        expected_version=call.expected_version,
    )
