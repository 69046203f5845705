"""Calls on plans, and on numbers against them and over time."""

from shared.contracts.operations import NoRequest
from shared.contracts.reporting.commands import plans as commands
from shared.contracts.reporting.operations.making import READERS, STEERING, command, query
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import plans as views

AGREE_PLAN = command("agree_plan", commands.AgreePlan, STEERING)
REVISE_PLAN = command("revise_plan", commands.RevisePlan, STEERING)
LIST_PLANS = query("list_plans", NoRequest, views.PlanList, READERS)
GET_PLAN = query("get_plan", ById, views.Plan, READERS)
GET_PLAN_PROGRESS = query("get_plan_progress", views.GetPlanProgress, views.PlanProgress, READERS)
GET_TREND = query("get_trend", views.GetTrend, views.Trend, READERS)
