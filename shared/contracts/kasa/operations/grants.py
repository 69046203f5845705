"""Calls on grants."""

from shared.contracts.kasa.commands import grants as commands
from shared.contracts.kasa.operations.making import ADVISING, JUDGES, LENDING, command, query
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import grants as views

SIGN_GRANT = command("sign_grant", commands.SignGrant, LENDING)
MEET_GRANT_CONDITION = command("meet_grant_condition", commands.MeetGrantCondition, LENDING)
SUBMIT_GRANT_REPORT = command("submit_grant_report", commands.SubmitGrantReport, ADVISING)
ACCEPT_GRANT_REPORT = command("accept_grant_report", commands.AcceptGrantReport, LENDING)
REJECT_GRANT_REPORT = command("reject_grant_report", commands.RejectGrantReport, LENDING)
RELEASE_TRANCHE = command("release_tranche", commands.ReleaseTranche, LENDING)
PAY_TRANCHE = command("pay_tranche", commands.PayTranche, LENDING)
RECORD_JOB_PLACE = command("record_job_place", commands.RecordJobPlace, LENDING)
CHECK_DURABILITY = command("check_durability", commands.CheckDurability, LENDING)
COMPUTE_CLAWBACK = command("compute_clawback", commands.ComputeClawback, LENDING)
RECORD_GRANT_REPAYMENT = command("record_grant_repayment", commands.RecordGrantRepayment, LENDING)
REVERSE_GRANT_REPAYMENT = command(
    "reverse_grant_repayment", commands.ReverseGrantRepayment, LENDING
)
CLOSE_GRANT = command("close_grant", commands.CloseGrant, LENDING)

LIST_GRANTS = query("list_grants", views.ListGrants, views.GrantPage, JUDGES)
GET_GRANT = query("get_grant", ById, views.Grant, JUDGES)
