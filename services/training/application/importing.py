"""Imports of marks as jobs: started by a call, done by the follower, asked about until done."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from services.training.application import Training
from services.training.application.marking import AttendanceImport
from shared.contracts.access import WHOLE_PARTNERSHIP
from shared.contracts.training import commands, views
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.imports import Course, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of, ordered
from shared.runtime.tables.errors import ImportRefused

IMPORT: Final = "attendance_import"


@dataclass(frozen=True)
class AttendanceImports:
    """The import jobs of training, for those who start them and ask about them."""

    jobs: Jobs
    files: ImportFiles

    def import_attendance(self, request: commands.ImportAttendance, act: Act) -> views.JobStarted:
        job = self.jobs.start(IMPORT, ordered(request, act), act.id_of(IMPORT))
        return views.JobStarted(id=job.id)

    def get_attendance_import(self, request: views.ById, act: Act) -> views.AttendanceImportJob:
        """Who started it may ask, and the coordinator."""
        job = self.jobs.get(request.id)
        if job is None or job.kind != IMPORT or not _may_ask(act, job):
            raise Rejected("not_found", {"id": str(request.id)})
        standing = self.files.standing(job)
        return views.AttendanceImportJob(
            id=job.id,
            state=job.state,
            dry_run=job.input["request"]["dry_run"],
            mode=job.input["request"]["mode"],
            rows=standing.rows,
            processed=standing.processed,
            recorded=standing.recorded.get("recorded", 0),
            unchanged=standing.recorded.get("unchanged", 0),
            rejected=standing.rejected,
            errors=standing.errors,
            failure=standing.failure,
        )


def _may_ask(act: Act, job: Job) -> bool:
    return bool(act.caller.roles & WHOLE_PARTNERSHIP) or (
        act.caller.subject == job.input["caller"]["subject"]
    )


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    training: Training
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportAttendance.model_validate(job.input["request"])
        course = Course(job, progress)
        with closing(self.files.fetched(request.file_id)) as source:
            work = AttendanceImport(
                self.training, act_of(job), source, request.filename, course.advance
            )
            try:
                return self.files.result(course.run(work, request))
            except ImportRefused as refused:
                return self.files.refusal(refused)
