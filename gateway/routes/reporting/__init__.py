"""Reporting: what is known, and the numbers counted from it; a module per subject."""

from gateway.endpoints import Endpoint
from gateway.routes.reporting import checks, documents, facts, indicators, plans, reports

ENDPOINTS: tuple[Endpoint, ...] = (
    *facts.ENDPOINTS,
    *indicators.ENDPOINTS,
    *plans.ENDPOINTS,
    *reports.ENDPOINTS,
    *checks.ENDPOINTS,
    *documents.ENDPOINTS,
)
