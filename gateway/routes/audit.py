"""Checkpoints and proofs for everybody, events as they are recorded for auditors.

`/audit/logs/{ledger}` is the prefix under which a log is served as C2SP tlog-tiles say: `checkpoint`
and `tile/…`; there are no entry bundles, because entries are not for everybody.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, query, unconditional
from gateway.requests import OCTETS, TEXT, ZIP
from shared.contracts.audit import operations as audit

LOG: Final = "/audit/logs/{ledger}"


async def _note(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The latest checkpoint of a log as a signed note, with the cosignatures of witnesses."""
    found = await context.call(
        audit.GET_CHECKPOINT, {"ledger": values["ledger"]}, values.get("at_least")
    )
    return Response(found.note, media_type=f"{TEXT}; charset=utf-8")


async def _tile(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The hashes of a tile; its number is written `x001/x234/067`, a partial one `….p/12`."""
    wanted = {name: values[name] for name in ("ledger", "level", "path")}
    found = await context.call(audit.GET_TILE, wanted, values.get("at_least"))
    return Response(base64.b64decode(found.hashes), media_type=OCTETS)


async def _pack(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """As it was written; until it expires."""
    asked = {"id": str(values["id"])}
    pack = await context.call(audit.FETCH_PACK, asked, values.get("at_least"))
    return await download(context, pack.file_id, pack.filename)


ENDPOINTS: tuple[Endpoint, ...] = (
    query(audit.LIST_CHECKPOINTS, "/audit/checkpoints", "Read the latest checkpoint of each log"),
    Endpoint(
        operation=audit.GET_CHECKPOINT,
        method="GET",
        path="/audit/checkpoints/{ledger}",
        summary="Fetch the latest checkpoint of a log as a signed note",
        offers=TEXT,
        handler=_note,
    ),
    Endpoint(
        operation=audit.GET_CHECKPOINT,
        alias="get_log_checkpoint",
        method="GET",
        path=f"{LOG}/checkpoint",
        summary="Fetch it where C2SP tlog-tiles look for it",
        offers=TEXT,
        handler=_note,
    ),
    query(audit.PROVE_INCLUSION, f"{LOG}/proofs/inclusion", "Prove that an event is in the log"),
    query(
        audit.PROVE_CONSISTENCY,
        f"{LOG}/proofs/consistency",
        "Prove that an earlier tree begins a later one",
    ),
    query(audit.LIST_LOG_ENTRIES, f"{LOG}/entries", "Read events as they are recorded"),
    unconditional(
        audit.ATTACH_COSIGNATURE,
        f"{LOG}/checkpoints/{{size}}/cosignatures",
        "Attach the cosignature of a witness",
    ),
    Endpoint(
        operation=audit.ORDER_PACK,
        method="POST",
        path="/audit/packs",
        summary="Have a pack written that verifies away from the platform",
        status=202,
        keyed=True,
        location="/audit/packs/{id}",
    ),
    query(audit.GET_PACK, "/audit/packs/{pack_id}", "Follow the writing of a pack"),
    Endpoint(
        operation=audit.FETCH_PACK,
        method="GET",
        path="/audit/packs/{pack_id}/pack.zip",
        summary="Fetch a pack",
        offers=ZIP,
        handler=_pack,
    ),
    Endpoint(
        operation=audit.GET_TILE,
        method="GET",
        path=f"{LOG}/tile/{{level}}/{{path}}",
        summary="Fetch the hashes of a tile",
        offers=OCTETS,
        deep=True,
        handler=_tile,
    ),
)
