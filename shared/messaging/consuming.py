"""Reactions to public events on nameko: `@reactions` on a method of a service class."""

from collections.abc import Callable
from typing import Any

from nameko.extensions import Entrypoint, register_entrypoint

from shared.messaging import topology
from shared.messaging.consumer import DOORBELL_SECONDS, InboxConsumer
from shared.messaging.reactions import Reactions
from shared.messaging.rpc import AMQP_URI, DEFAULT_STOP_LIMIT, STOP_LIMIT

DOORBELL_INTERVAL = "DOORBELL_SECONDS"
"""Key of the container's configuration: seconds between two questions to the publisher."""


class Consuming(Entrypoint):  # type: ignore[misc]
    """Runs an `InboxConsumer` in managed greenlets; the decorated method gives its reactions."""

    def __init__(self) -> None:
        self._consumer: InboxConsumer | None = None
        super().__init__()

    @property
    def ready(self) -> bool:
        return self._consumer is not None and self._consumer.listener.consuming.is_set()

    @property
    def last_tick(self) -> float | None:
        """When the listener was last seen alive (`time.monotonic`)."""
        return None if self._consumer is None else self._consumer.listener.last_tick

    def start(self) -> None:
        container = self.container
        service = container.service_cls()
        for provider in container.dependencies:
            setattr(service, provider.attr_name, provider.get_dependency(None))
        consumer = InboxConsumer(
            container.config[AMQP_URI],
            getattr(service, self.method_name)(),
            doorbell_seconds=float(container.config.get(DOORBELL_INTERVAL, DOORBELL_SECONDS)),
        )
        consumer.declare()
        self._consumer = consumer
        for run in (consumer.listener.run, consumer.work, consumer.ring):
            container.spawn_managed_thread(run, identifier=f"{self.method_name}.{run.__name__}")
        consumer.listener.consuming.wait(topology.READY_LIMIT)

    def stop(self) -> None:
        if self._consumer is not None:
            limit = float(self.container.config.get(STOP_LIMIT, DEFAULT_STOP_LIMIT))
            self._consumer.stop(limit)

    def kill(self) -> None:
        if self._consumer is not None:
            self._consumer.stop(limit=0.0)


def reactions(method: Callable[[Any], Reactions]) -> Callable[[Any], Reactions]:
    """The decorated method of a service class says how it reacts to one publisher."""
    register_entrypoint(method, Consuming())
    return method
