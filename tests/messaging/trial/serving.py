"""The trial's serving process: `counting` (its feed) or `tallying` (its reactions)."""

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402

from shared.contracts.operations import FeedPage, FeedRequest  # noqa: E402
from shared.messaging.consuming import DOORBELL_INTERVAL, reactions  # noqa: E402
from shared.messaging.reactions import Reactions  # noqa: E402
from shared.messaging.rpc import AMQP_URI, STOP_LIMIT, feed  # noqa: E402
from tests.messaging.trial.ledgers import Counting, Ledgers  # noqa: E402

LEDGERS = "LEDGERS"


class CountingDependency(DependencyProvider):  # type: ignore[misc]
    def setup(self) -> None:
        self.application = self.container.config[LEDGERS].counting()

    def get_dependency(self, worker_ctx: object) -> Counting:
        application: Counting = self.application
        return application


class TallyingDependency(DependencyProvider):  # type: ignore[misc]
    def setup(self) -> None:
        ledgers: Ledgers = self.container.config[LEDGERS]
        self.reactions = ledgers.reactions(ledgers.tallying())

    def get_dependency(self, worker_ctx: object) -> Reactions:
        return self.reactions


class CountingService:
    name = "counting"
    application = CountingDependency()

    @feed
    def feed(self, request: FeedRequest) -> FeedPage:
        page: FeedPage = self.application.publication.page(request)
        return page


class TallyingService:
    name = "tallying"
    parts = TallyingDependency()

    @reactions
    def from_counting(self) -> Reactions:
        found: Reactions = self.parts
        return found


def main(service: str, amqp_uri: str, mongodb_uri: str, prefix: str) -> None:
    config = {
        AMQP_URI: amqp_uri,
        LEDGERS: Ledgers(mongodb_uri, prefix),
        DOORBELL_INTERVAL: 2.0,
        STOP_LIMIT: 5.0,
    }
    classes = {"counting": CountingService, "tallying": TallyingService}
    container = ServiceContainer(classes[service], config)
    container.start()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(container.stop))
    print("SERVING", flush=True)
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
