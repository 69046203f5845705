"""Imports of marks as jobs: started by a call, done by the follower, asked about until done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from services.training.application import Training
from services.training.application.marking import AttendanceImport
from shared.contracts.jobs import JobStarted
from shared.contracts.training import commands, views
from shared.eventstore.acts import Act
from shared.runtime.imports import Advance, ImportFiles
from shared.runtime.jobs import Job, Jobs, Progress, act_of

IMPORT: Final = "attendance_import"


@dataclass(frozen=True)
class AttendanceImports:
    """The import jobs of training, for those who start them and ask about them."""

    jobs: Jobs
    files: ImportFiles

    def import_attendance(self, request: commands.ImportAttendance, act: Act) -> JobStarted:
        return self.jobs.order(IMPORT, request, act)

    def get_attendance_import(self, request: views.ById, act: Act) -> views.AttendanceImportJob:
        """Who started it may ask, and the coordinator."""
        job = self.jobs.existing_for(act, request.id, IMPORT)
        return self.files.told(job, views.AttendanceImportJob, "recorded", "unchanged")


@dataclass(frozen=True)
class ImportHandler:
    """Does an import job; run again after a crash, it records nothing twice."""

    training: Training
    files: ImportFiles

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        request = commands.ImportAttendance.model_validate(job.input["request"])
        act = act_of(job)

        def work(source: BinaryIO, advance: Advance) -> AttendanceImport:
            return AttendanceImport(self.training, act, source, request.filename, advance)

        return self.files.imported(job, progress, request, work)
