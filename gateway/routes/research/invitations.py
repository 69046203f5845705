"""Invitations to a wave, their documents and what became of them."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, query, unconditional
from gateway.requests import CSV, PDF
from shared.contracts.research.operations import invitations as research

ISSUE: Final = "/invitations/issues/{issue_id}"


async def _table(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """Whom each invitation is for, its token and the address of the form; until it expires."""
    return await _document(context, values, "table")


async def _sheets(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The invitations to be printed and cut apart; until the document expires."""
    return await _document(context, values, "sheets")


async def _document(context: Context, values: Mapping[str, Any], kind: str) -> Response:
    document = await context.call(
        research.GET_INVITATION_DOCUMENT, {"issue_id": str(values["issue_id"]), "kind": kind}
    )
    return await download(context, document.file_id, document.filename)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        operation=research.ISSUE_INVITATIONS,
        method="POST",
        path="/studies/{study_id}/waves/{wave_id}/invitations",
        summary="Issue invitations",
        status=202,
        keyed=True,
        location="/invitations/issues/{id}",
    ),
    query(research.GET_INVITATION_ISSUE, ISSUE, "Follow an issue of invitations"),
    Endpoint(
        operation=research.GET_INVITATION_DOCUMENT,
        method="GET",
        path=f"{ISSUE}/invitations.csv",
        summary="Fetch the invitations as a table",
        offers=CSV,
        handler=_table,
    ),
    Endpoint(
        operation=research.GET_INVITATION_DOCUMENT,
        alias="get_invitation_sheets",
        method="GET",
        path=f"{ISSUE}/invitations.pdf",
        summary="Fetch the invitations to print",
        offers=PDF,
        handler=_sheets,
    ),
    unconditional(
        research.RECORD_REMINDER,
        "/studies/{study_id}/waves/{wave_id}/reminders",
        "Record that a reminder was sent",
    ),
    unconditional(
        research.DECLINE_INVITATION, "/invitations/refusals", "Record that one was given back"
    ),
    query(
        research.GET_RESPONSE_RATES,
        "/waves/{wave_id}/response-rates",
        "Read what became of the invitations of a wave",
    ),
)
