"""Imports of statements as jobs: started by a call, done by the follower, asked about until done."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from services.kasa.application import Kasa
from services.kasa.application.books import require_source
from services.kasa.application.statements import StatementImport
from shared.contracts.kasa import views as kasa_views
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.views import bank as views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import Course, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of, ordered
from shared.runtime.tables.errors import ImportRefused

IMPORT: Final = "statement_import"


@dataclass(frozen=True)
class StatementImports:
    """The import jobs of kasa, for those who start them and ask about them."""

    kasa: Kasa
    jobs: Jobs
    files: ImportFiles

    def import_statement(self, request: commands.ImportStatement, act: Act) -> views.JobStarted:
        """Raises `kasa.source_unknown`."""
        require_source(self.kasa, request.source)
        job = self.jobs.start(IMPORT, ordered(request, act), act.id_of(IMPORT))
        return views.JobStarted(id=job.id)

    def get_statement_import(self, request: kasa_views.ById, _act: Act) -> views.StatementImport:
        job = self.jobs.get(request.id)
        if job is None or job.kind != IMPORT:
            raise Rejected("not_found", {"id": str(request.id)})
        standing = self.files.standing(job)
        return views.StatementImport(
            id=job.id,
            state=job.state,
            source=job.input["request"]["source"],
            dry_run=job.input["request"]["dry_run"],
            mode=job.input["request"]["mode"],
            rows=standing.rows,
            processed=standing.processed,
            matched=standing.recorded.get("matched", 0),
            queued=standing.recorded.get("queued", 0),
            unchanged=standing.recorded.get("unchanged", 0),
            rejected=standing.rejected,
            errors=standing.errors,
            failure=standing.failure,
        )


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    kasa: Kasa
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportStatement.model_validate(job.input["request"])
        course = Course(job, progress)
        with closing(self.files.fetched(request.file_id)) as content:
            work = StatementImport(
                self.kasa,
                act_of(job),
                job.id,
                request.source,
                content,
                request.filename,
                course.advance,
            )
            try:
                return self.files.result(course.run(work, request))
            except ImportRefused as refused:
                return self.files.refusal(refused)
