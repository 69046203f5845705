"""Datasets and releases: what computes is started here, and done by jobs (`releasing`)."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from services.research.application import Research
from services.research.application.studies import study_within
from services.research.domain.ids import id_of
from services.research.domain.reach import reaches, reads_release
from services.research.domain.release import Dataset
from services.research.formats.table_csv import table_csv
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views
from shared.contracts.research.vocabulary.releases import AnalysisKind
from shared.contracts.research.vocabulary.studies import WaveState
from shared.eventstore.acts import Act
from shared.eventstore.reads import RecordRead
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass
from shared.runtime.imports import KEPT
from shared.runtime.jobs import Job, Jobs

KINDS: Final = frozenset(each.value for each in AnalysisKind)
LIMIT: Final = 64 << 20


@dataclass(frozen=True)
class Releases:
    """The jobs of analysis, for those who start them and fetch what they made."""

    research: Research
    jobs: Jobs
    record_read: RecordRead

    def pin_dataset(self, request: commands.PinDataset, act: Act) -> JobStarted:
        study = study_within(self.research, request.study_id, act)
        study.wave(request.wave_id, WaveState.OPEN, WaveState.CLOSED)
        return self._started(AnalysisKind.PINNING, request, act, id_of("dataset", request.wave_id))

    def request_release(self, request: commands.RequestRelease, act: Act) -> JobStarted:
        dataset_within(self.research, request.dataset_id, act)
        return self._started(AnalysisKind.RELEASE, request, act, request.dataset_id)

    def draw_release(self, request: commands.DrawRelease, act: Act) -> JobStarted:
        dataset = dataset_within(self.research, request.dataset_id, act)
        _release(dataset, request.release_id)
        return self._started(AnalysisKind.DRAWING, request, act, request.dataset_id)

    def export_responses(self, request: commands.ExportResponses, act: Act) -> JobStarted:
        """What can be refused at once is."""
        if dataset_within(self.research, request.dataset_id, act).position is None:
            raise Rejected("research.dataset_not_pinned")
        return self._started(AnalysisKind.EXPORT, request, act, request.dataset_id)

    def get_analysis_job(self, request: ById, act: Act) -> views.AnalysisJob:
        job = self._job(request.id, act)
        result = job.result or {}
        return views.AnalysisJob(
            id=job.id,
            kind=AnalysisKind(job.kind),
            state=job.state,
            dataset_id=UUID(job.input["dataset_id"]),
            release_id=result.get("release_id"),
            files=tuple(result.get("files", ())),
            failure=job.failure["code"] if job.failure else None,
        )

    def get_requested_release(self, request: ById, act: Act) -> views.RequestedRelease:
        """What came of a request: the release, also one made before that answers it; or the refusal of
        disclosure control, which names the releases that it follows from.
        """
        job = self._job(request.id, act)
        if failure := job.failure:
            code, details = failure["code"], failure["details"]
            raise Rejected(code, details)
        if job.kind != AnalysisKind.RELEASE:
            raise Rejected("not_found", {"id": str(request.id)})
        if job.result is None:
            raise Rejected("research.release_pending", {"state": job.state})
        return views.RequestedRelease(
            dataset_id=job.input["dataset_id"], release_id=job.result["release_id"]
        )

    def fetch_analysis_file(self, request: views.FetchAnalysisFile, act: Act) -> views.AnalysisFile:
        """That answers were fetched is recorded, with the purpose that was stated."""
        job = self._job(request.job_id, act)
        file: dict[str, str] | None = (job.result or {}).get("files", {}).get(request.name)
        if file is None:
            raise Rejected("not_found", {"name": request.name})
        if job.kind == AnalysisKind.EXPORT:
            purpose = job.input["request"]["purpose"]
            reason = act.provenance.model_copy(update={"reason": purpose})
            dataset_id = UUID(job.input["dataset_id"])
            self.record_read(
                replace(act, provenance=reason), (dataset_id,), frozenset({DataClass.SPECIAL})
            )
        return views.AnalysisFile(filename=request.name, **file)

    def _started(
        self, kind: AnalysisKind, request: Published, act: Act, dataset_id: UUID
    ) -> JobStarted:
        return self.jobs.order(kind, request, act, dataset_id=str(dataset_id))

    def _job(self, job_id: UUID, act: Act) -> Job:
        """An export is for who asked for it, and for nobody else."""
        job = self.jobs.existing(job_id, *KINDS)
        if job.kind == AnalysisKind.EXPORT and job.input["caller"]["subject"] != act.caller.subject:
            raise Rejected("not_found", {"id": str(job_id)})
        if job.kind == AnalysisKind.PINNING:
            study_within(self.research, UUID(job.input["request"]["study_id"]), act)
        else:
            dataset_within(self.research, UUID(job.input["dataset_id"]), act)
        return job


def dataset_within(research: Research, dataset_id: UUID, act: Act) -> Dataset:
    """Refused as `not_found` when it is out of the caller's reach."""
    dataset = research.load(Dataset, dataset_id)
    if not reaches(act.caller, dataset.asked.partner):
        raise Rejected("not_found", {"id": str(dataset_id)})
    return dataset


def fetch_release_table(
    research: Research, request: views.FetchReleaseTable, act: Act
) -> views.AnalysisFile:
    """One table as CSV, suppressed cells marked; the same bytes whenever it is fetched."""
    dataset = research.load(Dataset, request.dataset_id)
    release = _release(dataset, request.release_id)
    if not reads_release(act.caller, release.query.audience, dataset.asked.partner):
        raise Rejected("not_found", {"id": str(request.release_id)})
    table = next((each for each in release.tables if each.number == request.number), None)
    if table is None:
        raise Rejected("not_found", {"number": request.number})
    filename = f"table-{table.number:02}.csv"
    return views.AnalysisFile(
        file_id=kept(research, filename, "text/csv", table_csv(table)),
        filename=filename,
        media_type="text/csv",
    )


def kept(research: Research, name: str, media_type: str, content: bytes) -> str:
    """The claim check; the file can be made again."""
    with research.files.create(
        name=name, content_type=media_type, limit=LIMIT, lifetime=KEPT
    ) as writer:
        writer.write(content)
        return writer.finish()


def _release(dataset: Dataset, release_id: UUID) -> Dataset.ReleaseMade:
    found = dataset.releases.get(release_id)
    if found is None:
        raise Rejected("not_found", {"id": str(release_id)})
    return found
