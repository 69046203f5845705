"""Imports as jobs: started by a call, done by the follower, asked about until they are done."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from services.registry.application import Registry
from services.registry.application.importing import ParticipantImport
from services.registry.domain.rules import RegistryRules
from services.registry.formats.template import template_xlsx
from services.registry.formats.validation import Terms
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import NoRequest
from shared.contracts.registry import commands, views
from shared.contracts.scope import Scope
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import MEMORY, REJECTED, Course, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of
from shared.runtime.tables.errors import ImportRefused

IMPORT: Final = "import"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    files: ImportFiles

    def start_import(self, request: commands.StartImport, act: Act) -> JobStarted:
        if not Scope.of(act.caller).includes(request.partner):
            raise Rejected("partner_out_of_scope", pointer="/partner")
        return self.jobs.order(IMPORT, request, act)

    def get_import(self, request: views.ById, act: Act) -> views.ImportJob:
        job = self.jobs.existing(request.id, IMPORT)
        if not Scope.of(act.caller).includes(job.input["request"]["partner"]):
            raise Rejected("not_found", {"id": str(request.id)})
        annotated = (job.result or {}).get("annotated_file")
        fates = ("created", "updated", "unchanged")
        return self.files.told(job, views.ImportJob, *fates, annotated_file_id=annotated)

    def get_import_template(self, _request: NoRequest, _act: Act) -> views.ImportTemplate:
        return views.ImportTemplate(content=_template())


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    registry: Registry
    files: ImportFiles
    rules: RegistryRules
    today: Callable[[], date]

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.StartImport.model_validate(job.input["request"])
        course = Course(job, progress)
        with closing(self.files.fetched(request.file_id)) as source:
            work = ParticipantImport(
                self.registry,
                act_of(job),
                source,
                request.filename,
                Terms(request.partner, job.created_at.date(), self.rules),
                course.advance,
            )
            try:
                ended = course.run(work, request)
            except ImportRefused as refused:
                return self.files.refusal(refused)
            result = self.files.result(ended)
            if ended.tally.fates[REJECTED]:
                result["annotated_file"] = self._annotated(work)
            return result

    def _annotated(self, work: ParticipantImport) -> str:
        with cast("BinaryIO", SpooledTemporaryFile(MEMORY)) as target:
            work.annotate(target)
            return self.files.keep(target, "annotated.xlsx", XLSX)
