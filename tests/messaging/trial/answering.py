"""The trial's serving process for calls: nameko on eventlet, patched before anything else."""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402

from shared.contracts.access import Role  # noqa: E402
from shared.contracts.operations import Caller, NoRequest  # noqa: E402
from shared.kernel.errors import Rejected  # noqa: E402
from shared.messaging.calls import CallContext  # noqa: E402
from shared.messaging.rpc import AMQP_URI, STOP_LIMIT, VERIFIER, operation  # noqa: E402
from tests.messaging.trial import contracts  # noqa: E402


class NamedTokens:
    """Tokens that are simply `role:subject`."""

    def verify(self, token: str) -> Caller:
        role, _, subject = token.partition(":")
        if role not in set(Role) or not subject:
            raise Rejected("unauthenticated")
        return Caller(subject=subject, roles=frozenset({Role(role)}))


class Counting:
    name = "counting"

    @operation(contracts.DOUBLE)
    def double(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        return contracts.Number(number=request.number * 2, note=context.caller.subject)

    @operation(contracts.GREET)
    def greet(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        return contracts.Number(number=request.number, note=context.caller.subject)

    @operation(contracts.BREAK)
    def break_down(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        raise KeyError(request.note)

    @operation(contracts.REFUSE)
    def refuse(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        raise Rejected("counting.refused", {"limit": 3}, "/number")

    @operation(contracts.SLEEP)
    def sleep(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        time.sleep(request.number / 1000)
        return request

    @operation(contracts.RECORD)
    def record(self, request: contracts.Number, context: CallContext) -> contracts.Number:
        return request

    @operation(contracts.IDENTIFY)
    def identify(self, request: NoRequest, context: CallContext) -> contracts.Process:
        return contracts.Process(pid=os.getpid())


def main(uri: str) -> None:
    config = {AMQP_URI: uri, VERIFIER: NamedTokens(), STOP_LIMIT: 5.0}
    container = ServiceContainer(Counting, config)
    container.start()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    print("SERVING", flush=True)
    container.wait()


if __name__ == "__main__":
    main(sys.argv[1])
