"""All that is known at one time, and the same as true on a day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from services.reporting.domain.history.facts import Fact, Known
from services.reporting.domain.history.person import History, history_on
from services.reporting.domain.history.record import PARTICIPANT_KINDS, Record, Sources
from services.reporting.domain.history.rows import ROW_KINDS, Row, Rows

STRIDE: Final = 10_000
"""Facts between two reports of progress."""
Progress = Callable[[int, int], None]
"""Takes how many of how many facts are replayed."""


def _silent(_done: int, _all: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True)
class AsOf:
    """What was true on a day, as known at a time."""

    on: date
    known: Known
    persons: tuple[History, ...]
    rows: dict[str, tuple[Row, ...]]


@dataclass
class Knowledge:
    known: Known
    records: dict[UUID, Record] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)

    @classmethod
    def of(cls, facts: Sequence[Fact], known: Known, progress: Progress = _silent) -> "Knowledge":
        """Replay the facts that were known. An origin that comes twice is one fact."""
        knowledge = cls(known)
        replayed = known.of(list(facts))
        last = None
        for index, fact in enumerate(replayed):
            if index % STRIDE == 0:
                progress(index, len(replayed))
            if fact.origin != last:
                knowledge._tell(fact)
            last = fact.origin
        progress(len(replayed), len(replayed))
        return knowledge

    def on(self, day: date) -> AsOf:
        persons = {record.subject: history_on(record, day) for record in self.records.values()}
        rows = {
            universe: tuple(row for row in known.values() if row.day <= day)
            for universe, known in self.rows.by_universe.items()
        }
        self._qualify(persons, rows["qualifications"])
        return AsOf(day, self.known, tuple(persons.values()), rows)

    def whom(self, participant: UUID) -> UUID:
        """The participant who goes on, whichever record the fact was told of."""
        return self._way(participant)[-1]

    def merges(self, participant: UUID) -> Sources:
        """The facts by which what is told of a participant is told of another."""
        *merged, _ = self._way(participant)
        return tuple(origin for each in merged for origin in self.records[each].sources)

    def _way(self, participant: UUID) -> list[UUID]:
        """From a record over those it was merged into to the one that goes on."""
        way = [participant]
        while (record := self.records.get(way[-1])) and record.merged_into:
            if record.merged_into in way:
                break
            way.append(record.merged_into)
        return way

    def _tell(self, fact: Fact) -> None:
        if fact.kind in PARTICIPANT_KINDS:
            record = self.records.get(fact.subject)
            if record is None:
                record = self.records[fact.subject] = Record(fact.subject)
            record.tell(fact)
        elif fact.kind in ROW_KINDS:
            self.rows.tell(fact)

    def _qualify(self, persons: dict[UUID, History], rows: Iterable[Row]) -> None:
        """Training's word that somebody gained a qualification stands beside the outcome's."""
        for row in rows:
            if row.participant is None:
                continue
            history = persons.get(self.whom(row.participant))
            if history is None or (history.qualified_on and history.qualified_on <= row.day):
                continue
            history.qualified_on = row.day
            history.sources["qualification"] = row.sources + self.merges(row.participant)
