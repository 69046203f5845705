"""Calls that have tables and charts written as files; each starts a job, and nothing is recorded."""

from shared.contracts.jobs import JobStarted
from shared.contracts.reporting.operations.making import EXAMINING, query
from shared.contracts.reporting.views import documents as views

ORDER_INDICATOR_TABLE = query(
    "order_indicator_table", views.OrderIndicatorTable, JobStarted, EXAMINING
)
ORDER_REPORT_TABLE = query("order_report_table", views.OrderReportTable, JobStarted, EXAMINING)
ORDER_DIFFERENCE_TABLE = query(
    "order_difference_table", views.OrderDifferenceTable, JobStarted, EXAMINING
)
ORDER_PLAN_CHART = query("order_plan_chart", views.OrderPlanChart, JobStarted, EXAMINING)
ORDER_TREND_CHART = query("order_trend_chart", views.OrderTrendChart, JobStarted, EXAMINING)
GET_REPORT_DOCUMENT = query("get_report_document", views.GetDocument, views.DocumentJob, EXAMINING)
FETCH_REPORT_DOCUMENT = query(
    "fetch_report_document", views.GetDocument, views.DocumentFile, EXAMINING
)
