"""Wrapped keys and tombstones in MongoDB.

`keys`: `{_id: key id, subject, class, wrapped, master, created_at}`, unique by subject and class.
`tombstones`: `{_id: "subject/class", subject, class, at, basis, approved_by}`, never removed.
`applied`: `{_id: ledger, n: position}`: the erasures of a ledger up to there have their tombstones.
A tombstone outweighs a key: whoever sees both must behave as if the key were gone.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pymongo
from bson import Binary, Int64
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from shared.eventstore.schema import APPLIED, KEYS, TOMBSTONES
from shared.eventstore.vault.errors import VaultUnavailable
from shared.eventstore.vault.keys import KeyName, WrappedKey
from shared.kernel.personal import DataClass

DUPLICATE_KEY: Final = 11000


class KeyStore:
    """All reads and writes are of the majority; each call takes at most `time_limit` seconds."""

    def __init__(self, database: Database[dict[str, Any]], time_limit: float = 5.0) -> None:
        durable = database.with_options(
            read_preference=ReadPreference.PRIMARY,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", j=True),
        )
        self._keys = durable[KEYS]
        self._tombstones = durable[TOMBSTONES]
        self._applied = durable[APPLIED]
        self._time_limit = time_limit

    def keys(self, subjects: Collection[UUID]) -> list[WrappedKey]:
        with self._bounded("look up keys"):
            return [_wrapped_key(found) for found in self._keys.find(_of(subjects))]

    def erased(self, subjects: Collection[UUID]) -> set[KeyName]:
        """What has a tombstone."""
        with self._bounded("look up tombstones"):
            return {
                KeyName(UUID(found["subject"]), DataClass(found["class"]))
                for found in self._tombstones.find(_of(subjects), {"subject": 1, "class": 1})
            }

    def add(self, keys: Sequence[WrappedKey], at: datetime) -> set[KeyName]:
        """Store new keys and return the names that had a key already, which stays as it is."""
        documents = [
            {
                "_id": str(key.id),
                "subject": str(key.name.subject),
                "class": key.name.data_class.value,
                "wrapped": Binary(key.wrapped),
                "master": key.master,
                "created_at": at,
            }
            for key in keys
        ]
        with self._bounded("store keys"):
            try:
                self._keys.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                failures = error.details["writeErrors"]
                refused = {keys[failure["index"]].name for failure in failures}
                duplicates = all(failure["code"] == DUPLICATE_KEY for failure in failures)
                if error.details["writeConcernErrors"] or not duplicates:
                    raise
                return refused
        return set()

    def entomb(self, names: Sequence[KeyName], at: datetime, basis: str, approved_by: str) -> None:
        """Set tombstones; one that stands already keeps its own date and basis."""
        with self._bounded("set tombstones"):
            self._tombstones.bulk_write(
                [
                    UpdateOne(
                        {"_id": f"{name.subject}/{name.data_class.value}"},
                        {
                            "$setOnInsert": {
                                **_by_name(name),
                                "at": at,
                                "basis": basis,
                                "approved_by": approved_by,
                            }
                        },
                        upsert=True,
                    )
                    for name in names
                ]
            )

    def destroy(self, names: Sequence[KeyName]) -> None:
        with self._bounded("destroy keys"):
            self._keys.delete_many({"$or": [_by_name(name) for name in names]})

    def applied(self, ledger: str) -> int:
        """The position up to which a ledger's erasures are applied; 0 when none was."""
        with self._bounded("look up applied erasures"):
            found = self._applied.find_one({"_id": ledger})
        return int(found["n"]) if found else 0

    def note_applied(self, ledger: str, position: int) -> None:
        with self._bounded("note applied erasures"):
            self._applied.update_one({"_id": ledger}, {"$max": {"n": Int64(position)}}, upsert=True)

    def wrapped_by_others(self, master: str, limit: int) -> list[WrappedKey]:
        """Keys that are not wrapped under this master key."""
        with self._bounded("look up keys of other master keys"):
            found = self._keys.find({"master": {"$ne": master}}).limit(limit)
            return [_wrapped_key(document) for document in found]

    def replace(self, old: WrappedKey, new: WrappedKey) -> None:
        """Store the same key wrapped anew, unless it was destroyed or rewrapped meanwhile."""
        with self._bounded("rewrap a key"):
            self._keys.update_one(
                {"_id": str(old.id), "master": old.master},
                {"$set": {"wrapped": Binary(new.wrapped), "master": new.master}},
            )

    @contextmanager
    def _bounded(self, what: str) -> Iterator[None]:
        try:
            with pymongo.timeout(self._time_limit):
                yield
        except PyMongoError as error:
            raise VaultUnavailable(
                f"The vault could not {what} within {self._time_limit} s: {type(error).__name__}"
            ) from error


def _of(subjects: Collection[UUID]) -> dict[str, Any]:
    return {"subject": {"$in": [str(subject) for subject in subjects]}}


def _by_name(name: KeyName) -> dict[str, str]:
    return {"subject": str(name.subject), "class": name.data_class.value}


def _wrapped_key(document: dict[str, Any]) -> WrappedKey:
    return WrappedKey(
        id=UUID(document["_id"]),
        name=KeyName(UUID(document["subject"]), DataClass(document["class"])),
        wrapped=bytes(document["wrapped"]),
        master=document["master"],
    )
