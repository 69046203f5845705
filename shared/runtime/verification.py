"""Read models compared with ones made anew, once per interval, while everything else goes on.

A projection that differs is an alarm (an error in the log, `runtime_projection_drifted`), never
repaired in silence: what made it differ would go on. `verifications` in the views remembers the last
result, `{_id: projection, at, position, drifted}`, so that a restart neither repeats nor forgets it.
"""

import random
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pymongo
import structlog
from prometheus_client import Gauge

from shared.runtime.history import History
from shared.runtime.rebuild import Comparison, Outdated, RebuildRunning, report, verify
from shared.runtime.views import READ_SECONDS, Document, Projection, Views

log = structlog.get_logger(__name__)

VERIFICATIONS: Final = "verifications"
SPREAD: Final = 1 / 24
"""Share of the interval within which the moment is left to chance, so that services take turns."""
REST: Final = 3.0
"""Rest between batches, as a multiple of the time that the batch took."""
LONGEST_REST: Final = 5.0

_LABELS: Final = ["service", "projection"]
VERIFIED_AT = Gauge(
    "runtime_projection_verified_at_seconds",
    "When it was last compared with one made anew (Unix time)",
    _LABELS,
)
DRIFTED = Gauge("runtime_projection_drifted", "1 when it differed from the one made anew", _LABELS)


class Stopped(Exception):
    """The process is to end."""


class Verification:
    """Each projection of a service compared once in `seconds`, one after the other."""

    def __init__(
        self,
        service: str,
        projections: Sequence[Projection],
        views: Views,
        history: History,
        seconds: float,
    ) -> None:
        self._service = service
        self._projections = {projection.name: projection for projection in projections}
        self._views = views
        self._history = history
        self._seconds = seconds
        self._found: dict[str, Document] = {}

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what the database raises while results are read or kept."""
        del wake  # what is due depends on the time alone
        due = self._recalled()
        while due:
            name = min(due, key=lambda name: due[name])
            if stop.wait(max(0.0, due[name] - time.time())):
                return
            try:
                self._verify(self._projections[name], stop)
                due[name] = self._moment(time.time() + self._seconds)
            except Stopped:
                return
            except (RebuildRunning, Outdated) as reason:
                log.info("verification_postponed", projection=name, reason=str(reason))
                due[name] = self._moment(time.time())
            except Exception:
                log.exception("verification_failed", projection=name)
                due[name] = self._moment(time.time())

    def details(self) -> Mapping[str, Any]:
        """The last result of each projection that was ever compared, for the health page."""
        return {
            name: {
                "verified_at": document["at"].isoformat(timespec="seconds"),
                "position": int(document["position"]),
                "drifted": document["drifted"],
            }
            for name, document in sorted(self._found.items())
        }

    def _recalled(self) -> dict[str, float]:
        """When each projection is due, as Unix time, by what is known from before."""
        with pymongo.timeout(READ_SECONDS):
            known = {document["_id"]: document for document in self._views[VERIFICATIONS].find()}
        due = {}
        for name in self._projections:
            last = 0.0
            if name in known:
                self._note(known[name])
                last = known[name]["at"].timestamp()
            due[name] = self._moment(max(time.time(), last + self._seconds))
        return due

    def _moment(self, earliest: float) -> float:
        spread = self._seconds * SPREAD
        return earliest + random.uniform(0, spread)  # noqa: S311 - spreads load, hides nothing

    def _verify(self, projection: Projection, stop: threading.Event) -> None:
        comparison = verify(projection, self._views, self._history, Rests(stop).rest)
        report(projection, comparison)
        self._keep(projection.name, comparison)

    def _keep(self, name: str, comparison: Comparison) -> None:
        document = {
            "_id": name,
            "at": datetime.now(UTC),
            "position": comparison.position,
            "drifted": comparison.drifted,
        }
        self._note(document)
        with pymongo.timeout(READ_SECONDS):
            self._views[VERIFICATIONS].replace_one({"_id": name}, document, upsert=True)

    def _note(self, document: Document) -> None:
        name = document["_id"]
        self._found[name] = document
        VERIFIED_AT.labels(self._service, name).set(document["at"].timestamp())
        DRIFTED.labels(self._service, name).set(1 if document["drifted"] else 0)


class Rests:
    """Leaves the machine to others for most of the time."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._since = time.monotonic()

    def rest(self) -> None:
        """Raises `Stopped` as soon as the process is to end."""
        worked = time.monotonic() - self._since
        if self._stop.wait(min(LONGEST_REST, worked * REST)):
            raise Stopped
        self._since = time.monotonic()
