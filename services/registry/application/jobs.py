"""Imports as jobs: started by a call, done by the follower, asked about until they are done.

What is wrong with a file repeats values of it, so errors are kept in the encrypted file store and
never in the job itself.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, Literal, cast

from pydantic import TypeAdapter

from services.registry.application import Registry
from services.registry.application.importing import Fate, ParticipantImport, Tally
from services.registry.domain.rules import RegistryRules
from services.registry.formats.template import template_xlsx
from services.registry.formats.validation import Terms
from shared.contracts.operations import Caller, NoRequest
from shared.contracts.registry import commands, views
from shared.contracts.rows import RowError
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance
from shared.runtime.files import FileMissing, FileStore
from shared.runtime.jobs import KEPT as JOBS_KEPT
from shared.runtime.jobs import Job, Jobs, Progress
from shared.runtime.tables.errors import ImportRefused

IMPORT: Final = "import"
KEPT: Final = JOBS_KEPT + timedelta(days=1)
"""How long errors and annotated files can be fetched: as long as the job that names them."""
LIMIT: Final = 256 << 20
MEMORY: Final = 16 << 20
"""Bytes of a file that are kept in memory; the rest of a larger one goes to `TMPDIR`, which
production mounts in memory (`docker-compose.yml`)."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Stage = Literal["checking", "recording"]
_ERRORS: Final = TypeAdapter(tuple[RowError, ...])


@cache
def _template() -> bytes:
    """The template in base64: some ten kilobytes, so it needs no claim check."""
    target = BytesIO()
    template_xlsx(target)
    return b64encode(target.getvalue())


@dataclass(frozen=True)
class Imports:
    """The import jobs of the registry, for those who start them and ask about them."""

    jobs: Jobs
    files: FileStore

    def start_import(self, request: commands.StartImport, act: Act) -> views.ImportStarted:
        if not Scope.of(act.caller).includes(request.partner):
            raise Rejected("registry.partner_out_of_scope", pointer="/partner")
        given = {
            "request": request.model_dump(mode="json"),
            "caller": act.caller.model_dump(mode="json"),
            "provenance": act.provenance.model_dump(mode="json"),
        }
        job = self.jobs.start(IMPORT, given, act.id_of("import"))
        return views.ImportStarted(id=job.id)

    def get_import(self, request: views.ById, act: Act) -> views.ImportJob:
        job = self.jobs.get(request.id)
        if job is None or not Scope.of(act.caller).includes(job.input["request"]["partner"]):
            raise Rejected("not_found", {"id": str(request.id)})
        result = job.result or {}
        counts: Mapping[str, int] = result.get("counts") or job.progress.get("counts") or {}
        refused = result.get("refused")
        stage, dry_run = job.progress.get("stage"), job.input["request"]["dry_run"]
        recorded = counts if stage == "recording" or (dry_run and not refused) else {}
        return views.ImportJob(
            id=job.id,
            state=job.state,
            dry_run=dry_run,
            mode=job.input["request"]["mode"],
            stage=stage,
            rows=job.progress.get("rows", 0),
            processed=sum(counts.values()),
            created=recorded.get("created", 0),
            updated=recorded.get("updated", 0),
            unchanged=recorded.get("unchanged", 0),
            rejected=counts.get("rejected", 0),
            errors=self._errors(result.get("errors_file")),
            annotated_file_id=result.get("annotated_file"),
            failure=job.failure["code"] if job.failure else refused,
        )

    def get_import_template(self, _request: NoRequest, _act: Act) -> views.ImportTemplate:
        return views.ImportTemplate(content=_template())

    def _errors(self, file_id: str | None) -> tuple[RowError, ...]:
        if file_id is None:
            return ()
        try:
            return _ERRORS.validate_json(b"".join(self.files.open(file_id).chunks()))
        except FileMissing:
            return ()


class Course:
    """How far an import is, for those who ask and for the next attempt: its stage, and the rows of
    it that are done, which do not become fewer when an interrupted import begins again.
    """

    def __init__(self, job: Job, progress: Progress) -> None:
        self._progress = progress
        self.stage: Stage | None = job.progress.get("stage")
        self._rows: int = job.progress.get("rows", 0)
        self._counts: Mapping[Fate, int] = job.progress.get("counts", {})

    def enter(self, stage: Stage) -> None:
        if self.stage != stage:
            self.stage, self._counts = stage, {}
        self._report()

    def advance(self, tally: Tally) -> None:
        if tally.rows > sum(self._counts.values()):
            self._rows, self._counts = max(tally.rows, self._rows), dict(tally.fates)
        self._report()

    def _report(self) -> None:
        self._progress.report(stage=self.stage, rows=self._rows, counts=self._counts)


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    registry: Registry
    files: FileStore
    rules: RegistryRules
    today: Callable[[], date]

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.StartImport.model_validate(job.input["request"])
        act = Act(
            caller=Caller.model_validate(job.input["caller"]),
            provenance=Provenance.model_validate(job.input["provenance"]),
        )
        course = Course(job, progress)
        with closing(self._fetched(request.file_id)) as source:
            work = ParticipantImport(
                self.registry,
                act,
                source,
                request.filename,
                Terms(request.partner, job.created_at.date(), self.rules),
                course.advance,
            )
            try:
                tally, refused = self._done(work, request, course)
            except ImportRefused as refusal:
                errors = _ERRORS.dump_json(refusal.errors)
                return {"refused": refusal.code, "errors_file": self._kept("errors", errors)}
            return self._result(work, tally) | ({"refused": refused} if refused else {})

    def _done(
        self, work: ParticipantImport, request: commands.StartImport, course: Course
    ) -> tuple[Tally, str | None]:
        """All or nothing means: nothing is recorded while any row has an error.

        A file without errors is then recorded row by row; an interruption is resumed, never undone,
        and not checked again either: what others did meanwhile cannot unmake what is recorded.
        """
        checks = request.dry_run or request.mode == "all_or_nothing"
        if checks and course.stage != "recording":
            course.enter("checking")
            rehearsal = work.rehearse()
            if request.dry_run:
                return rehearsal, None
            if rehearsal.fates["rejected"]:
                return rehearsal, "import_rows_rejected"
        course.enter("recording")
        return work.perform(), None

    def _result(self, work: ParticipantImport, tally: Tally) -> dict[str, Any]:
        result: dict[str, Any] = {"counts": dict(tally.fates)}
        if tally.fates["rejected"]:
            result["errors_file"] = self._kept("errors", _ERRORS.dump_json(tuple(tally.errors)))
            result["annotated_file"] = self._annotated(work, tally)
        return result

    def _annotated(self, work: ParticipantImport, tally: Tally) -> str:
        with cast("BinaryIO", SpooledTemporaryFile(MEMORY)) as target:
            work.annotate(tally, target)
            target.seek(0)
            with self.files.create(
                content_type=XLSX, name="annotated.xlsx", limit=LIMIT, lifetime=KEPT
            ) as writer:
                while chunk := target.read(1 << 20):
                    writer.write(chunk)
                return writer.finish()

    def _kept(self, name: str, content: bytes) -> str:
        with self.files.create(
            content_type="application/json", name=f"{name}.json", limit=LIMIT, lifetime=KEPT
        ) as writer:
            writer.write(content)
            return writer.finish()

    def _fetched(self, file_id: str) -> BinaryIO:
        """The file in clear, in memory while it is small, else in an unnamed temporary file."""
        source = cast("BinaryIO", SpooledTemporaryFile(MEMORY))  # noqa: SIM115 - the caller closes it
        for chunk in self.files.open(file_id).chunks():
            source.write(chunk)
        return source
