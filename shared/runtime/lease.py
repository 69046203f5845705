"""One active process per task: a lease in the database, by the database's clock.

`leases`: `{_id: what, holder, expires_at}`. A holder that dies is followed by another one when the
lease expires; a holder that only sleeps too long finds out at its next renewal, and meanwhile the
positions and the jobs, which change only from the state their holder knows, keep it from doing harm.
"""

import time
from typing import Any, Final
from uuid import uuid4

import pymongo
from pymongo.errors import DuplicateKeyError

from shared.runtime.views import Views

LEASES: Final = "leases"
LEASE_SECONDS: Final = 6.0
RENEW_SECONDS: Final = 1.5
CALL_SECONDS: Final = 3.0


class Lease:
    """The right to do `task` on these views. Not thread-safe: one thread keeps it."""

    def __init__(self, views: Views, task: str, seconds: float = LEASE_SECONDS) -> None:
        self.holder: Final = uuid4().hex
        self._leases = views[LEASES]
        self._task = task
        self._seconds = seconds
        self._valid_until = float("-inf")

    @property
    def held(self) -> bool:
        """Whether it is certainly still ours."""
        return time.monotonic() < self._valid_until

    def acquire(self) -> bool:
        """Take or renew it; whether it is ours now. Raises `PyMongoError`."""
        asked = time.monotonic()
        with pymongo.timeout(CALL_SECONDS):
            taken = self._leases.update_one(
                {
                    "_id": self._task,
                    "$expr": {
                        "$or": [
                            {"$eq": ["$holder", self.holder]},
                            {"$lte": ["$expires_at", "$$NOW"]},
                        ]
                    },
                },
                self._taken(),
            )
            ours = taken.matched_count == 1 or self._insert()
        if ours:
            self._valid_until = asked + self._seconds
        return ours

    def release(self) -> None:
        """Give it up at once, so that a successor need not wait."""
        self._valid_until = float("-inf")
        with pymongo.timeout(CALL_SECONDS):
            self._leases.delete_one({"_id": self._task, "holder": self.holder})

    def _insert(self) -> bool:
        """Take a lease that nobody ever had; the database's clock is only at hand in an update."""
        try:
            taken = self._leases.update_one(
                {"_id": self._task, "holder": self.holder}, self._taken(), upsert=True
            )
        except DuplicateKeyError:
            return False
        return taken.upserted_id is not None or taken.matched_count == 1

    def _taken(self) -> list[dict[str, Any]]:
        milliseconds = int(self._seconds * 1000)
        expiry = {"$add": ["$$NOW", milliseconds]}
        return [{"$set": {"holder": self.holder, "expires_at": expiry}}]
