"""The composition of a service as a dependency of its nameko class."""

from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider

from shared.runtime.answering import Answering
from shared.runtime.settings import ServiceSettings


class Composed(DependencyProvider):  # type: ignore[misc]
    """What `compose(settings)` makes, once per process and shared by all workers."""

    def __init__(self, compose: Callable[[ServiceSettings], Answering[Any, Any]]) -> None:
        self._compose = compose
        super().__init__()

    def setup(self) -> None:
        self._answering = self._compose(self.container.config["SETTINGS"])

    def stop(self) -> None:
        self._answering.close()

    @property
    def ready(self) -> bool:
        return self._answering.ready()

    def get_dependency(self, _worker_ctx: Any) -> Answering[Any, Any]:
        return self._answering
