"""Keeping read models up to date, and knowing how far they are."""

import threading

import structlog
from prometheus_client import Counter, Gauge

from shared.runtime.history import History
from shared.runtime.rebuild import rebuild, recover
from shared.runtime.views import Projection, Projector, Superseded, Views

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
"""Longest wait without looking; the doorbell usually rings long before."""
SWAP_LOOK_SECONDS = 0.2
SETTLED_LAG = 1_000
"""Events a projection may be behind and still count as caught up, once it was."""

POSITION = Gauge("runtime_projection_position", "Position reached", ["service", "projection"])
LAG = Gauge("runtime_projection_lag", "Events still to be applied", ["service", "projection"])
APPLIED = Counter("runtime_projection_events", "Events applied", ["service", "projection"])


class ProjectionLoop:
    """One projection, followed for as long as the lease is held."""

    def __init__(
        self, service: str, projection: Projection, views: Views, history: History
    ) -> None:
        self._projection = projection
        self._views = views
        self._history = history
        self._projector = Projector(projection, views)
        self._labels = (service, projection.name)
        self._caught_up = False
        self._lag: int | None = None

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what `project` or the database raises."""
        self._projector.prepare()
        if self._projector.state()["version"] != self._projection.version:
            rebuild(self._projection, self._views, self._history)
        while not stop.is_set():
            try:
                self._follow(stop, wake)
            except Superseded:
                if not recover(self._projection, self._views):
                    stop.wait(SWAP_LOOK_SECONDS)

    def missing(self) -> str | None:
        """Why the read models are not up to date enough to be served from."""
        if self._lag is None:
            return "not started"
        self._caught_up = self._caught_up or self._lag == 0
        if self._caught_up and self._lag <= SETTLED_LAG:
            return None
        return f"{self._lag} events behind"

    def _follow(self, stop: threading.Event, wake: threading.Event) -> None:
        position = int(self._projector.state()["n"])
        while not stop.is_set():
            wake.clear()
            reached = self._projector.advance(self._history, position)
            APPLIED.labels(*self._labels).inc(reached - position)
            self._note(reached)
            if reached == position:
                wake.wait(IDLE_SECONDS)
            position = reached

    def _note(self, position: int) -> None:
        self._lag = max(0, self._history.head() - position)
        POSITION.labels(*self._labels).set(position)
        LAG.labels(*self._labels).set(self._lag)
