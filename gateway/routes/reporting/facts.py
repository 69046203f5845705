"""The facts that numbers are counted from."""

from gateway.endpoints import Endpoint, query
from shared.contracts.reporting.operations import facts as reporting

ENDPOINTS: tuple[Endpoint, ...] = (
    query(reporting.GET_KNOWN_FACTS, "/reports/facts", "Read what is known, from whom, how far"),
    query(reporting.LIST_FACTS, "/reports/facts/{subject_id}", "List the events about one"),
)
