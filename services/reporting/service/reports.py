"""The calls on reports, on the difference between two, and on what would be."""

from services.reporting.application import reports
from services.reporting.bootstrap import Composition
from shared.contracts.operations import NoRequest, Receipt
from shared.contracts.reporting.commands import reports as commands
from shared.contracts.reporting.operations import reports as ops
from shared.contracts.reporting.views import ById
from shared.contracts.reporting.views import indicators as numbers
from shared.contracts.reporting.views import reports as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Reports:
    reporting: Composition

    @operation(ops.DRAFT_REPORT)
    def draft_report(self, request: commands.DraftReport, context: CallContext) -> Receipt:
        return self.reporting.command(reports.draft_report, request, context)

    @operation(ops.COMPUTE_REPORT)
    def compute_report(
        self, request: commands.ComputeReport, context: CallContext
    ) -> numbers.CountStarted:
        return self.reporting.query(self.reporting.computing.compute_report, request, context)

    @operation(ops.GET_REPORT_COMPUTATION)
    def get_report_computation(
        self, request: ById, context: CallContext
    ) -> views.ReportComputation:
        return self.reporting.query(
            self.reporting.computing.get_report_computation, request, context
        )

    @operation(ops.SUBMIT_REPORT)
    def submit_report(self, request: commands.SubmitReport, context: CallContext) -> Receipt:
        return self.reporting.command(reports.submit_report, request, context)

    @operation(ops.ACCEPT_REPORT)
    def accept_report(self, request: commands.AcceptReport, context: CallContext) -> Receipt:
        return self.reporting.command(reports.accept_report, request, context)

    @operation(ops.RETURN_REPORT)
    def return_report(self, request: commands.ReturnReport, context: CallContext) -> Receipt:
        return self.reporting.command(reports.return_report, request, context)

    @operation(ops.LIST_REPORTS)
    def list_reports(self, request: NoRequest, context: CallContext) -> views.ReportList:
        return self.reporting.query(self.reporting.queries.reports.list_reports, request, context)

    @operation(ops.GET_REPORT)
    def get_report(self, request: ById, context: CallContext) -> views.Report:
        return self.reporting.query(self.reporting.queries.reports.get_report, request, context)

    @operation(ops.GET_REPORT_INDICATORS)
    def get_report_indicators(
        self, request: views.GetReportIndicators, context: CallContext
    ) -> numbers.Indicators:
        return self.reporting.query(
            self.reporting.examining.get_report_indicators, request, context
        )

    @operation(ops.FETCH_REPORT_DATASET)
    def fetch_report_dataset(
        self, request: views.OfReport, context: CallContext
    ) -> views.ReportFile:
        return self.reporting.query(self.reporting.examining.fetch_report_dataset, request, context)

    @operation(ops.RECOUNT_REPORT)
    def recount_report(self, request: views.OfReport, context: CallContext) -> views.Recount:
        return self.reporting.query(self.reporting.examining.recount_report, request, context)

    @operation(ops.EXPLAIN_DIFFERENCE)
    def explain_difference(
        self, request: views.GetDifference, context: CallContext
    ) -> views.ReportDifference:
        return self.reporting.query(self.reporting.examining.explain_difference, request, context)

    @operation(ops.ASK_WHAT_IF)
    def ask_what_if(self, request: views.AskWhatIf, context: CallContext) -> views.WhatIf:
        return self.reporting.query(self.reporting.examining.ask_what_if, request, context)
