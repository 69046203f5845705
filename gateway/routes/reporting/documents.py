"""Tables and charts as files: ordered, followed, fetched."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, query
from gateway.requests import ANY
from shared.contracts.operations import Operation
from shared.contracts.reporting.operations import documents as reporting

DOCUMENTS = "/reports/documents"
DOCUMENT = f"{DOCUMENTS}/{{document_id}}"


async def _file(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    asked = {"id": str(values["id"])}
    document = await context.call(context.endpoint.operation, asked, values.get("at_least"))
    return await download(context, document.file_id, document.filename, document.media_type)


def _order(operation: Operation[Any, Any], path: str, summary: str) -> Endpoint:
    return Endpoint(
        operation=operation,
        method="POST",
        path=path,
        summary=summary,
        status=202,
        keyed=True,
        location=f"{DOCUMENTS}/{{id}}",
    )


ENDPOINTS: tuple[Endpoint, ...] = (
    _order(
        reporting.ORDER_INDICATOR_TABLE,
        f"{DOCUMENTS}/indicators",
        "Have a table of indicators written",
    ),
    _order(
        reporting.ORDER_REPORT_TABLE,
        "/reports/submissions/{report_id}/documents",
        "Have a report written",
    ),
    _order(
        reporting.ORDER_DIFFERENCE_TABLE,
        f"{DOCUMENTS}/differences",
        "Have the difference between two reports written",
    ),
    _order(
        reporting.ORDER_PLAN_CHART,
        "/reports/plans/{plan_id}/charts",
        "Have targets drawn against actual numbers",
    ),
    _order(reporting.ORDER_TREND_CHART, f"{DOCUMENTS}/trends", "Have a number drawn over time"),
    query(reporting.GET_REPORT_DOCUMENT, DOCUMENT, "Follow a document to its manifest"),
    Endpoint(
        operation=reporting.FETCH_REPORT_DOCUMENT,
        method="GET",
        path=f"{DOCUMENT}/file",
        summary="Fetch a document",
        offers=ANY,
        handler=_file,
    ),
)
