"""Trial services on nameko; imported only by their own patched processes."""

import os
import time
from typing import Any

from nameko.extensions import DependencyProvider

from shared.contracts.access import Role
from shared.contracts.model import Published
from shared.contracts.operations import Effect, NoRequest, Operation
from shared.eventstore.connection import connect, durable
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation
from shared.runtime.settings import ServiceSettings
from shared.runtime.views import Positions

ROLES = frozenset({Role.COORDINATOR})


class Sleep(Published):
    milliseconds: int


class Position(Published):
    position: int


class Seen(Published):
    reached: bool
    subject: str
    pid: int


SLEEP = Operation("counting", "sleep", Effect.QUERY, Sleep, Sleep, ROLES)
WAIT = Operation("counting", "wait", Effect.QUERY, Position, Seen, ROLES)
WHO = Operation("answering", "who", Effect.QUERY, NoRequest, Seen, ROLES)


class Views(DependencyProvider):  # type: ignore[misc]
    def setup(self) -> None:
        settings: ServiceSettings = self.container.config["SETTINGS"]
        self.client = connect(settings.views_uri)
        self.positions = Positions(durable(self.client, settings.views_database))

    def stop(self) -> None:
        self.client.close()

    def get_dependency(self, _: Any) -> Positions:
        return self.positions


class Counting:
    name = "counting"
    positions = Views()

    @operation(SLEEP)
    def sleep(self, request: Sleep, _: CallContext) -> Sleep:
        time.sleep(request.milliseconds / 1000)
        return request

    @operation(WAIT)
    def wait(self, request: Position, context: CallContext) -> Seen:
        reached = self.positions.wait_for(request.position, timeout=10)
        return Seen(reached=reached, subject=context.caller.subject, pid=os.getpid())


class Answering:
    name = "answering"

    @operation(WHO)
    def who(self, _: NoRequest, context: CallContext) -> Seen:
        return Seen(reached=True, subject=context.caller.subject, pid=os.getpid())


class Dying:
    """Does not come up: what it needs at its start is not there."""

    name = "dying"

    class Broken(DependencyProvider):  # type: ignore[misc]
        def setup(self) -> None:
            raise OSError(2, "No such file", "rules.toml")

    broken = Broken()
