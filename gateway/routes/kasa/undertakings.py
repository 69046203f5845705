"""Single undertakings and their de minimis aid; one is found by any enterprise that belongs to it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, command, query, unconditional
from gateway.requests import PDF
from shared.contracts.kasa.operations import undertakings as kasa

UNDERTAKING = "/enterprises/{enterprise_id}/undertaking"
AID = f"{UNDERTAKING}/aid/{{aid_id}}"


async def _document(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The certificate as a printable document."""
    document = await context.call(kasa.RENDER_AID_CERTIFICATE, {"id": str(values["id"])})
    return await download(context, document.file_id, document.filename)


DOCUMENT = Endpoint(
    operation=kasa.RENDER_AID_CERTIFICATE,
    method="GET",
    path="/aid/{aid_id}/certificate.pdf",
    summary="Fetch a certificate of aid as PDF",
    offers=PDF,
    handler=_document,
)
ENDPOINTS: tuple[Endpoint, ...] = (
    query(kasa.GET_UNDERTAKING, UNDERTAKING, "Read the undertaking with its aid and ceilings"),
    command(kasa.ADD_LINK, f"{UNDERTAKING}/links", "Link two enterprises"),
    command(kasa.END_LINK, f"{UNDERTAKING}/links/{{link_id}}/end", "End a link"),
    unconditional(kasa.GRANT_AID, f"{UNDERTAKING}/aid", "Grant de minimis aid"),
    command(kasa.RECOVER_AID, f"{AID}/recovery", "Record that aid was recovered"),
    command(kasa.PASS_AID, f"{AID}/passing", "Pass aid on to who uses it after a division"),
    query(kasa.LIST_AID, "/aid", "Read the register of aid"),
    unconditional(kasa.DECLARE_AID, "/aid/declarations", "Declare aid that others granted"),
    query(kasa.GET_AID_CERTIFICATE, "/aid/{aid_id}/certificate", "Read a certificate of aid"),
    DOCUMENT,
    unconditional(kasa.ANNOUNCE_RATES, "/exchange-rates", "Record announced exchange rates"),
)
