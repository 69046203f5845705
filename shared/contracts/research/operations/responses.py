"""Calls on responses that were given."""

from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import responses as commands
from shared.contracts.research.operations.making import READERS, RESEARCHING, command, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views

EDIT_RESPONSE = command("edit_response", commands.EditResponse, RESEARCHING)
REVIEW_RESPONSES = command("review_responses", commands.ReviewResponses, RESEARCHING)
IMPORT_RESPONSES = query("import_responses", commands.ImportResponses, JobStarted, RESEARCHING)
"""Starts a job; what it records are the commands."""
GET_RESPONSE_IMPORT = query("get_response_import", ById, views.ResponseImport, RESEARCHING)
LIST_RESPONSES = query("list_responses", views.ListResponses, views.ResponsePage, READERS)
GET_RESPONSE = query("get_response", ById, views.Response, RESEARCHING)
