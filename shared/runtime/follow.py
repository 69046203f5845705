"""`follow`: everything that reads a service's ledger, in plain threads of one active process.

A service declares what is to be done (`Follower`, from its `bootstrap.follower(settings)`); the loops
are here. One process per service is active, by a lease; others stand by and take over.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pymongo
import structlog
from prometheus_client import Gauge
from pymongo.errors import PyMongoError

from shared.messaging import topology
from shared.messaging.cursors import MongoCursors
from shared.messaging.publication import Publication
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.runtime.ending import wait_for_end
from shared.runtime.health import Health
from shared.runtime.history import History
from shared.runtime.jobs import Handler, JobRunner, Jobs
from shared.runtime.lease import RENEW_SECONDS, Lease
from shared.runtime.logging import configure_logging
from shared.runtime.projections import ProjectionLoop
from shared.runtime.roots import bootstrap_of
from shared.runtime.settings import ProcessSettings, ServiceSettings
from shared.runtime.telemetry import configure_tracing
from shared.runtime.verification import Verification
from shared.runtime.views import PROJECTIONS, Projection, Views

log = structlog.get_logger(__name__)

LEASE: Final = "follow"
STANDBY_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 30.0
SETTLED_SECONDS: Final = 5.0
"""A loop that failed counts as failing until it has run this long again."""
CALL_SECONDS: Final = 5.0
ACTIVE = Gauge("runtime_follower_active", "1 while this process holds the lease", ["service"])


@dataclass(frozen=True)
class Loop:
    """Work that goes on until `stop` is set; `wake` is set when the ledger may have grown.

    `run(stop, wake)` may raise: it is then run again, after a pause. When it returns, it is done.
    `missing` says why it is not ready, `details` what the health page tells besides.
    """

    name: str
    run: Callable[[threading.Event, threading.Event], None]
    missing: Callable[[], str | None] = lambda: None
    details: Callable[[], Mapping[str, Any]] = dict


@dataclass(frozen=True)
class Follower:
    """What is to be done with a service's ledger.

    `publication` is what the relay tells others, `jobs` the handlers by kind, `loops` what else is
    to run; `close` gives back what `bootstrap` opened.
    """

    history: History
    views: Views
    projections: Sequence[Projection] = ()
    publication: Publication | None = None
    jobs: Mapping[str, Handler] = field(default_factory=dict)
    loops: Sequence[Loop] = ()
    close: Callable[[], None] = lambda: None


def main(services: list[str]) -> int:
    """Follow until SIGTERM or SIGINT; the exit status."""
    settings = ProcessSettings.load()
    own = [ServiceSettings.load(service) for service in services]
    configure_logging(settings.log_format, settings.log_level)
    configure_tracing("+".join(services), settings.otlp_endpoint)
    health = Health()
    following = [_following(one, settings, health) for one in own]
    health.serve(settings.health_host, settings.health_port)
    for each in following:
        each.start()
    wait_for_end(lambda: False)
    log.info("stopping", services=services)
    for each in following:
        each.stop.set()
    end = time.monotonic() + settings.stop_seconds
    finished = [each.finish(max(0.1, end - time.monotonic())) for each in following]
    log.info("stopped", finished=all(finished))
    return 0 if all(finished) else 1


class Following:
    """One service's loops: run while the lease is held, restarted when they fail."""

    def __init__(
        self,
        service: str,
        follower: Follower,
        loops: Sequence[Loop],
        health: Health,
    ) -> None:
        self.stop = threading.Event()
        self._service = service
        self._follower = follower
        self._loops = loops
        self._lease = Lease(follower.views, LEASE)
        self._waiting_for: str | None = "the lease"
        self._failing: dict[str, tuple[str, float]] = {}
        self._thread = threading.Thread(target=self._run, name=f"follow {service}", daemon=True)
        health.check(f"{service} lease", lambda: self._waiting_for)
        for loop in loops:
            health.check(f"{service} {loop.name}", partial(self._missing, loop))
            health.detail(f"{service} {loop.name}", loop.details)

    def start(self) -> None:
        self._thread.start()

    def finish(self, limit: float) -> bool:
        """Whether everything ended within `limit` seconds after `stop` was set."""
        self._thread.join(limit)
        self._follower.close()
        return not self._thread.is_alive()

    def _run(self) -> None:
        structlog.contextvars.bind_contextvars(service=self._service)
        while not self.stop.is_set():
            try:
                if self._lease.acquire():
                    self._active()
                else:
                    self._stand_by()
            except PyMongoError as error:
                self._waiting_for = type(error).__name__
                log.warning("lease_unavailable", cause=type(error).__name__)
                self.stop.wait(STANDBY_SECONDS)

    def _stand_by(self) -> None:
        self._waiting_for = None  # another process is active, which is as it should be
        self.stop.wait(STANDBY_SECONDS)

    def _active(self) -> None:
        """Run the loops until the lease is lost or the process is to stop."""
        log.info("following", loops=[loop.name for loop in self._loops])
        self._waiting_for = None
        ACTIVE.labels(self._service).set(1)
        ending = threading.Event()
        self._forget_others()
        threads = [
            threading.Thread(target=self._keep, args=(loop, ending), name=loop.name, daemon=True)
            for loop in self._loops
        ]
        for thread in threads:
            thread.start()
        self._renew()
        ending.set()
        for thread in threads:
            thread.join()
        ACTIVE.labels(self._service).set(0)
        if self.stop.is_set():
            self._lease.release()
        else:
            log.warning("lease_lost")

    def _renew(self) -> None:
        """Return when the process is to stop or the lease is lost."""
        while not self.stop.wait(RENEW_SECONDS):
            try:
                if not self._lease.acquire():
                    return
            except PyMongoError as error:
                log.warning("lease_not_renewed", cause=type(error).__name__)
                if not self._lease.held:
                    return

    def _keep(self, loop: Loop, ending: threading.Event) -> None:
        """Run a loop again whenever it fails."""
        structlog.contextvars.bind_contextvars(service=self._service, loop=loop.name)
        wake = threading.Event()
        self._follower.history.listen(wake)
        failures = 0
        while not ending.is_set():
            began = time.monotonic()
            try:
                loop.run(ending, wake)
                break
            except Exception as error:
                failures = 1 if time.monotonic() - began > LONGEST_PAUSE else failures + 1
                pause = _pause(failures)
                settled = time.monotonic() + pause + SETTLED_SECONDS
                self._failing[loop.name] = (type(error).__name__, settled)
                log.exception("loop_failed", failures=failures, again_in=round(pause, 1))
                ending.wait(pause)
        self._follower.history.unlisten(wake)

    def _missing(self, loop: Loop) -> str | None:
        if not self._lease.held:
            return None  # standing by
        error, settled = self._failing.get(loop.name, ("", 0.0))
        return f"failed: {error}" if time.monotonic() < settled else loop.missing()

    def _forget_others(self) -> None:
        """Nobody waits for projections that this version of the service no longer has."""
        names = [projection.name for projection in self._follower.projections]
        with pymongo.timeout(CALL_SECONDS):
            self._follower.views[PROJECTIONS].delete_many({"_id": {"$nin": names}, "live": True})


def _following(own: ServiceSettings, settings: ProcessSettings, health: Health) -> Following:
    follower: Follower = bootstrap_of(own.service).follower(own)
    return Following(own.service, follower, _loops(own, settings.verify_seconds, follower), health)


def _loops(own: ServiceSettings, verify_seconds: float, follower: Follower) -> list[Loop]:
    """The loops that a follower's declarations amount to."""
    service, amqp_uri = own.service, own.amqp_uri
    found = []
    for projection in follower.projections:
        loop = ProjectionLoop(service, projection, follower.views, follower.history)
        found.append(Loop(f"projection {projection.name}", loop.run, loop.missing))
    if follower.projections and verify_seconds:
        verification = Verification(
            service, follower.projections, follower.views, follower.history, verify_seconds
        )
        found.append(Loop("verification", verification.run, details=verification.details))
    if follower.publication:
        relay = _relay(service, amqp_uri, follower.views, follower.publication)
        found.append(Loop("relay", relay))
    if follower.jobs:
        found.append(Loop("jobs", JobRunner(Jobs(follower.views), follower.jobs).run))
    return [*found, *follower.loops]


def _relay(
    service: str, amqp_uri: str, views: Views, publication: Publication
) -> Callable[[threading.Event, threading.Event], None]:
    def run(stop: threading.Event, wake: threading.Event) -> None:
        """A new relay each time, which reads its cursor: another process may have moved it."""
        publisher = Publisher(amqp_uri, name=f"relay of {service}")
        try:
            Relay(
                publication,
                publisher,
                MongoCursors(views, service),
                lambda: topology.declare(amqp_uri, topology.publishing(service)),
            ).run(stop, wake)
        finally:
            publisher.close()

    return run


def _pause(failures: int) -> float:
    """Seconds before the next try: exponential, with jitter."""
    share = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
    return share * min(LONGEST_PAUSE, 0.2 * float(2 ** min(failures, 10)))
