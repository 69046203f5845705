"""Numbers appends and writes them: gap-free positions in commit order.

Position N + 1 is only tried after N was seen to be durable on a majority, so a reader that has
seen N has seen everything before it. Two processes that try the same position collide on `_id`,
and the loser numbers again. Everything checked between reading the head and inserting head + 1 is
therefore serialised, without transactions.
"""

import os
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from bson.raw_bson import RawBSONDocument
from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)
from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from shared.eventstore import commits, schema
from shared.eventstore.failures import passing, passing_code
from shared.eventstore.groupcommit import GroupCommit

_MAX_BATCH: Final = 1000
_DUPLICATE_KEY: Final = 11000
_JITTER: Final = 0.002
_LONGEST_PAUSE: Final = 0.5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DURABLE: Final = {"w": "majority", "j": True, "wtimeout": 5000}

_chance: Final = random.Random()  # noqa: S311 (commit ids are to be unique, not secret)
os.register_at_fork(after_in_child=_chance.seed)


class Head(NamedTuple):
    """The last recorded position and its `at` in milliseconds since 1970."""

    last: int
    at: int


class Append:
    """Events on their way into the ledger; in the end it has either `first` or `error`."""

    __slots__ = (
        "body",
        "commit_id",
        "deadline",
        "error",
        "events",
        "first",
        "keys",
        "size",
        "tracking",
    )

    def __init__(
        self,
        events: list[StoredEvent],
        commit_id: str | None,
        meta: Mapping[str, Any] | None,
        tracking: Tracking | None,
        timeout: float,
    ) -> None:
        self.commit_id = commit_id or _new_commit_id()
        self.events = [commits.event_document(event) for event in events]
        self.keys = {(event["o"], event["v"]) for event in self.events}
        self.body = commits.encode_body(self.commit_id, self.events, meta, tracking)
        self.size = len(self.body)
        self.tracking = tracking
        self.deadline = time.monotonic() + timeout
        self.first: int | None = None
        self.error: PersistenceError | None = None


class Sequencer:
    """The only writer of this process to one ledger's commits. Safe to share between threads.

    Its state is touched only while writing, and `GroupCommit` writes one batch at a time.
    """

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database
        self._commits = database[schema.COMMITS]
        self._tracking = database[schema.TRACKING]
        self._group = GroupCommit(self._write, _MAX_BATCH, commits.LIMIT)
        self._provisioned = False
        self._head: Head | None = None
        self._tracked: dict[str, int] = {}

    def append(self, append: Append) -> int:
        """The first position of the durable commit.

        `IntegrityError`: an event with that stream and version exists, or the tracking position
        is not after the last one, or the commit id belongs to other events. Nothing is recorded.
        The same commit id with the same events gives the positions of the stored commit.
        `OperationalError`: no definite answer in time; may be retried with the same commit id.
        """
        self._group.submit(append)
        if append.error is not None:
            raise append.error
        if append.first is None:
            raise _unknown(append, "the writing thread was interrupted")
        return append.first

    def forget_tracking(self, application_name: str) -> None:
        """The application's tracking position was changed outside of the commits."""
        self._tracked.pop(application_name, None)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position tracked last, be it with an effect (a commit) or without one."""
        name = application_name
        effect = self._commits.find_one(
            {"tracking.a": name}, {"tracking.n": 1}, sort=[("tracking.n", DESCENDING)]
        )
        skipped = self._tracking.find_one({"a": name}, {"n": 1}, sort=[("n", DESCENDING)])
        found = [effect["tracking"]["n"]] if effect else []
        found += [skipped["n"]] if skipped else []
        return max(found, default=None)

    def _write(self, batch: list[Append]) -> None:
        waiting = batch
        doubt: PyMongoError | None = None
        attempts = 0
        while waiting := _in_time(waiting, doubt):
            try:
                if doubt is not None:
                    waiting = self._without_recorded(waiting)
                    if not passing(doubt):
                        _fail(waiting, doubt)
                        return
                    doubt = None
                waiting = self._attempt(waiting)
            except PyMongoError as error:
                if doubt is not None and not passing(error):
                    _fail(waiting, error)
                    return
                self._head = None
                doubt = error
                attempts += 1
                _pause(min(_LONGEST_PAUSE, _JITTER * 2**attempts))
            except ProgrammingError as error:
                for append in waiting:
                    append.error = error
                return

    def _attempt(self, waiting: list[Append]) -> list[Append]:
        """Number and insert; the appends to try again. Raises when the outcome is unknown."""
        self._require_provisioned()
        head = self._head or self._read_head()
        now = time.time_ns() // 1_000_000
        at = max(now, head.at)
        numbered, documents = self._number(waiting, head.last + 1, at)
        if not documents:
            return _open(waiting)
        reply = self._database.command(
            {
                "insert": schema.COMMITS,
                "ordered": True,
                "writeConcern": _DURABLE,
                "documents": documents,
            }
        )
        if "writeConcernError" in reply:
            failure = reply["writeConcernError"]
            raise OperationFailure(failure.get("errmsg", ""), failure.get("code"), failure)
        errors = reply.get("writeErrors")
        inserted = errors[0]["index"] if errors else len(numbered)
        for append, first in numbered[:inserted]:
            append.first = first
            self._head = Head(first + len(append.events) - 1, at)
            if append.tracking:
                self._tracked[append.tracking.application_name] = append.tracking.notification_id
        if errors:
            rest = [append for append, _ in numbered[inserted:]]
            self._settle_refused(rest[0], rest[1:], errors[0])
        return _open(waiting)

    def _number(
        self, waiting: list[Append], position: int, at: int
    ) -> tuple[list[tuple[Append, int]], list[RawBSONDocument]]:
        """Leaves out appends that an earlier one of the batch stands in the way of."""
        numbered: list[tuple[Append, int]] = []
        documents: list[RawBSONDocument] = []
        taken: set[tuple[str, int]] = set()
        tracked: dict[str, int] = {}
        for append in waiting:
            if append.tracking and not self._advances(append.tracking, tracked):
                self._refuse([append], _not_advancing(append.tracking))
            elif taken.isdisjoint(append.keys):
                taken |= append.keys
                following = position + len(append.events)
                documents.append(commits.number(append.body, position, following - 1, at))
                numbered.append((append, position))
                position = following
        return numbered, documents

    def _advances(self, tracking: Tracking, tracked: dict[str, int]) -> bool:
        """Whether the position is after the recorded ones and those `tracked` in this batch."""
        name = tracking.application_name
        if name not in tracked:
            if name not in self._tracked:
                self._tracked[name] = self.max_tracking_id(name) or 0
            tracked[name] = self._tracked[name]
        if tracking.notification_id <= tracked[name]:
            return False
        tracked[name] = tracking.notification_id
        return True

    def _settle_refused(self, append: Append, others: list[Append], error: dict[str, Any]) -> None:
        """Act on the error of the first append that the database did not take."""
        code = error.get("code")
        key = set(error.get("keyPattern", ()))
        if passing_code(code):
            raise OperationFailure(error.get("errmsg", ""), code, error)
        if code != _DUPLICATE_KEY:
            append.error = DatabaseError(f"The append was refused: {error.get('errmsg')}")
        elif key == {"_id"}:  # another process was faster
            self._head = None
            _pause(_JITTER)
        elif key == {"commit_id"}:
            if self._without_recorded([append]):  # there, but not durable on a majority yet
                _pause(_JITTER)
        else:
            refused = [append, *self._conflicting(others)]
            self._refuse(refused, f"Already recorded: {_refused_key(error)}")

    def _conflicting(self, waiting: list[Append]) -> list[Append]:
        """The appends whose first event's stream and version are recorded.

        Writers that compete for one stream would else be refused one round trip after the other.
        """
        if not waiting:
            return []
        firsts = [{"o": append.events[0]["o"], "v": append.events[0]["v"]} for append in waiting]
        recorded: set[tuple[str, int]] = set()
        for commit in self._commits.find(
            {"$or": [{"e": {"$elemMatch": first}} for first in firsts]}, {"e.o": 1, "e.v": 1}
        ):
            recorded.update((event["o"], event["v"]) for event in commit["e"])
        return [append for append in waiting if not recorded.isdisjoint(append.keys)]

    def _refuse(self, refused: list[Append], reason: str) -> None:
        """Fail the appends, except those that the ledger has under their commit ids already."""
        for append in self._without_recorded(refused):
            append.error = IntegrityError(reason)

    def _without_recorded(self, waiting: list[Append]) -> list[Append]:
        """The appends that the ledger does not have; settles the others by their commit ids."""
        found = {
            commit["commit_id"]: commit
            for commit in self._commits.find(
                {"commit_id": {"$in": [append.commit_id for append in waiting]}},
                {"commit_id": 1, "e": 1},
            )
        }
        for append in waiting:
            commit = found.get(append.commit_id)
            if commit is None:
                continue
            if commit["e"] == append.events:
                append.first = int(commit["_id"])
            else:
                append.error = IntegrityError(
                    f"Commit id {append.commit_id} is recorded with other events"
                )
        return [append for append in waiting if append.commit_id not in found]

    def _read_head(self) -> Head:
        """Only a majority's head: a local one may be rolled back, leaving a gap before ours."""
        self._tracked.clear()
        document = self._commits.find_one({}, {"last": 1, "at": 1}, sort=[("_id", DESCENDING)])
        if document is None:
            return Head(0, 0)
        at = round((document["at"] - _EPOCH).total_seconds() * 1000)
        return Head(int(document["last"]), at)

    def _require_provisioned(self) -> None:
        """Without its unique indexes a ledger would take duplicates in silence."""
        if not self._provisioned:
            missing = schema.missing_indexes(self._database)
            if missing:
                raise ProgrammingError(
                    f"Database {self._database.name} is not provisioned as a ledger: "
                    f"missing indexes {', '.join(missing)}"
                )
            self._provisioned = True


def _new_commit_id() -> str:
    """Not `uuid4`: it asks the kernel and gives up the interpreter lock for that, so that every
    other writer comes in between.
    """
    return str(UUID(int=_chance.getrandbits(128), version=4))


def _in_time(waiting: list[Append], doubt: PyMongoError | None) -> list[Append]:
    now = time.monotonic()
    for append in waiting:
        if append.deadline < now:
            append.error = _unknown(append, f"no definite answer in time, last failure: {doubt}")
    return [append for append in waiting if append.deadline >= now]


def _pause(longest: float) -> None:
    time.sleep(random.uniform(0, longest))  # noqa: S311 (jitter is no secret)


def _open(waiting: list[Append]) -> list[Append]:
    return [append for append in waiting if append.first is None and append.error is None]


def _fail(waiting: list[Append], failure: PyMongoError) -> None:
    for append in waiting:
        append.error = DatabaseError(f"The append was refused: {failure}")


def _unknown(append: Append, reason: str) -> OperationalError:
    return OperationalError(
        f"The outcome of commit {append.commit_id} is unknown ({reason}); "
        "the same commit id may be appended again"
    )


def _not_advancing(tracking: Tracking) -> str:
    return (
        f"Position {tracking.notification_id} of {tracking.application_name} "
        "is not after the position tracked last"
    )


def _refused_key(error: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in error.get("keyValue", {}).items())
