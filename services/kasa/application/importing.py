"""Imports of statements as jobs: started by a call, done by the follower, asked about until done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from services.kasa.application import Kasa
from services.kasa.application.books import require_source
from services.kasa.application.statements import StatementImport
from shared.contracts.jobs import JobStarted
from shared.contracts.kasa import views as kasa_views
from shared.contracts.kasa.commands import bank as commands
from shared.contracts.kasa.views import bank as views
from shared.eventstore.acts import Act
from shared.runtime.imports import Advance, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of

IMPORT: Final = "statement_import"


@dataclass(frozen=True)
class StatementImports:
    """The import jobs of kasa, for those who start them and ask about them."""

    kasa: Kasa
    jobs: Jobs
    files: ImportFiles

    def import_statement(self, request: commands.ImportStatement, act: Act) -> JobStarted:
        """Raises `kasa.source_unknown`."""
        require_source(self.kasa, request.source)
        return self.jobs.order(IMPORT, request, act)

    def get_statement_import(self, request: kasa_views.ById, _act: Act) -> views.StatementImport:
        job = self.jobs.existing(request.id, IMPORT)
        return self.files.told(job, views.StatementImport, "matched", "queued", "unchanged")


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    kasa: Kasa
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportStatement.model_validate(job.input["request"])
        act = act_of(job)

        def work(content: BinaryIO, advance: Advance) -> StatementImport:
            return StatementImport(
                self.kasa, act, job.id, request.source, content, request.filename, advance
            )

        return self.files.imported(job, progress, request, work)
