"""Numbers, as of two days; from a number to its people, from them to their events."""

from gateway.endpoints import Endpoint, query
from shared.contracts.reporting.operations import indicators as reporting

INDICATORS = "/reports/indicators"

ENDPOINTS: tuple[Endpoint, ...] = (
    query(reporting.LIST_INDICATOR_SETS, f"{INDICATORS}/sets", "List the sets of indicators"),
    query(reporting.COUNT_INDICATORS, INDICATORS, "Count the indicators of a set"),
    query(
        reporting.LIST_INDICATOR_UNITS,
        f"{INDICATORS}/units",
        "List who stands behind a number",
        names=True,
    ),
    query(
        reporting.GET_INDICATOR_EVIDENCE,
        f"{INDICATORS}/evidence",
        "List the events behind one of them",
    ),
    Endpoint(
        operation=reporting.ORDER_COUNT,
        method="POST",
        path="/reports/counts",
        summary="Have a set counted over many facts",
        status=202,
        keyed=True,
        location="/reports/counts/{id}",
    ),
    query(reporting.GET_COUNT, "/reports/counts/{count_id}", "Follow a count to its numbers"),
)
