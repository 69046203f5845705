"""Who asks, and whether not too often: found out before anything else of a request is looked at."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import auth
from gateway.endpoints import Parts
from gateway.limits import Buckets, network_of
from gateway.problems import Problem

UNCOUNTED: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Asked by the machines that keep us running."""


class Admission:
    """ASGI middleware: finds out who asks, and counts it, before anything else is done.

    What it found waits in the request's state for `auth.identity_of`: whether anybody must be known
    is for the route to say.
    """

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._verifier = parts.verifier
        self._callers = Buckets("caller", parts.limits.caller)
        self._addresses = Buckets("address", parts.limits.address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self._app(scope, receive, send)
            return
        identity = await auth.identify(Headers(scope=scope), self._verifier)
        scope["state"]["identity"] = identity
        if isinstance(identity, Problem):
            told = self._addresses.take(network_of(scope))
        else:
            told = self._callers.take(identity.caller.subject)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self._app(scope, receive, tell)
