"""The calls on datasets and releases."""

from functools import partial

from services.research.application import releases
from services.research.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.operations import releases as ops
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Releases:
    research: Composition

    @operation(ops.PIN_DATASET)
    def pin_dataset(self, request: commands.PinDataset, context: CallContext) -> JobStarted:
        return self.research.query(self.research.releases.pin_dataset, request, context)

    @operation(ops.REQUEST_RELEASE)
    def request_release(self, request: commands.RequestRelease, context: CallContext) -> JobStarted:
        return self.research.query(self.research.releases.request_release, request, context)

    @operation(ops.DRAW_RELEASE)
    def draw_release(self, request: commands.DrawRelease, context: CallContext) -> JobStarted:
        return self.research.query(self.research.releases.draw_release, request, context)

    @operation(ops.EXPORT_RESPONSES)
    def export_responses(
        self, request: commands.ExportResponses, context: CallContext
    ) -> JobStarted:
        return self.research.query(self.research.releases.export_responses, request, context)

    @operation(ops.GET_ANALYSIS_JOB)
    def get_analysis_job(self, request: ById, context: CallContext) -> views.AnalysisJob:
        return self.research.query(self.research.releases.get_analysis_job, request, context)

    @operation(ops.GET_REQUESTED_RELEASE)
    def get_requested_release(self, request: ById, context: CallContext) -> views.RequestedRelease:
        return self.research.query(self.research.releases.get_requested_release, request, context)

    @operation(ops.FETCH_ANALYSIS_FILE)
    def fetch_analysis_file(
        self, request: views.FetchAnalysisFile, context: CallContext
    ) -> views.AnalysisFile:
        return self.research.query(self.research.releases.fetch_analysis_file, request, context)

    @operation(ops.LIST_DATASETS)
    def list_datasets(self, request: views.ListDatasets, context: CallContext) -> views.DatasetPage:
        return self.research.query(self.research.queries.releases.list_datasets, request, context)

    @operation(ops.GET_DATASET)
    def get_dataset(self, request: ById, context: CallContext) -> views.Dataset:
        return self.research.query(self.research.queries.releases.get_dataset, request, context)

    @operation(ops.LIST_RELEASES)
    def list_releases(self, request: views.ListReleases, context: CallContext) -> views.ReleasePage:
        return self.research.query(self.research.queries.releases.list_releases, request, context)

    @operation(ops.GET_RELEASE)
    def get_release(self, request: views.GetRelease, context: CallContext) -> views.Release:
        return self.research.query(self.research.queries.releases.get_release, request, context)

    @operation(ops.GET_RELEASE_TABLE)
    def get_release_table(
        self, request: views.GetReleaseTable, context: CallContext
    ) -> views.ReleaseTable:
        return self.research.query(
            self.research.queries.releases.get_release_table, request, context
        )

    @operation(ops.FETCH_RELEASE_TABLE)
    def fetch_release_table(
        self, request: views.FetchReleaseTable, context: CallContext
    ) -> views.AnalysisFile:
        fetch = partial(releases.fetch_release_table, self.research.application)
        return self.research.query(fetch, request, context)
