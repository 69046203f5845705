"""The calls on tables and charts as files."""

from services.reporting.bootstrap import Composition
from shared.contracts.jobs import JobStarted
from shared.contracts.reporting.operations import documents as ops
from shared.contracts.reporting.views import documents as views
from shared.messaging.calls import CallContext
from shared.messaging.rpc import operation


class Documents:
    reporting: Composition

    @operation(ops.ORDER_INDICATOR_TABLE)
    def order_indicator_table(
        self, request: views.OrderIndicatorTable, context: CallContext
    ) -> JobStarted:
        return self.reporting.query(
            self.reporting.documents.order_indicator_table, request, context
        )

    @operation(ops.ORDER_REPORT_TABLE)
    def order_report_table(
        self, request: views.OrderReportTable, context: CallContext
    ) -> JobStarted:
        return self.reporting.query(self.reporting.documents.order_report_table, request, context)

    @operation(ops.ORDER_DIFFERENCE_TABLE)
    def order_difference_table(
        self, request: views.OrderDifferenceTable, context: CallContext
    ) -> JobStarted:
        return self.reporting.query(
            self.reporting.documents.order_difference_table, request, context
        )

    @operation(ops.ORDER_PLAN_CHART)
    def order_plan_chart(self, request: views.OrderPlanChart, context: CallContext) -> JobStarted:
        return self.reporting.query(self.reporting.documents.order_plan_chart, request, context)

    @operation(ops.ORDER_TREND_CHART)
    def order_trend_chart(self, request: views.OrderTrendChart, context: CallContext) -> JobStarted:
        return self.reporting.query(self.reporting.documents.order_trend_chart, request, context)

    @operation(ops.GET_REPORT_DOCUMENT)
    def get_report_document(
        self, request: views.GetDocument, context: CallContext
    ) -> views.DocumentJob:
        return self.reporting.query(self.reporting.documents.get_report_document, request, context)

    @operation(ops.FETCH_REPORT_DOCUMENT)
    def fetch_report_document(
        self, request: views.GetDocument, context: CallContext
    ) -> views.DocumentFile:
        return self.reporting.query(
            self.reporting.documents.fetch_report_document, request, context
        )
