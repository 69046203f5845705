"""Calls on calls for applications, the applications, and the committee that decides on them."""

from shared.contracts.kasa.commands import calls as commands
from shared.contracts.kasa.operations.making import (
    ADVISING,
    COMMITTEE,
    DECIDERS,
    JUDGES,
    LENDING,
    REVIEWING,
    STEERING,
    command,
    query,
)
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import calls as views

OPEN_CALL = command("open_call", commands.OpenCall, STEERING)
CLOSE_CALL = command("close_call", commands.CloseCall, STEERING)

DRAFT_APPLICATION = command("draft_application", commands.DraftApplication, ADVISING)
REVISE_APPLICATION = command("revise_application", commands.ReviseApplication, ADVISING)
SUBMIT_APPLICATION = command("submit_application", commands.SubmitApplication, ADVISING)
WITHDRAW_APPLICATION = command("withdraw_application", commands.WithdrawApplication, ADVISING)
CHECK_APPLICATION = command("check_application", commands.CheckApplication, LENDING)
COUNT_CERTIFICATE = command("count_certificate", commands.CountCertificate, LENDING)
ASSIGN_REVIEWER = command("assign_reviewer", commands.AssignReviewer, LENDING)
DECLARE_INTEREST = command("declare_interest", commands.DeclareInterest, REVIEWING)
REVIEW_APPLICATION = command("review_application", commands.ReviewApplication, REVIEWING)

CONVENE_MEETING = command("convene_meeting", commands.ConveneMeeting, STEERING)
PROPOSE_OUTCOME = command("propose_outcome", commands.ProposeOutcome, REVIEWING)
RECUSE = command("recuse", commands.Recuse, COMMITTEE)
CAST_VOTE = command("cast_vote", commands.CastVote, COMMITTEE)
RESOLVE_CASE = command("resolve_case", commands.ResolveCase, COMMITTEE)

LIST_CALLS = query("list_calls", views.ListCalls, views.CallPage, JUDGES)
GET_CALL = query("get_call", ById, views.CallCard, JUDGES)
LIST_APPLICATIONS = query(
    "list_applications", views.ListApplications, views.ApplicationPage, JUDGES
)
GET_APPLICATION = query("get_application", ById, views.Application, JUDGES)
GET_APPLICATION_VERSION = query(
    "get_application_version", views.GetApplicationVersion, views.ApplicationVersion, JUDGES
)
LIST_MEETINGS = query("list_meetings", views.ListMeetings, views.MeetingPage, DECIDERS)
GET_MEETING = query("get_meeting", ById, views.Meeting, DECIDERS)
