"""Calls on enterprises."""

from shared.contracts.kasa.commands import enterprises as commands
from shared.contracts.kasa.operations.making import ADVISING, LENDING, READERS, command, query
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import enterprises as views

REGISTER_ENTERPRISE = command("register_enterprise", commands.RegisterEnterprise, ADVISING)
SET_IDENTIFIERS = command("set_identifiers", commands.SetIdentifiers, ADVISING)
ADD_FOUNDER = command("add_founder", commands.AddFounder, ADVISING)
REMOVE_FOUNDER = command("remove_founder", commands.RemoveFounder, ADVISING)
FOUND_ENTERPRISE = command("found_enterprise", commands.FoundEnterprise, LENDING)
ADMIT_MEMBER = command("admit_member", commands.AdmitMember, ADVISING)
RECORD_MEMBER_LEFT = command("record_member_left", commands.RecordMemberLeft, ADVISING)
CREATE_JOB_PLACE = command("create_job_place", commands.CreateJobPlace, LENDING)
LOSE_JOB_PLACE = command("lose_job_place", commands.LoseJobPlace, LENDING)
GRANT_STATUS = command("grant_status", commands.GrantStatus, LENDING)
WITHDRAW_STATUS = command("withdraw_status", commands.WithdrawStatus, LENDING)
CLOSE_ENTERPRISE = command("close_enterprise", commands.CloseEnterprise, LENDING)

LIST_ENTERPRISES = query("list_enterprises", views.ListEnterprises, views.EnterprisePage, READERS)
GET_ENTERPRISE = query("get_enterprise", ById, views.Enterprise, READERS)
CHECK_FOUNDING = query("check_founding", views.CheckFounding, views.Founding, READERS)
LIST_DUTIES = query("list_duties", views.ListDuties, views.DutyList, READERS)
