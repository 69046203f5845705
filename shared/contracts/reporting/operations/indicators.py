"""Calls on numbers, and on who and what stands behind them."""

from shared.contracts.operations import NoRequest
from shared.contracts.reporting.operations.making import EXAMINING, READERS, query
from shared.contracts.reporting.views import indicators as views
from shared.contracts.reporting.vocabulary.indicators import CountOf

LIST_INDICATOR_SETS = query("list_indicator_sets", NoRequest, views.SetList, READERS)
COUNT_INDICATORS = query("count_indicators", views.CountIndicators, views.Indicators, READERS)
LIST_INDICATOR_UNITS = query(
    "list_indicator_units", views.GetUnits, views.IndicatorUnits, EXAMINING
)
GET_INDICATOR_EVIDENCE = query(
    "get_indicator_evidence", views.GetUnitEvidence, views.UnitEvidence, EXAMINING
)
ORDER_COUNT = query("order_count", CountOf, views.CountStarted, READERS)
"""Starts a job, for as many facts as there are; nothing is recorded."""
GET_COUNT = query("get_count", views.GetCount, views.CountProgress, READERS)
