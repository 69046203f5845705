"""Calls on diagnoses. What is published anybody may read, without a token."""

from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Effect, Operation
from shared.contracts.research.commands import diagnoses as commands
from shared.contracts.research.operations.making import (
    READERS,
    RESEARCHING,
    STEERING,
    command,
    query,
)
from shared.contracts.research.views import ById
from shared.contracts.research.views import diagnoses as views

COMPOSE_DIAGNOSIS = command("compose_diagnosis", commands.ComposeDiagnosis, RESEARCHING)
APPROVE_DIAGNOSIS = command("approve_diagnosis", commands.ApproveDiagnosis, RESEARCHING)
PUBLISH_DIAGNOSIS = query("publish_diagnosis", commands.PublishDiagnosis, JobStarted, STEERING)
"""Starts a job; the publication it makes is the command."""
GET_DIAGNOSIS_PUBLICATION = query(
    "get_diagnosis_publication", ById, views.DiagnosisPublication, RESEARCHING
)
LIST_DIAGNOSES = query("list_diagnoses", views.ListDiagnoses, views.DiagnosisPage, READERS)
GET_DIAGNOSIS = query("get_diagnosis", ById, views.Diagnosis, READERS)
GET_DIAGNOSIS_NEEDS = query("get_diagnosis_needs", views.GetNeeds, views.DiagnosisNeeds, READERS)
LIST_PUBLISHED_DIAGNOSES = Operation(
    "research",
    "list_published_diagnoses",
    Effect.QUERY,
    views.ListPublishedDiagnoses,
    views.DiagnosisPage,
    roles=frozenset(),
    open=True,
)
GET_PUBLISHED_DIAGNOSIS = Operation(
    "research",
    "get_published_diagnosis",
    Effect.QUERY,
    ById,
    views.PublishedDiagnosis,
    roles=frozenset(),
    open=True,
)
GET_PUBLISHED_NEEDS = Operation(
    "research",
    "get_published_needs",
    Effect.QUERY,
    views.GetNeeds,
    views.DiagnosisNeeds,
    roles=frozenset(),
    open=True,
)
FETCH_PUBLISHED_FILE = Operation(
    "research",
    "fetch_published_file",
    Effect.QUERY,
    views.FetchPublishedFile,
    views.DiagnosisFile,
    roles=frozenset(),
    open=True,
)
