"""Read models made anew from the whole ledger: to swap them in, or to compare with the live ones.

Fresh collections grow beside the live ones, which stay readable and keep advancing. The swap freezes
the live position, catches up, renames, and lets go; whoever finds a swap that was interrupted
finishes or undoes it, so no crash leaves half of a projection swapped. A query that is running in
the very moment of the swap fails with MongoDB's `QueryPlanKilled`; asked again, it is answered.
"""

import hashlib
import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from bson import Int64, json_util
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from shared.runtime.history import History
from shared.runtime.lease import Lease
from shared.runtime.logging import configure_logging
from shared.runtime.settings import ProcessSettings, ServiceSettings, Unconfigured
from shared.runtime.views import FRESH, PROJECTIONS, Document, Projection, Projector, Views

log = structlog.get_logger(__name__)

CANONICAL: Final = json_util.CANONICAL_JSON_OPTIONS
REBUILD_SECONDS: Final = 30.0
"""Lease of a rebuild; each batch renews it."""


class RebuildRunning(Exception):
    """Another process makes the same projection anew at this moment."""


@dataclass(frozen=True)
class Comparison:
    """Digests by collection of the live read models and of those made anew, at one position."""

    position: int
    live: Mapping[str, str]
    fresh: Mapping[str, str]

    @property
    def drifted(self) -> list[str]:
        """The collections that differ."""
        return sorted(name for name in self.live if self.live[name] != self.fresh[name])


def rebuild(projection: Projection, views: Views, history: History) -> int:
    """Make the read models anew and swap them in; the position they have then.

    Raises `RebuildRunning`.
    """
    with _alone(projection, views) as lease:
        live = Projector(projection, views)
        _settle(live, views)
        fresh = _grown(projection, views, history, lease)
        _positions(views).update_one(
            {"_id": projection.name},
            {"$set": {"swap": {"to": None}, "live": True}, "$setOnInsert": {"n": Int64(0)}},
            upsert=True,
        )
        position = _catch_up(fresh, history, lease)
        swap = {"swap": {"to": Int64(position)}, "version": projection.version}
        _positions(views).update_one({"_id": projection.name}, {"$set": swap})
        _settle(live, views)
    log.info("projection_rebuilt", projection=projection.name, position=position)
    return position


def verify(projection: Projection, views: Views, history: History) -> Comparison:
    """Make the read models anew beside the live ones and compare. Raises `RebuildRunning`."""
    with _alone(projection, views) as lease:
        live = Projector(projection, views)
        _settle(live, views)
        fresh = _grown(projection, views, history, lease)
        with views.client.start_session(snapshot=True) as session:
            seen = _positions(views).find_one({"_id": projection.name}, session=session)
            position = int(seen["n"]) if seen else 0
            digests = _digests(live, session)
        if fresh.state()["n"] > position:  # the live one is behind: grow again, not as far
            fresh.drop()
            fresh.prepare()
        _catch_up(fresh, history, lease, until=position)
        comparison = Comparison(position, digests, _digests(fresh))
        fresh.drop()
    return comparison


def recover(projection: Projection, views: Views) -> bool:
    """Settle a swap that its process left behind; False while that process is still at it."""
    try:
        with _alone(projection, views):
            _settle(Projector(projection, views), views)
    except RebuildRunning:
        return False
    return True


def _settle(live: Projector, views: Views) -> None:
    """Finish a swap that was decided, undo one that was not; without a swap there is nothing to do.

    Each step may be repeated: a collection that was renamed already is not there to be renamed.
    """
    name = live.projection.name
    state = _positions(views).find_one({"_id": name}) or {}
    swap = state.get("swap")
    if swap is None:
        return
    if swap["to"] is None:
        _positions(views).update_one({"_id": name}, {"$unset": {"swap": ""}})
        return
    waiting = set(views.list_collection_names())
    for collection in live.collections.values():
        if FRESH + collection.name in waiting:
            views[FRESH + collection.name].rename(collection.name, dropTarget=True)
    _positions(views).update_one({"_id": name}, {"$set": {"n": swap["to"]}, "$unset": {"swap": ""}})
    _positions(views).delete_one({"_id": FRESH + name})


def _grown(projection: Projection, views: Views, history: History, lease: Lease) -> Projector:
    fresh = Projector(projection, views, FRESH)
    fresh.drop()
    fresh.prepare()
    _catch_up(fresh, history, lease)
    return fresh


def _catch_up(fresh: Projector, history: History, lease: Lease, until: int | None = None) -> int:
    """Advance to the ledger's present end, or to `until`; the position reached."""
    goal = history.head() if until is None else until
    position = int(fresh.state()["n"])
    while position < goal:
        if not lease.acquire():
            raise RebuildRunning(fresh.projection.name)
        position = fresh.advance(history, position, until)
    return position


@contextmanager
def _alone(projection: Projection, views: Views) -> Iterator[Lease]:
    lease = Lease(views, f"rebuild {projection.name}", REBUILD_SECONDS)
    if not lease.acquire():
        raise RebuildRunning(projection.name)
    try:
        yield lease
    finally:
        lease.release()


def _positions(views: Views) -> Collection[Document]:
    return views[PROJECTIONS]


def _digests(projector: Projector, session: ClientSession | None = None) -> dict[str, str]:
    return {
        name: _digest(collection, session) for name, collection in projector.collections.items()
    }


def _digest(collection: Collection[Document], session: ClientSession | None) -> str:
    """SHA-256 over all documents by `_id`, as canonical extended JSON with sorted keys."""
    digest = hashlib.sha256()
    with collection.find({}, session=session).sort("_id") as documents:
        for document in documents:
            line = json_util.dumps(document, sort_keys=True, json_options=CANONICAL)
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def main(service: str, command: str, names: list[str]) -> int:
    """The commands `rebuild` and `verify` of a service; 1 when a read model has drifted."""
    settings = ProcessSettings.load()
    configure_logging(settings.log_format, settings.log_level)
    bootstrap: Any = importlib.import_module(f"services.{service}.bootstrap")
    follower = bootstrap.follower(ServiceSettings.load(service))
    known = {projection.name: projection for projection in follower.projections}
    if unknown := sorted(set(names) - known.keys()):
        raise Unconfigured(
            f"{service} has no projection {', '.join(unknown)}; it has {', '.join(known)}"
        )
    drifted = 0
    for name in names or known:
        if command == "rebuild":
            rebuild(known[name], follower.views, follower.history)
        else:
            comparison = verify(known[name], follower.views, follower.history)
            drifted += len(comparison.drifted)
            report = log.error if comparison.drifted else log.info
            report(
                "projection_verified",
                projection=name,
                position=comparison.position,
                drifted=comparison.drifted,
            )
    follower.close()
    return 1 if drifted else 0
