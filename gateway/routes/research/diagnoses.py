"""Diagnoses: composed, approved, published; published ones are open to anybody."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, command, create, query
from gateway.requests import ANY
from shared.contracts.research.operations import diagnoses as research

DIAGNOSIS: Final = "/diagnoses/{diagnosis_id}"
PUBLICATIONS: Final = "/diagnoses/publications"
PUBLIC: Final = "/public/diagnoses"
PUBLISHED: Final = f"{PUBLIC}/{{diagnosis_id}}"


async def _file(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """As it was published: its digest stands in the diagnosis."""
    asked = {"diagnosis_id": str(values["diagnosis_id"]), "name": values["name"]}
    operation = context.endpoint.operation
    file = await context.call(operation, asked, values.get("at_least"))
    return await download(context, file.file_id, file.filename, file.media_type)


ENDPOINTS: tuple[Endpoint, ...] = (
    create(research.COMPOSE_DIAGNOSIS, "/diagnoses", "/diagnoses/{id}", "Compose a diagnosis"),
    query(research.LIST_DIAGNOSES, "/diagnoses", "List diagnoses"),
    query(
        research.GET_DIAGNOSIS_PUBLICATION,
        f"{PUBLICATIONS}/{{publication_id}}",
        "Follow the publication of a diagnosis",
    ),
    query(research.GET_DIAGNOSIS, DIAGNOSIS, "Read a diagnosis"),
    query(research.GET_DIAGNOSIS_NEEDS, f"{DIAGNOSIS}/needs", "Read the needs it found"),
    command(research.APPROVE_DIAGNOSIS, f"{DIAGNOSIS}/approval", "Approve a diagnosis"),
    Endpoint(
        operation=research.PUBLISH_DIAGNOSIS,
        method="POST",
        path=f"{DIAGNOSIS}/publication",
        summary="Publish a diagnosis",
        status=202,
        keyed=True,
        location=f"{PUBLICATIONS}/{{id}}",
    ),
    query(research.LIST_PUBLISHED_DIAGNOSES, PUBLIC, "List what was published"),
    query(research.GET_PUBLISHED_DIAGNOSIS, PUBLISHED, "Read a published diagnosis"),
    query(research.GET_PUBLISHED_NEEDS, f"{PUBLISHED}/needs", "Read the needs that were published"),
    Endpoint(
        operation=research.FETCH_PUBLISHED_FILE,
        method="GET",
        path=f"{PUBLISHED}/files/{{name}}",
        summary="Fetch a file of a published diagnosis",
        offers=ANY,
        handler=_file,
    ),
)
