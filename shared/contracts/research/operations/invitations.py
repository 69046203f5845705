"""Calls on invitations. Their documents say who is invited under which token: to coordinators only."""

from shared.contracts.jobs import JobStarted
from shared.contracts.research.commands import invitations as commands
from shared.contracts.research.operations.making import (
    READERS,
    RESEARCHING,
    STEERING,
    command,
    query,
)
from shared.contracts.research.views import ById
from shared.contracts.research.views import invitations as views

ISSUE_INVITATIONS = query("issue_invitations", commands.IssueInvitations, JobStarted, STEERING)
"""Starts a job; the issue it makes is the command."""
GET_INVITATION_ISSUE = query("get_invitation_issue", ById, views.InvitationIssue, STEERING)
GET_INVITATION_DOCUMENT = query(
    "get_invitation_document", views.GetInvitationDocument, views.InvitationDocument, STEERING
)
RECORD_REMINDER = command("record_reminder", commands.RecordReminder, RESEARCHING)
DECLINE_INVITATION = command("decline_invitation", commands.DeclineInvitation, RESEARCHING)
GET_RESPONSE_RATES = query("get_response_rates", ById, views.ResponseRates, READERS)
