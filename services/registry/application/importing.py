"""Importing a file of participants: every row is a command of its own.

A dry run and a real one read and judge the file by the same function. The command id of a row
derives from the import and the row, so an import that was interrupted begins again and records
nothing twice. A blank cell never erases, and a file that was imported before changes nothing.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final, Literal
from uuid import UUID

from services.registry.application import Registry
from services.registry.domain.participant import Participant
from services.registry.domain.personal_record import pointers
from services.registry.formats.annotated import annotated_xlsx
from services.registry.formats.errors import refusal_error
from services.registry.formats.participants import (
    ImportedRow,
    ParticipantFile,
    read_participants,
)
from services.registry.formats.validation import Terms
from shared.contracts.registry.commands import RegisterParticipant, UpdateParticipant
from shared.contracts.rows import RowError
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import REJECTED, Tally

WRITERS: Final = 8
"""Rows recorded at the same time: they share the ledger's group commits."""
CHUNK: Final = 200

Fate = Literal["created", "updated", "unchanged", "rejected"]


@dataclass(frozen=True)
class Verdict:
    """What became of a row, or would become of it; `refusals` is what only recording showed."""

    row: ImportedRow
    fate: Fate
    refusals: tuple[RowError, ...] = ()


class ParticipantImport:
    """One import: which file, on whose behalf, and by which terms."""

    def __init__(
        self,
        registry: Registry,
        act: Act,
        source: BinaryIO,
        filename: str,
        terms: Terms,
        progress: Callable[[Tally], None],
    ) -> None:
        self._registry = registry
        self._act = act
        self._source = source
        self._filename = filename
        self._terms = terms
        self._progress = progress
        self._refusals: dict[int, tuple[RowError, ...]] = {}
        """What only recording showed, by row."""

    def rehearse(self) -> Tally:
        """Judge every row and record nothing."""
        return self._run(self._foresee)

    def perform(self) -> Tally:
        """Record every row that can be recorded."""
        return self._run(self._record)

    def annotate(self, target: BinaryIO) -> None:
        """Write the file again with every error beside its row."""
        file = self._read()
        rows = (row.refused(*self._refusals.get(row.number, ())) for row in file.rows)
        annotated_xlsx(file.layout, rows, target)

    def _run(self, judge: Callable[[ImportedRow], Verdict]) -> Tally:
        tally = Tally()
        with ThreadPoolExecutor(WRITERS, thread_name_prefix="import") as pool:
            for chunk in _chunks(self._read().rows):
                for verdict in pool.map(judge, chunk):
                    if verdict.refusals:
                        self._refusals[verdict.row.number] = verdict.refusals
                    tally.count(verdict.fate, (*verdict.row.errors, *verdict.refusals))
                self._progress(tally)
        return tally

    def _read(self) -> ParticipantFile:
        self._source.seek(0)
        return read_participants(self._source, self._filename, terms=self._terms)

    def _foresee(self, row: ImportedRow) -> Verdict:
        return self._judged(row, lambda command: self._fate(command)[0])

    def _record(self, row: ImportedRow) -> Verdict:
        return self._judged(row, lambda command: self._recorded(row.number, command))

    def _judged(self, row: ImportedRow, judge: Callable[[RegisterParticipant], Fate]) -> Verdict:
        if row.command is None:
            return Verdict(row, REJECTED)
        try:
            return Verdict(row, judge(row.command))
        except Rejected as refusal:
            return Verdict(row, REJECTED, (refusal_error(refusal.code, row.number),))

    def _fate(self, command: RegisterParticipant) -> tuple[Fate, Participant | None]:
        """What a row would do, and the participant it is about, if known."""
        known = self._registry.match(command, self._act)
        if known is None:
            return "created", None
        news = known.personal.news(command.personal, self._terms.today)
        return ("updated" if pointers(news) else "unchanged"), known

    def _recorded(self, number: int, command: RegisterParticipant) -> Fate:
        fate, known = self._fate(command)
        register, update = self._act.part(f"register/{number}"), self._act.part(f"update/{number}")
        if known is None:
            self._registry.once(
                register, lambda: self._registry.register_participant(command, register)
            )
            return "created"
        if self._was_recorded(register, known.id):
            return "created"
        if fate == "unchanged":
            return "updated" if self._was_recorded(update, known.id) else "unchanged"
        change = UpdateParticipant(
            participant_id=known.id, changed_on=self._terms.today, personal=command.personal
        )
        self._registry.once(update, lambda: self._registry.update_participant(change, update))
        return "updated"

    def _was_recorded(self, act: Act, participant_id: UUID) -> bool:
        """Whether an interrupted run of this import did it already."""
        receipt = self._registry.receipt_of(act.provenance.command_id, act.provenance.digest)
        return receipt is not None and receipt.id == participant_id


def _chunks(rows: Iterator[ImportedRow]) -> Iterator[list[ImportedRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
