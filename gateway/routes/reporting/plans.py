"""Plans, and numbers against them and over time."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.reporting.operations import plans as reporting

PLAN = "/reports/plans/{plan_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(reporting.AGREE_PLAN, "/reports/plans", "/reports/plans/{id}", "Agree a plan"),
    query(reporting.LIST_PLANS, "/reports/plans", "List plans"),
    query(reporting.GET_PLAN, PLAN, "Read a plan with its versions"),
    command(reporting.REVISE_PLAN, f"{PLAN}/targets", "Revise the targets", "PUT"),
    query(reporting.GET_PLAN_PROGRESS, f"{PLAN}/progress", "Read actual numbers against a plan"),
    query(reporting.GET_TREND, "/reports/trends", "Read a number over time, and its forecast"),
)
