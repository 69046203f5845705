"""Ledgers as they are stored, read with the right to find only, and believed in nothing."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from shared.contracts.audit.vocabulary import Fault
from shared.eventstore import commits, schema
from shared.eventstore.commits import Commit
from shared.eventstore.transparency import leaf
from shared.eventstore.transparency.merkle import leaf_hash

BATCH: Final = 2_000
"""Commits that the database sends at once."""


class Unsound(Exception):
    """The ledger is not what it was, or not what a ledger can be; `position` is the first such."""

    def __init__(self, fault: Fault, position: int) -> None:
        super().__init__(f"{fault} at position {position}")
        self.fault = fault
        self.position = position


@dataclass(frozen=True, slots=True)
class Stored:
    """A commit document: what stands there, or that it cannot be made out."""

    first: int
    commit: Commit | None


class StoredLedger:
    """The commits of one service."""

    def __init__(self, name: str, database: Database[dict[str, Any]]) -> None:
        self.name: Final = name
        self._commits = database[schema.COMMITS]

    def head(self) -> int:
        """The last position that any commit claims, 0 in an empty ledger."""
        with self._commits.find({}).sort("_id", DESCENDING).limit(1) as found:
            last = next((_stored(document) for document in found), None)
        if last is None:
            return 0
        return last.commit.last if last.commit else last.first

    def stored(self, start: int) -> Iterator[Stored]:
        """Every commit document from `start` on, in order, also those that are none."""
        with (
            self._commits.find({"_id": {"$gte": start}})
            .sort("_id", ASCENDING)
            .batch_size(BATCH) as found
        ):
            yield from map(_stored, found)

    def at(self, position: int) -> Stored | None:
        """The commit with this position in it."""
        with (
            self._commits.find({"_id": {"$lte": position}})
            .sort("_id", DESCENDING)
            .limit(1) as found
        ):
            last = next((_stored(document) for document in found), None)
        inside = last is not None and last.commit is not None and position <= last.commit.last
        return last if inside else None

    def instants(self, positions: AbstractSet[int]) -> dict[int, datetime]:
        """When the events at these positions were recorded; those that are not there are left out."""
        condition = {"_id": {"$in": sorted(positions)}}
        with self._commits.find(condition, {"at": 1}) as found:
            instants = {int(each["_id"]): each.get("at") for each in found}
        for position in positions - instants.keys():
            inside = self.at(position)
            if inside is not None and inside.commit is not None:
                instants[position] = inside.commit.at
        return {key: at for key, at in instants.items() if isinstance(at, datetime)}

    def commits(self, after: int) -> Iterator[Commit]:
        """The whole commits after a position that is the end of one. Raises `Unsound`."""
        expected = after + 1
        for stored in self.stored(expected):
            if stored.first != expected:
                raise Unsound(Fault.MISSING, expected)
            if stored.commit is None:
                raise Unsound(Fault.UNREADABLE, expected)
            yield stored.commit
            expected = stored.commit.last + 1

    def leaves(self, after: int) -> Iterator[bytes]:
        """The hashes of the leaves after a position that is the end of a commit. Raises `Unsound`."""
        for commit in self.commits(after):
            yield from leaves_of(self.name, commit)


def leaves_of(ledger: str, commit: Commit) -> list[bytes]:
    """Raises `Unsound` for what no leaf can tell, such as fractions among the metadata."""
    try:
        return [leaf_hash(entry) for entry in leaf.entries(ledger, commit)]
    except (ValueError, TypeError):
        raise Unsound(Fault.UNREADABLE, commit.first) from None


def _stored(document: Mapping[str, Any]) -> Stored:
    first = document["_id"]
    if not isinstance(first, int):
        return Stored(0, None)
    try:
        commit = commits.decode(document, str)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Stored(first, None)
    return Stored(first, commit if _is_sound(document) else None)


def _is_sound(document: Mapping[str, Any]) -> bool:
    """Whether everything that stands in the document is told by its leaves, and nothing else."""
    events = document["e"]
    return (
        set(document) <= _FIELDS
        and isinstance(document["last"], int)
        and document["last"] == document["_id"] + len(events) - 1
        and isinstance(document["commit_id"], str)
        and isinstance(document["at"], datetime)
        and isinstance(document.get("meta", {}), Mapping)
        and isinstance(events, list)
        and all(_is_event(event) for event in events)
        and bool(events)
    )


def _is_event(event: Mapping[str, Any]) -> bool:
    return (
        set(event) == _EVENT_FIELDS
        and isinstance(event["o"], str)
        and isinstance(event["v"], int)
        and isinstance(event["t"], str)
        and isinstance(event["d"], str | bytes)
    )


_FIELDS: Final = frozenset({"_id", "last", "commit_id", "at", "meta", "tracking", "e"})
_EVENT_FIELDS: Final = frozenset({"o", "v", "t", "d"})
