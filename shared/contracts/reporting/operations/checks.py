"""Calls on the quality of data and on risks."""

from shared.contracts.access import Role
from shared.contracts.reporting.operations.making import EXAMINING, query
from shared.contracts.reporting.views import checks as views

CHECK_DATA = query("check_data", views.CheckData, views.DataFindings, EXAMINING | {Role.CASEWORKER})
"""A case worker is told of the participants of the own partner."""
CHECK_RISKS = query("check_risks", views.CheckRisks, views.RiskAlerts, EXAMINING)
