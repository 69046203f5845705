"""Read models made anew from the whole ledger: to swap them in, or to compare with the live ones.

Fresh collections grow beside the live ones, which stay readable and keep advancing. The swap freezes
the live position, catches up, renames, and lets go; whoever finds a swap that was interrupted
finishes or undoes it, so no crash leaves half of a projection swapped. Queries that run in the very
moment of the swap are made again (`views.reading`).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from bson import Int64, json_util
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from shared.runtime.history import History
from shared.runtime.lease import Lease
from shared.runtime.logging import configure_logging
from shared.runtime.roots import bootstrap_of
from shared.runtime.settings import ProcessSettings, ServiceSettings, Unconfigured
from shared.runtime.views import FRESH, PROJECTIONS, Document, Projection, Projector, Views

log = structlog.get_logger(__name__)

CANONICAL: Final = json_util.CANONICAL_JSON_OPTIONS
REBUILD_SECONDS: Final = 30.0
"""Lease of a rebuild; each batch renews it."""
DOCUMENTS: Final = 1_000
"""Documents of a digest that count as a batch."""

Step = Callable[[], None]
"""Called after each batch of work; raises to end the work."""


class RebuildRunning(Exception):
    """Another process makes the same projection anew at this moment."""


class Outdated(Exception):
    """The live read models are of another version: a follower is about to make them anew."""


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
    with _alone(projection, views) as renew:
        live = Projector(projection, views)
        _settle(live, views)
        fresh = Projector(projection, views, FRESH)
        _grow(fresh, history, renew)
        _positions(views).update_one(
            {"_id": projection.name},
            {"$set": {"swap": {"to": None}, "live": True}, "$setOnInsert": {"n": Int64(0)}},
            upsert=True,
        )
        position = _catch_up(fresh, history, renew)
        swap = {"swap": {"to": Int64(position)}, "version": projection.version}
        _positions(views).update_one({"_id": projection.name}, {"$set": swap})
        _settle(live, views)
    log.info("projection_rebuilt", projection=projection.name, position=position)
    return position


def verify(
    projection: Projection, views: Views, history: History, rest: Step = lambda: None
) -> Comparison:
    """Make the read models anew beside the live ones and compare.

    `rest` is called between batches, to spare the machine, except while the live ones are read: that
    is one snapshot, which MongoDB keeps for five minutes. Raises `RebuildRunning`, `Outdated` and
    what `rest` raises.
    """
    with _alone(projection, views) as renew:

        def step() -> None:
            rest()
            renew()

        live = Projector(projection, views)
        _settle(live, views)
        _up_to_date(projection, views)
        fresh = Projector(projection, views, FRESH)
        try:
            _grow(fresh, history, step)
            with views.client.start_session(snapshot=True) as session:
                seen = _positions(views).find_one({"_id": projection.name}, session=session)
                position = int(seen["n"]) if seen else 0
                digests = _digests(live, renew, session)
            if fresh.state()["n"] > position:  # the live one is behind: grow again, not as far
                _grow(fresh, history, step, until=position)
            _catch_up(fresh, history, step, until=position)
            return Comparison(position, digests, _digests(fresh, step))
        finally:
            fresh.drop()


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


def _up_to_date(projection: Projection, views: Views) -> None:
    state = _positions(views).find_one({"_id": projection.name})
    if state and state["version"] != projection.version:
        raise Outdated(f"{projection.name} is of version {state['version']}")


def _grow(fresh: Projector, history: History, step: Step, until: int | None = None) -> None:
    """Begin anew and catch up."""
    fresh.drop()
    fresh.prepare()
    _catch_up(fresh, history, step, until)


def _catch_up(fresh: Projector, history: History, step: Step, until: int | None = None) -> int:
    """Advance to the ledger's present end, or to `until`; the position reached."""
    goal = history.head() if until is None else until
    position = int(fresh.state()["n"])
    while position < goal:
        position = fresh.advance(history, position, until)
        step()
    return position


@contextmanager
def _alone(projection: Projection, views: Views) -> Iterator[Step]:
    """Be the only one who makes the projection anew; what is given renews that right."""
    lease = Lease(views, f"rebuild {projection.name}", REBUILD_SECONDS)

    def renew() -> None:
        if not lease.acquire():
            raise RebuildRunning(f"another process makes {projection.name} anew")

    renew()
    try:
        yield renew
    finally:
        lease.release()


def _positions(views: Views) -> Collection[Document]:
    return views[PROJECTIONS]


def _digests(
    projector: Projector, step: Step, session: ClientSession | None = None
) -> dict[str, str]:
    return {
        name: _digest(collection, step, session)
        for name, collection in projector.collections.items()
    }


def _digest(collection: Collection[Document], step: Step, session: ClientSession | None) -> str:
    """SHA-256 over all documents by `_id`, as canonical extended JSON with sorted keys."""
    digest = hashlib.sha256()
    with collection.find({}, session=session).sort("_id") as documents:
        for number, document in enumerate(documents, 1):
            line = json_util.dumps(document, sort_keys=True, json_options=CANONICAL)
            digest.update(line.encode() + b"\n")
            if number % DOCUMENTS == 0:
                step()
    return digest.hexdigest()


def report(projection: Projection, comparison: Comparison) -> None:
    """Drift is an alarm: somebody must find its cause, which a repair would hide."""
    if comparison.drifted:
        tell, event = log.error, "projection_drifted"
    else:
        tell, event = log.info, "projection_verified"
    tell(
        event,
        projection=projection.name,
        position=comparison.position,
        drifted=comparison.drifted,
    )


def main(service: str, command: str, names: list[str]) -> int:
    """The commands `rebuild` and `verify` of a service; 1 when a read model has drifted."""
    settings = ProcessSettings.load()
    configure_logging(settings.log_format, settings.log_level)
    follower = bootstrap_of(service).follower(ServiceSettings.load(service))
    known = {projection.name: projection for projection in follower.projections}
    if unknown := sorted(set(names) - known.keys()):
        raise Unconfigured(
            f"{service} has no projection {', '.join(unknown)}; it has {', '.join(known)}"
        )
    drifted = 0
    try:
        for name in names or known:
            if command == "rebuild":
                rebuild(known[name], follower.views, follower.history)
            else:
                comparison = verify(known[name], follower.views, follower.history)
                report(known[name], comparison)
                drifted += len(comparison.drifted)
    except (RebuildRunning, Outdated) as reason:
        log.warning("not_now", reason=str(reason))
        return 1
    finally:
        follower.close()
    return 1 if drifted else 0
