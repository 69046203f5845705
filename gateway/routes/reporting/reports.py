"""Reports to the authority; the difference between two of them; what would be under other rules."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, command, create, query, search
from gateway.requests import DATASET
from shared.contracts.reporting.operations import reports as reporting

REPORTS = "/reports/submissions"
REPORT = f"{REPORTS}/{{report_id}}"


async def _dataset(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The frozen dataset of a version, the same bytes whenever it is fetched."""
    asked = {"report_id": str(values["report_id"]), "number": values.get("number")}
    document = await context.call(context.endpoint.operation, asked, values.get("at_least"))
    return await download(context, document.file_id, document.filename)


ENDPOINTS: tuple[Endpoint, ...] = (
    create(reporting.DRAFT_REPORT, REPORTS, f"{REPORTS}/{{id}}", "Draft a report"),
    query(reporting.LIST_REPORTS, REPORTS, "List reports"),
    query(reporting.GET_REPORT, REPORT, "Read a report with its versions"),
    Endpoint(
        operation=reporting.COMPUTE_REPORT,
        method="POST",
        path=f"{REPORT}/computation",
        summary="Compute the numbers of a report and freeze them",
        status=202,
        keyed=True,
        location="/reports/computations/{id}",
    ),
    query(
        reporting.GET_REPORT_COMPUTATION,
        "/reports/computations/{computation_id}",
        "Follow a computation",
    ),
    command(reporting.SUBMIT_REPORT, f"{REPORT}/submission", "Submit a report"),
    command(reporting.ACCEPT_REPORT, f"{REPORT}/acceptance", "Record that it was accepted"),
    command(reporting.RETURN_REPORT, f"{REPORT}/return", "Record that it was returned"),
    query(reporting.GET_REPORT_INDICATORS, f"{REPORT}/indicators", "Read its frozen numbers"),
    query(reporting.RECOUNT_REPORT, f"{REPORT}/recount", "Count it again from the events"),
    Endpoint(
        operation=reporting.FETCH_REPORT_DATASET,
        method="GET",
        path=f"{REPORT}/dataset.json",
        summary="Fetch its frozen dataset",
        offers=DATASET,
        handler=_dataset,
    ),
    query(reporting.EXPLAIN_DIFFERENCE, "/reports/differences", "Explain a difference"),
    search(reporting.ASK_WHAT_IF, "/reports/what-if", "Count under other rules; writes nothing"),
)
