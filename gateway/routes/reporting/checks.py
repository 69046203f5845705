"""What is wrong with the data behind the numbers, and what is to be looked at."""

from gateway.endpoints import Endpoint, query
from shared.contracts.reporting.operations import checks as reporting

ENDPOINTS: tuple[Endpoint, ...] = (
    query(
        reporting.CHECK_DATA,
        "/reports/data-quality",
        "List what is missing, contradictory or overdue",
        names=True,
    ),
    query(reporting.CHECK_RISKS, "/reports/risks", "List what is to be looked at"),
)
