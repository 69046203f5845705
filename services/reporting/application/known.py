"""The facts that numbers are counted from, out of the read model, with their boxes opened."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from pymongo import ASCENDING

from services.reporting.domain.history.facts import Fact, Origin
from shared.eventstore.vault import Vault
from shared.kernel.days import POLAND
from shared.kernel.personal import Absent, DataClass, SealedBox
from shared.runtime.views import Document, Views

AT_ONCE: Final = 2_000
"""Facts whose boxes are opened with one look-up of keys."""
Progress = Callable[[int, int], None]
"""Takes how many of how many facts are read."""
_THROUGH: Final = {"$group": {"_id": "$ledger", "at": {"$max": "$at"}}}


def silent(_done: int, _all: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True)
class KnownFacts:
    """What is opened here is held in memory while it is counted, and nowhere else."""

    views: Views
    vault: Vault

    def number(self, known_at: date) -> int:
        return self.views["facts"].count_documents(_until(known_at))

    def positions(self, known_at: date) -> dict[str, int]:
        """How far each publisher's ledger was known, by its name."""
        found = self.views["facts"].aggregate([{"$match": _until(known_at)}, _THROUGH])
        return {each["_id"]: each["at"] for each in found}

    def read(self, known_at: date, progress: Progress = silent) -> list[Fact]:
        """All that was recorded until the end of a day, Polish time."""
        number = self.number(known_at)
        found = iter(self.views["facts"].find(_until(known_at), batch_size=AT_ONCE))
        facts: list[Fact] = []
        while batch := list(islice(found, AT_ONCE)):
            facts += self._opened(batch)
            progress(len(facts), max(number, len(facts)))
        return facts

    def placed(self, places: Iterable[str]) -> list[Document]:
        """The facts at `ledger/position`, in order of their days, with nothing opened."""
        wanted = {"_id": {"$in": list(places)}}
        found = self.views["facts"].find(wanted, {"boxes": 0})
        return list(found.sort([("occurred_on", ASCENDING), ("_id", ASCENDING)]))

    def _opened(self, documents: list[Document]) -> Iterator[Fact]:
        boxes = [SealedBox(**box) for each in documents for box in each["boxes"].values()]
        opened = iter(self.vault.open_many(boxes))
        for each in documents:
            yield _fact(each, {name: next(opened) for name in each["boxes"]})


def _until(known_at: date) -> Mapping[str, Any]:
    end = datetime.combine(known_at + timedelta(1), time.min, POLAND)
    return {"recorded_at": {"$lt": end}}


def _fact(document: Document, opened: Mapping[str, Any]) -> Fact:
    return Fact(
        subject=UUID(document["about"]),
        kind=document["kind"],
        origin=Origin(document["ledger"], document["at"], UUID(document["event_id"])),
        recorded_at=document["recorded_at"],
        occurred_on=date.fromisoformat(document["occurred_on"]),
        data=document["data"],
        monitoring=opened.get(DataClass.MONITORING),
        special=_without_reasons(opened.get(DataClass.SPECIAL)),
    )


def _without_reasons(special: Any) -> Any:
    """A box of a correction also holds why it was decided, which no number rests on."""
    if special is None or isinstance(special, Absent):
        return special
    return {DataClass.SPECIAL.value: special.get(DataClass.SPECIAL)}
