"""Who calls, and whether they may: before anything else of a request is looked at."""

from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request

from gateway.problems import Problem
from shared.contracts.operations import Caller, Operation
from shared.kernel.errors import Rejected
from shared.runtime.authority import TokenVerifier

REALM = 'Bearer realm="tu-jest-praca"'


@dataclass(frozen=True)
class Identity:
    """A verified token, and the caller it proves."""

    token: str
    caller: Caller


async def identify(headers: Headers, verifier: TokenVerifier) -> Identity | Problem:
    """Who calls, or the problem with finding out; only some routes mind it."""
    try:
        token = bearer_token(headers)
        return Identity(token, await authenticated(verifier, token))
    except Problem as problem:
        return problem


def identity_of(request: Request) -> Identity:
    """Who calls. Raises `Problem`: `unauthenticated`, `token_expired`, `token_invalid`."""
    identity: Identity | Problem = request.state.identity
    if isinstance(identity, Problem):
        raise identity
    return identity


def bearer_token(headers: Headers) -> str:
    """The one bearer token of a request. Raises `Problem`: `unauthenticated`."""
    values = headers.getlist("authorization")
    scheme, _, token = values[0].partition(" ") if len(values) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("unauthenticated", headers={"WWW-Authenticate": REALM})
    return token.strip()


async def authenticated(verifier: TokenVerifier, token: str) -> Caller:
    """Raises `Problem`: `token_expired`, `token_invalid`."""
    try:
        # In a thread: an unknown key makes the verifier read the provider's key set again.
        return await run_in_threadpool(verifier.verify, token)
    except Rejected as refusal:
        challenge = f'{REALM}, error="invalid_token"'
        raise Problem(refusal.code, headers={"WWW-Authenticate": challenge}) from None


def authorize(caller: Caller, operation: Operation[Any, Any]) -> None:
    """Let only the roles pass that the operation names. Raises `Problem`: `forbidden`."""
    if caller.roles.isdisjoint(operation.roles):
        challenge = f'{REALM}, error="insufficient_scope"'
        raise Problem("forbidden", headers={"WWW-Authenticate": challenge})
