"""Questionnaires in versions: uploaded as XLSForm or JSON, fetched as either."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, create, query
from gateway.requests import FORM, XLSX
from gateway.uploads import upload
from shared.contracts.research.operations import instruments as research

INSTRUMENT = "/instruments/{instrument_id}"
VERSION = f"{INSTRUMENT}/versions/{{number}}"
PUBLICATIONS = "/instruments/publications"


async def _file(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The form of a version, the same bytes whenever it is fetched."""
    operation = context.endpoint.operation
    asked = {"instrument_id": str(values["instrument_id"]), "number": values["number"]}
    document = await context.call(operation, asked, values.get("at_least"))
    return await download(context, document.file_id, document.filename)


ENDPOINTS: tuple[Endpoint, ...] = (
    create(
        research.CREATE_INSTRUMENT, "/instruments", "/instruments/{id}", "Create a questionnaire"
    ),
    query(research.LIST_INSTRUMENTS, "/instruments", "List questionnaires"),
    upload(
        research.PUBLISH_INSTRUMENT_VERSION,
        PUBLICATIONS,
        f"{PUBLICATIONS}/{{id}}",
        "Check a form and publish it as a version",
    ),
    query(
        research.GET_INSTRUMENT_PUBLICATION,
        f"{PUBLICATIONS}/{{publication_id}}",
        "Follow a publication",
    ),
    query(research.GET_INSTRUMENT, INSTRUMENT, "Read a questionnaire with its versions"),
    Endpoint(
        operation=research.FETCH_XLSFORM,
        method="GET",
        path=f"{VERSION}/form.xlsx",
        summary="Fetch a version as XLSForm",
        offers=XLSX,
        handler=_file,
    ),
    Endpoint(
        operation=research.FETCH_FORM_DEFINITION,
        method="GET",
        path=f"{VERSION}/form.json",
        summary="Fetch a version as JSON",
        offers=FORM,
        handler=_file,
    ),
)
