"""Importing a bank statement: many lines in one commit, each with what it does to contract and books.

A dry run and a real one read and judge the file by the same functions; a dry run judges each line by
what is recorded now. A line is known by its bank reference, so an import that was interrupted begins
again and records nothing twice, and so does another one of the same or of an overlapping statement.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import BinaryIO, Final, Literal
from uuid import UUID

from services.kasa.application import Kasa
from services.kasa.application.bank import contract_ids, contracts_among, hold
from services.kasa.application.bookings import counts_elsewhere
from services.kasa.application.books import books_of
from services.kasa.application.payments import carried_out
from services.kasa.application.unit_of_work import UnitOfWork
from services.kasa.domain.bank import BankLine, line_id
from services.kasa.domain.fund import Fund
from services.kasa.domain.matching import (
    NumberKey,
    Payment,
    number_keys,
    numbers_of,
    payment_of,
    the_one,
)
from services.kasa.formats.errors import row_error
from services.kasa.formats.lines import ReadLine
from services.kasa.formats.statements import read_statement
from shared.contracts.kasa.vocabulary.bank import LineState, StatementLine, Unmatched
from shared.contracts.rows import RowError
from shared.eventstore.acts import Act
from shared.kernel.days import require_not_before
from shared.kernel.errors import Rejected
from shared.runtime.imports import REJECTED, Tally

BATCH: Final = 20
"""Lines of one commit. More are faster still; but who reads a contract later reads whole commits."""
REPORTED: Final = 10
"""Batches after which an import says how far it is."""
HELD: Final = 1_000
"""Contracts that are kept between batches."""
FASTER_SECONDS: Final = 30.0
"""How long others may be faster, batch after batch, before the job is put back."""
CONFLICT: Final = "version_conflict"

Fate = Literal["matched", "queued", "unchanged", "rejected"]


@dataclass(frozen=True)
class Verdict:
    """What became of a line, or would become of it."""

    fate: Fate
    errors: tuple[RowError, ...] = ()


class RefusedHalfWay(Exception):
    """A contract refused the line of this row, when others of the batch had changed it already."""

    def __init__(self, row: int, code: str) -> None:
        super().__init__(f"the line of row {row} was refused as {code}")
        self.row, self.code = row, code


class Overtaken(Exception):
    """Others kept being faster; the job goes on later."""


class StatementImport:
    """One import: which file, of which source's account, and on whose behalf."""

    def __init__(
        self,
        kasa: Kasa,
        act: Act,
        import_id: UUID,
        source: str,
        content: BinaryIO,
        filename: str,
        progress: Callable[[Tally], None],
    ) -> None:
        self._unit = UnitOfWork(kasa)
        self._act = act
        self._import_id = import_id
        self._source = source
        self._content = content
        self._filename = filename
        self._progress = progress
        self._refused: set[int] = set()
        """Rows of the batch whose contract refuses them."""

    def rehearse(self) -> Tally:
        """Judge every line and record nothing."""
        return self._run(self._foreseen)

    def perform(self) -> Tally:
        """Record every line that can be read."""
        return self._run(self._recorded)

    def _run(self, judge: Callable[[Sequence[ReadLine]], Sequence[Verdict]]) -> Tally:
        tally = Tally()
        with closing(read_statement(self._content, self._filename)) as reads:
            for number, batch in enumerate(_batches(reads)):
                for verdict in judge(batch):
                    tally.count(verdict.fate, verdict.errors)
                if number % REPORTED == 0:
                    self._progress(tally)
        self._progress(tally)
        return tally

    def _foreseen(self, batch: Sequence[ReadLine]) -> list[Verdict]:
        self._fetch(batch)
        verdicts = [self._judged(read, self._foresee) for read in batch]
        self._tidy(batch)
        return verdicts

    def _recorded(self, batch: Sequence[ReadLine]) -> list[Verdict]:
        """All lines in one commit; each in its own where one of them is refused."""
        try:
            return self._committed(batch)
        except RefusedHalfWay as refusal:
            if len(batch) == 1:
                self._refused.add(refusal.row)
            verdicts = [verdict for read in batch for verdict in self._recorded([read])]
            self._refused.clear()
            return verdicts

    def _committed(self, batch: Sequence[ReadLine]) -> list[Verdict]:
        """Judged anew on what is true now, as long as somebody else was faster."""
        deadline = time.monotonic() + FASTER_SECONDS
        while time.monotonic() < deadline:
            self._fetch(batch)
            try:
                verdicts = [self._judged(read, self._record) for read in batch]
                self._commit()
            except RefusedHalfWay as refusal:
                self._unit.forget()
                if len(batch) > 1 or refusal.code != CONFLICT:
                    raise
            except Rejected as refusal:
                self._unit.forget()
                if refusal.code != CONFLICT:
                    raise
            else:
                self._tidy(batch)
                return verdicts
            time.sleep(random.uniform(0, 0.05))  # noqa: S311 - spreads load, hides nothing
        raise Overtaken(f"for {FASTER_SECONDS} seconds")

    def _commit(self) -> None:
        """The command id derives from the import and the lines, so it stands for this commit only."""
        changed = self._unit.changed
        lines = "/".join(str(each.id) for each in changed if isinstance(each, BankLine))
        act = self._act.part(f"lines/{sha256(lines.encode()).hexdigest()}")
        self._unit.kasa.record(*changed, provenance=act.provenance)
        self._unit.done()

    def _fetch(self, batch: Sequence[ReadLine]) -> None:
        """All that the lines of a batch are about, with one look-up."""
        lines = [read.line for read in batch if read.line is not None]
        named = (each for line in lines for each in _named_in(line.title))
        self._unit.fetch([*(self._id_of(line) for line in lines), *named])

    def _tidy(self, batch: Sequence[ReadLine]) -> None:
        self._unit.release(self._id_of(read.line) for read in batch if read.line is not None)
        if self._unit.size > HELD:
            self._unit.retain({self._books.id})

    def _judged(
        self, read: ReadLine, judge: Callable[[ReadLine, StatementLine, BankLine], Fate]
    ) -> Verdict:
        line = read.line
        if line is None:
            return Verdict(REJECTED, read.errors)
        try:
            taken = self._unit.find(BankLine, self._id_of(line)) or BankLine(self._id_of(line))
            fingerprint = self._fingerprint(line)
            if taken.is_known(fingerprint):
                return Verdict(self._known(taken))
            self._take_in(taken, line, fingerprint)
            return Verdict(judge(read, line, taken))
        except Rejected as refusal:
            return Verdict(REJECTED, (_error(read, line, refusal),))

    def _take_in(self, taken: BankLine, line: StatementLine, fingerprint: str) -> None:
        opened_on = self._books.terms.occurred_on
        require_not_before(opened_on, line.booked_on, "/booked_on")
        require_not_before(opened_on, line.value_on, "/value_on")
        taken.take_in(
            line,
            import_id=self._import_id,
            source=self._source,
            fingerprint=fingerprint,
            today=self._unit.today(),
        )

    def _foresee(self, read: ReadLine, line: StatementLine, taken: BankLine) -> Fate:
        return "matched" if isinstance(self._found(read, line, taken), Payment) else "queued"

    def _record(self, read: ReadLine, line: StatementLine, taken: BankLine) -> Fate:
        found = self._found(read, line, taken)
        self._unit.change(taken)
        if not isinstance(found, Payment):
            taken.queue(line, found)
            hold(self._unit, taken)
            return "queued"
        taken.match(found, on=line.booked_on, today=self._unit.today(), by=None)
        try:
            self._unit.change(*carried_out(self._unit, taken, found))
        except Rejected as refusal:
            raise RefusedHalfWay(read.row, refusal.code) from None
        return "matched"

    def _found(self, read: ReadLine, line: StatementLine, taken: BankLine) -> Payment | Unmatched:
        if read.row in self._refused:
            return Unmatched.REFUSED_BY_CONTRACT
        named = _named_in(line.title)
        contract = the_one(contracts_among(self._unit, named), named=bool(named))
        if isinstance(contract, Unmatched):
            return contract
        if counts_elsewhere(self._unit, taken, contract, line.bank_reference):
            return Unmatched.RECORDED_OTHERWISE
        return payment_of(taken.booking, contract)

    def _known(self, line: BankLine) -> Fate:
        """What an interrupted run of this import recorded of it counts as done by it."""
        if line.told.import_id != self._import_id:
            return "unchanged"
        return "queued" if line.state is LineState.QUEUED else "matched"

    @property
    def _books(self) -> Fund:
        return books_of(self._unit, self._source)

    def _id_of(self, line: StatementLine) -> UUID:
        return line_id(self._source, line.bank_reference)

    def _fingerprint(self, line: StatementLine) -> str:
        return self._unit.kasa.digest_of("bank_line", line.model_dump(mode="json"))


@lru_cache(maxsize=HELD * 10)
def _ids_of(key: NumberKey) -> tuple[UUID, ...]:
    return tuple(contract_ids(numbers_of(key)))


def _named_in(title: str) -> list[UUID]:
    """The contracts that there may be under the numbers in a title."""
    return [each for key in dict.fromkeys(number_keys(title)) for each in _ids_of(key)]


def _error(read: ReadLine, line: StatementLine, refusal: Rejected) -> RowError:
    field = (refusal.pointer or "/bank_reference").rpartition("/")[2]
    column, value = read.columns[field], getattr(line, field)
    return row_error(refusal.code, read.row, column, value, **refusal.details)


def _batches(reads: Iterator[ReadLine]) -> Iterator[list[ReadLine]]:
    while batch := list(islice(reads, BATCH)):
        yield batch
