"""Calls on reports, on the difference between two, and on what would be."""

from shared.contracts.operations import NoRequest
from shared.contracts.reporting.commands import reports as commands
from shared.contracts.reporting.operations.making import (
    EXAMINING,
    READERS,
    STEERING,
    command,
    query,
)
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import indicators as numbers
from shared.contracts.reporting.views import reports as views

DRAFT_REPORT = command("draft_report", commands.DraftReport, STEERING)
COMPUTE_REPORT = query("compute_report", commands.ComputeReport, numbers.CountStarted, STEERING)
"""Starts a job; what it freezes is the command."""
GET_REPORT_COMPUTATION = query("get_report_computation", ById, views.ReportComputation, STEERING)
SUBMIT_REPORT = command("submit_report", commands.SubmitReport, STEERING)
ACCEPT_REPORT = command("accept_report", commands.AcceptReport, STEERING)
RETURN_REPORT = command("return_report", commands.ReturnReport, STEERING)
LIST_REPORTS = query("list_reports", NoRequest, views.ReportList, READERS)
GET_REPORT = query("get_report", ById, views.Report, READERS)
GET_REPORT_INDICATORS = query(
    "get_report_indicators", views.GetReportIndicators, numbers.Indicators, READERS
)
FETCH_REPORT_DATASET = query("fetch_report_dataset", views.OfReport, views.ReportFile, EXAMINING)
RECOUNT_REPORT = query("recount_report", views.OfReport, views.Recount, EXAMINING)
EXPLAIN_DIFFERENCE = query(
    "explain_difference", views.GetDifference, views.ReportDifference, EXAMINING
)
ASK_WHAT_IF = query("ask_what_if", views.AskWhatIf, views.WhatIf, READERS)
