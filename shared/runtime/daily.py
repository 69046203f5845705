"""Work that is to be done once on each day.

`daily` in the views remembers the last day that was done, `{_id: name, day}`: a restart neither
repeats nor forgets it. A day that was broken off is begun anew, so the work itself must be such that
doing it again changes nothing. Days on which no process ran are not made up for.
"""

import threading
from collections.abc import Callable
from datetime import date
from typing import Final

import pymongo

from shared.runtime.views import READ_SECONDS, Views

DAILY: Final = "daily"
LOOK_SECONDS: Final = 30.0
"""How soon after midnight the work of a day begins, at the latest."""

Work = Callable[[date, threading.Event], None]
"""Does what is to be done on a day; returns early when the event is set."""


class Daily:
    """One kind of work, under the lease of its follower: nobody else does it at the same time."""

    def __init__(self, name: str, views: Views, today: Callable[[], date], work: Work) -> None:
        self._name = name
        self._days = views[DAILY]
        self._today = today
        self._work = work

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what the work or the database raises."""
        del wake  # what is due depends on the day alone
        done = self._recalled()
        while not stop.is_set():
            day = self._today()
            if done is None or done < day:
                self._work(day, stop)
                if stop.is_set():
                    return
                self._keep(day)
                done = day
            stop.wait(LOOK_SECONDS)

    def _recalled(self) -> date | None:
        with pymongo.timeout(READ_SECONDS):
            known = self._days.find_one({"_id": self._name})
        return None if known is None else date.fromisoformat(known["day"])

    def _keep(self, day: date) -> None:
        document = {"_id": self._name, "day": day.isoformat()}
        with pymongo.timeout(READ_SECONDS):
            self._days.replace_one({"_id": self._name}, document, upsert=True)
