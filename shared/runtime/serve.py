"""`serve`: one nameko container per service, in a process that was patched before all else."""

import importlib
import time
from functools import partial
from typing import Any

import eventlet
import structlog
from nameko.containers import ServiceContainer
from prometheus_client import Gauge

from shared.runtime.authority import KeySet, TokenVerifier
from shared.runtime.ending import wait_for_end
from shared.runtime.health import Check, Health
from shared.runtime.logging import configure_logging
from shared.runtime.settings import ProcessSettings, ServiceSettings, Unconfigured
from shared.runtime.telemetry import configure_tracing

log = structlog.get_logger(__name__)

START_SECONDS = 90.0
"""Longer than the topology may take: a broker with other queue arguments must end in an error."""
STALE_SECONDS = 10.0
"""A listener ticks twice a second; silence for this long means that it hangs."""
GRACE_SECONDS = 5.0
"""After the time for running work, for connections to close."""

SERVING = Gauge("runtime_serving", "1 while the service answers calls", ["service"])


def main(services: list[str]) -> int:
    """Run until SIGTERM or SIGINT, or until a container dies; the exit status."""
    settings = ProcessSettings.load()
    own = [ServiceSettings.load(service) for service in services]
    configure_logging(settings.log_format, settings.log_level)
    configure_tracing("+".join(services), settings.otlp_endpoint)
    verifier = _verifier(settings)
    containers = [_container(one, settings, verifier) for one in own]
    serving = _Serving(containers, settings.stop_seconds)
    health = Health()
    for container in containers:
        check = partial(serving.missing, container)
        health.check(container.service_name, check)
        SERVING.labels(container.service_name).set_function(partial(_is_none, check))
    health.serve(settings.health_host, settings.health_port)
    return serving.run()


class _Serving:
    """Containers that live and die together."""

    def __init__(self, containers: list[ServiceContainer], stop_seconds: float) -> None:
        self._containers = containers
        self._stop_seconds = stop_seconds
        self._started: set[str] = set()
        self._ended = False
        self._status = 0

    def missing(self, container: ServiceContainer) -> str | None:
        """Why the service does not answer calls now."""
        return _silent(container) if container.service_name in self._started else "not started"

    def run(self) -> int:
        starting = [eventlet.spawn(self._start, container) for container in self._containers]
        for container in self._containers:
            eventlet.spawn_n(self._watch, container)
        wait_for_end(lambda: self._ended)
        for thread in starting:
            thread.kill()
        self._stop()
        return self._status

    def _start(self, container: ServiceContainer) -> None:
        try:
            with eventlet.Timeout(START_SECONDS, TimeoutError("not started in time")):
                container.start()
        except Exception as error:
            log.exception("service_not_started", service=container.service_name, says=str(error))
            self._fail()
        else:
            self._started.add(container.service_name)
            log.info("service_started", service=container.service_name)

    def _watch(self, container: ServiceContainer) -> None:
        try:
            container.wait()
        except Exception:
            log.exception("service_died", service=container.service_name)
            self._fail()

    def _fail(self) -> None:
        self._status = 1
        self._ended = True

    def _stop(self) -> None:
        """Let running work end; kill what does not."""
        log.info("stopping", services=[each.service_name for each in self._containers])
        stopping = [eventlet.spawn(each.stop) for each in self._containers]
        try:
            with eventlet.Timeout(self._stop_seconds + GRACE_SECONDS):
                for thread in stopping:
                    thread.wait()
        except (eventlet.Timeout, Exception):
            log.exception("stopped_unfinished")
            for container in self._containers:
                with eventlet.Timeout(GRACE_SECONDS, exception=False):
                    container.kill()
        log.info("stopped")


def _container(
    own: ServiceSettings, settings: ProcessSettings, verifier: TokenVerifier
) -> ServiceContainer:
    module = importlib.import_module(f"services.{own.service}.service")
    config: dict[str, Any] = {
        "AMQP_URI": own.amqp_uri,
        "TOKEN_VERIFIER": verifier,
        "STOP_LIMIT": settings.stop_seconds,
        "SETTINGS": own,
        "max_workers": settings.max_workers,
        "serializer": "json",
        "ACCEPT": ["json"],
    }
    return ServiceContainer(module.Service, config)


def _verifier(settings: ProcessSettings) -> TokenVerifier:
    keys = KeySet(settings.identity_jwks)
    try:
        keys.load()
    except (OSError, ValueError) as error:
        raise Unconfigured(f"IDENTITY_JWKS: {error}") from None
    return TokenVerifier(settings.identity_issuer, settings.identity_audience, keys)


def _silent(container: ServiceContainer) -> str | None:
    """Which part of a started container does not listen; those that do say so by `ready`."""
    for extension in container.extensions:
        if not getattr(extension, "ready", True):
            return f"{type(extension).__name__} is not ready"
        last_tick = getattr(extension, "last_tick", None)
        if last_tick is not None and time.monotonic() - last_tick > STALE_SECONDS:
            return f"{type(extension).__name__} hangs"
    return None


def _is_none(check: Check) -> float:
    return float(check() is None)
