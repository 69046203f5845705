"""Calls on the fund's books."""

from shared.contracts.access import Role
from shared.contracts.kasa.commands import fund as commands
from shared.contracts.kasa.operations.making import LENDING, STEERING, command, query
from shared.contracts.kasa.views import ById
from shared.contracts.kasa.views import fund as views
from shared.contracts.operations import NoRequest

ACCOUNTS = LENDING | {Role.AUDITOR}

OPEN_SOURCE = command("open_source", commands.OpenSource, STEERING)
CONTRIBUTE = command("contribute", commands.Contribute, LENDING)
REQUEST_WITHDRAWAL = command("request_withdrawal", commands.RequestWithdrawal, LENDING)
APPROVE_WITHDRAWAL = command("approve_withdrawal", commands.ApproveWithdrawal, STEERING)
REFUSE_WITHDRAWAL = command("refuse_withdrawal", commands.RefuseWithdrawal, STEERING)
REVERSE_ENTRY = command("reverse_entry", commands.ReverseEntry, STEERING)

GET_FUND = query("get_fund", NoRequest, views.FundBalances, ACCOUNTS)
GET_SOURCE = query("get_source", ById, views.Source, ACCOUNTS)
GET_BALANCES = query("get_balances", views.GetBalances, views.BalancesAsOf, ACCOUNTS)
LIST_ENTRIES = query("list_entries", views.ListEntries, views.EntryPage, ACCOUNTS)
RECONCILE_FUND = query("reconcile_fund", NoRequest, views.Reconciliation, ACCOUNTS)
