"""Tables that disclosure control let out, and the datasets that they are made from."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, query
from gateway.requests import ANY, CSV
from shared.contracts.operations import Operation
from shared.contracts.research.operations import releases as research

DATASET: Final = "/datasets/{dataset_id}"
RELEASE: Final = f"{DATASET}/releases/{{release_id}}"
TABLE: Final = f"{RELEASE}/tables/{{number}}"
JOBS: Final = "/analyses"
STARTED: Final = f"{JOBS}/{{id}}"


def _job(operation: Operation[Any, Any], path: str, summary: str) -> Endpoint:
    return Endpoint(
        operation=operation,
        method="POST",
        path=path,
        summary=summary,
        status=202,
        keyed=True,
        location=STARTED,
    )


async def _file(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """As it was made; until it expires."""
    asked = {name: str(value) for name, value in values.items() if name != "at_least"}
    file = await context.call(context.endpoint.operation, asked, values.get("at_least"))
    return await download(context, file.file_id, file.filename, file.media_type)


ENDPOINTS: tuple[Endpoint, ...] = (
    _job(
        research.PIN_DATASET,
        "/studies/{study_id}/waves/{wave_id}/dataset",
        "Pin the answers that releases are made from",
    ),
    _job(research.REQUEST_RELEASE, f"{DATASET}/releases", "Ask for tables"),
    _job(research.DRAW_RELEASE, f"{RELEASE}/pictures", "Have the tables of a release drawn"),
    _job(
        research.EXPORT_RESPONSES,
        f"{DATASET}/exports",
        "Have answers given out one by one, with a codebook and a manifest",
    ),
    query(research.GET_ANALYSIS_JOB, f"{JOBS}/{{analysis_id}}", "Follow an analysis"),
    query(
        research.GET_REQUESTED_RELEASE,
        f"{JOBS}/{{analysis_id}}/release",
        "Find the release that a request led to, or why there is none",
    ),
    Endpoint(
        operation=research.FETCH_ANALYSIS_FILE,
        method="GET",
        path=f"{JOBS}/{{job_id}}/files/{{name}}",
        summary="Fetch a file that an analysis made",
        offers=ANY,
        handler=_file,
    ),
    query(research.LIST_DATASETS, "/datasets", "List datasets"),
    query(research.GET_DATASET, DATASET, "Read a dataset"),
    query(research.LIST_RELEASES, f"{DATASET}/releases", "List the releases of a dataset"),
    query(research.GET_RELEASE, RELEASE, "Read a release"),
    query(research.GET_RELEASE_TABLE, TABLE, "Read a table of a release"),
    Endpoint(
        operation=research.FETCH_RELEASE_TABLE,
        method="GET",
        path=f"{TABLE}/table.csv",
        summary="Fetch a table of a release",
        offers=CSV,
        handler=_file,
    ),
)
