"""Calls on measurements after the exit."""

from shared.contracts.access import Role
from shared.contracts.research.commands import followups as commands
from shared.contracts.research.operations.making import MEASURING, command, query
from shared.contracts.research.views import ById
from shared.contracts.research.views import followups as views

ANSWER_FOLLOW_UP = command("answer_follow_up", commands.AnswerFollowUp, MEASURING)

LIST_FOLLOW_UPS = query(
    "list_follow_ups", views.ListFollowUps, views.FollowUpPage, MEASURING | {Role.AUDITOR}
)
GET_FOLLOW_UP = query("get_follow_up", ById, views.FollowUp, MEASURING | {Role.AUDITOR})
