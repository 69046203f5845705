"""Calls on datasets and releases. What was made for the public may be read by all who work here."""

from shared.contracts.access import Role
from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.operations.making import READERS, RESEARCHING, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views

STAFF = READERS | {Role.CASEWORKER, Role.TRAINER, Role.LOAN_OFFICER, Role.COMMITTEE_MEMBER}
PIN_DATASET = query("pin_dataset", commands.PinDataset, JobStarted, RESEARCHING)
REQUEST_RELEASE = query("request_release", commands.RequestRelease, JobStarted, RESEARCHING)
EXPORT_RESPONSES = query(
    "export_responses", commands.ExportResponses, JobStarted, frozenset({Role.RESEARCHER})
)
DRAW_RELEASE = query("draw_release", commands.DrawRelease, JobStarted, RESEARCHING)
"""These start jobs; what the jobs record are the commands."""
GET_ANALYSIS_JOB = query("get_analysis_job", ById, views.AnalysisJob, RESEARCHING)
GET_REQUESTED_RELEASE = query("get_requested_release", ById, views.RequestedRelease, RESEARCHING)
FETCH_ANALYSIS_FILE = query(
    "fetch_analysis_file", views.FetchAnalysisFile, views.AnalysisFile, RESEARCHING
)
LIST_DATASETS = query("list_datasets", views.ListDatasets, views.DatasetPage, READERS)
GET_DATASET = query("get_dataset", ById, views.Dataset, READERS)
LIST_RELEASES = query("list_releases", views.ListReleases, views.ReleasePage, STAFF)
GET_RELEASE = query("get_release", views.GetRelease, views.Release, STAFF)
GET_RELEASE_TABLE = query("get_release_table", views.GetReleaseTable, views.ReleaseTable, STAFF)
FETCH_RELEASE_TABLE = query(
    "fetch_release_table", views.FetchReleaseTable, views.AnalysisFile, STAFF
)
