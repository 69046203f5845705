"""Imports of tables as jobs: what they all do, whatever is imported.

What is wrong with a file repeats values of it, so errors are kept in the encrypted file store and
never in the job itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, Literal, Protocol, TypeVar, cast

from pydantic import TypeAdapter

from shared.contracts.jobs import FileImport
from shared.contracts.rows import RowError
from shared.runtime.files import FileMissing, FileStore
from shared.runtime.jobs import KEPT as JOBS_KEPT
from shared.runtime.jobs import Job, Progress
from shared.runtime.tables.errors import ImportRefused

KEPT: Final = JOBS_KEPT + timedelta(days=1)
"""How long what belongs to a job can be fetched: as long as the job that names it."""
LIMIT: Final = 256 << 20
MEMORY: Final = 16 << 20
"""Bytes of a file that are kept in memory; the rest of a larger one goes to `TMPDIR`, which
production mounts in memory (`docker-compose.yml`)."""
SHOWN_ERRORS: Final = 100
_ERRORS: Final = TypeAdapter(tuple[RowError, ...])

FileImportT = TypeVar("FileImportT", bound=FileImport)
Stage = Literal["checking", "recording"]
Mode = Literal["all_or_nothing", "good_rows"]
REJECTED: Final = "rejected"
"""The fate of a row that has an error; the other fates are the importing service's own."""


class Tally:
    """The running result of an import: how many rows met which fate, and the first errors."""

    def __init__(self) -> None:
        self.fates: Counter[str] = Counter()
        self.errors: list[RowError] = []

    @property
    def rows(self) -> int:
        return self.fates.total()

    def count(self, fate: str, errors: Sequence[RowError] = ()) -> None:
        self.fates[fate] += 1
        room = SHOWN_ERRORS - len(self.errors)
        self.errors += errors[: max(room, 0)]


Advance = Callable[[Tally], None]
"""How an import tells how far it is."""


class Work(Protocol):
    """One import of one file."""

    def rehearse(self) -> Tally:
        """Judge every row and record nothing."""

    def perform(self) -> Tally:
        """Record every row that can be recorded."""


class Requested(Protocol):
    """What every request for an import says."""

    @property
    def file_id(self) -> str: ...
    @property
    def dry_run(self) -> bool: ...
    @property
    def mode(self) -> Mode: ...


@dataclass(frozen=True)
class Ended:
    """An import to its end; `refused` is why nothing of it was recorded."""

    tally: Tally
    refused: str | None = None


class Course:
    """How far an import is, for those who ask and for the next attempt: its stage, and the rows of
    it that are done, which do not become fewer when an interrupted import begins again.
    """

    def __init__(self, job: Job, progress: Progress) -> None:
        self._progress = progress
        self.stage: Stage | None = job.progress.get("stage")
        self._rows: int = job.progress.get("rows", 0)
        self._counts: Mapping[str, int] = job.progress.get("counts", {})

    def run(self, work: Work, request: Requested) -> Ended:
        """All or nothing means: nothing is recorded while any row has an error.

        A file without errors is then recorded row by row; an interruption is resumed, never undone,
        and not checked again either: what others did meanwhile cannot unmake what is recorded.
        """
        checks = request.dry_run or request.mode == "all_or_nothing"
        if checks and self.stage != "recording":
            self._enter("checking")
            rehearsal = work.rehearse()
            if request.dry_run:
                return Ended(rehearsal)
            if rehearsal.fates[REJECTED]:
                return Ended(rehearsal, "import_rows_rejected")
        self._enter("recording")
        return Ended(work.perform())

    def advance(self, tally: Tally) -> None:
        if tally.rows > sum(self._counts.values()):
            self._rows, self._counts = max(tally.rows, self._rows), dict(tally.fates)
        self._report()

    def _enter(self, stage: Stage) -> None:
        if self.stage != stage:
            self.stage, self._counts = stage, {}
        self._report()

    def _report(self) -> None:
        self._progress.report(stage=self.stage, rows=self._rows, counts=self._counts)


@dataclass(frozen=True)
class ImportFiles:
    """What an import takes from the file store and leaves there."""

    store: FileStore

    def fetched(self, file_id: str) -> BinaryIO:
        """The file in clear, in memory while it is small, else in an unnamed temporary file."""
        source = cast("BinaryIO", SpooledTemporaryFile(MEMORY))  # noqa: SIM115 - the caller closes it
        for chunk in self.store.open(file_id).chunks():
            source.write(chunk)
        return source

    def keep(self, content: BinaryIO, name: str, content_type: str) -> str:
        """Returns the claim check."""
        content.seek(0)
        with self.store.create(
            content_type=content_type, name=name, limit=LIMIT, lifetime=KEPT
        ) as writer:
            while chunk := content.read(1 << 20):
                writer.write(chunk)
            return writer.finish()

    def imported(
        self,
        job: Job,
        progress: Progress,
        request: Requested,
        work: Callable[[BinaryIO, Advance], Work],
    ) -> dict[str, Any]:
        """Do an import to its end. Returns the job's result."""
        course = Course(job, progress)
        with closing(self.fetched(request.file_id)) as source:
            try:
                return self.result(course.run(work(source, course.advance), request))
            except ImportRefused as refused:
                return self.refusal(refused)

    def told(
        self, job: Job, view: type[FileImportT], *fates: str, **facts: str | None
    ) -> FileImportT:
        """What a view tells under the same name of what was asked and how it stands; `fates` are
        its numbers of rows by what became of them, `facts` what the service adds.
        """
        told = {**job.input["request"], **self._standing(job, fates), **facts}
        return view(**{name: told[name] for name in view.model_fields})

    def result(self, ended: Ended) -> dict[str, Any]:
        """The job's result."""
        result: dict[str, Any] = {"counts": dict(ended.tally.fates)}
        if ended.refused:
            result["refused"] = ended.refused
        if ended.tally.errors:
            result["errors_file"] = self._kept_errors(ended.tally.errors)
        return result

    def refusal(self, refused: ImportRefused) -> dict[str, Any]:
        """The job's result when the file as a whole was refused."""
        return {"refused": refused.code, "errors_file": self._kept_errors(refused.errors)}

    def _standing(self, job: Job, fates: Iterable[str]) -> dict[str, Any]:
        """Nothing counts as recorded while nothing was."""
        result = job.result or {}
        counts: Mapping[str, int] = result.get("counts") or job.progress.get("counts") or {}
        refused = result.get("refused")
        stage, dry_run = job.progress.get("stage"), job.input["request"]["dry_run"]
        recorded = counts if stage == "recording" or (dry_run and not refused) else {}
        return {
            "id": job.id,
            "state": job.state,
            "stage": stage,
            "rows": job.progress.get("rows", 0),
            "processed": sum(counts.values()),
            "rejected": counts.get(REJECTED, 0),
            "errors": self._errors(result.get("errors_file")),
            "failure": job.failure["code"] if job.failure else refused,
        } | {fate: recorded.get(fate, 0) for fate in fates}

    def _kept_errors(self, errors: Sequence[RowError]) -> str:
        with cast("BinaryIO", SpooledTemporaryFile(MEMORY)) as content:
            content.write(_ERRORS.dump_json(tuple(errors)))
            return self.keep(content, "errors.json", "application/json")

    def _errors(self, file_id: str | None) -> tuple[RowError, ...]:
        if file_id is None:
            return ()
        try:
            return _ERRORS.validate_json(b"".join(self.store.open(file_id).chunks()))
        except FileMissing:
            return ()
