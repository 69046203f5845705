"""How a service's calls are answered: commands by its application, queries from its read models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from shared.contracts.model import Published
from shared.contracts.operations import Receipt
from shared.eventstore.acts import Act
from shared.eventstore.application import LedgerApplication
from shared.kernel.errors import Rejected
from shared.messaging.calls import CallContext, act_of
from shared.messaging.publication import Publication
from shared.runtime.views import Positions, reading

ApplicationT = TypeVar("ApplicationT", bound=LedgerApplication)
QueriesT = TypeVar("QueriesT")
RequestT = TypeVar("RequestT", bound=Published)
ReplyT = TypeVar("ReplyT", bound=Published)

WAIT_SECONDS: Final = 3.0
"""How long a query waits for the read models to reach the position its caller has seen."""


@dataclass(frozen=True)
class Answering(Generic[ApplicationT, QueriesT]):
    """A service put together for its calls; `ready` asks nobody, `close` ends its connections."""

    application: ApplicationT
    queries: QueriesT
    publication: Publication
    positions: Positions
    ready: Callable[[], bool]
    close: Callable[[], None]

    def command(
        self,
        decide: Callable[[ApplicationT, RequestT, Act], Receipt],
        request: RequestT,
        context: CallContext,
    ) -> Receipt:
        """Judge and record once, whenever and however often the command comes."""
        application = self.application
        digest = application.digest_of(str(context.operation), context.call.payload)
        act = act_of(context, digest)
        return application.once(act, lambda: decide(application, request, act))

    def query(
        self,
        answer: Callable[[RequestT, Act], ReplyT],
        request: RequestT,
        context: CallContext,
    ) -> ReplyT:
        """Answer once the read models include what the caller has seen; else `not_caught_up`."""
        seen = context.call.at_least
        if seen is not None and not self.positions.wait_for(seen, WAIT_SECONDS):
            raise Rejected("not_caught_up", {"position": seen})
        return reading(lambda: answer(request, act_of(context)))
