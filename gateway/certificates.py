"""Certificates at the edge: their holders' names come from the registry, their files from the store."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from pydantic import Field, TypeAdapter
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import Context, Endpoint, reply_response
from gateway.names import names_of
from gateway.requests import JSON, PDF
from shared.contracts.model import Published
from shared.contracts.training import operations as training
from shared.contracts.training.commands import Holder, IssueCertificates
from shared.contracts.training.vocabulary import EnrolmentState
from shared.contracts.vocabulary import PersonName

HOLDERS: Final = TypeAdapter(list[Holder])
ATTENDED: Final = frozenset(
    {EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED}
)
"""Who was on the course to its end; training tells of each who may not get a certificate, and why."""


class Issue(Published):
    issued_on: date
    participants: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)] | None = Field(
        default=None,
        description="Only these; without it everybody who was on the course to its end",
    )


async def _issue(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """Issue certificates of an edition. Starts a job; who may not get one is told with the reason."""
    edition_id = values["edition_id"]
    participants = values.get("participants") or await _participants(context, edition_id)
    names = await names_of(participants, context.call)
    holders = [
        Holder(participant_id=each, name=PersonName(**names[each]) if each in names else None)
        for each in dict.fromkeys(participants)
    ]
    # What the documents will say waits in the encrypted store: names stay out of the job itself.
    file_id = await context.parts.files.store(_json(holders), "holders.json", JSON)
    start = IssueCertificates(
        edition_id=edition_id, issued_on=values["issued_on"], holders_file=file_id
    )
    reply = await context.call(training.ISSUE_CERTIFICATES, start.model_dump(mode="json"))
    return reply_response(context.endpoint, reply)


async def _participants(context: Context, edition_id: UUID) -> list[UUID]:
    edition = await context.call(training.GET_EDITION, {"id": str(edition_id)})
    return [each.participant_id for each in edition.enrolments if each.state in ATTENDED]


async def _json(holders: list[Holder]) -> AsyncIterator[bytes]:
    yield HOLDERS.dump_json(holders)


async def _document(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The certificate as a printable document."""
    document = await context.call(training.RENDER_CERTIFICATE, {"id": str(values["id"])})
    return await download(context, document.file_id, document.filename)


ISSUE = Endpoint(
    operation=training.ISSUE_CERTIFICATES,
    method="POST",
    path="/editions/{edition_id}/certificates",
    summary="Issue the certificates of an edition",
    status=202,
    keyed=True,
    location="/certificates/issues/{id}",
    body=Issue,
    handler=_issue,
)
DOCUMENT = Endpoint(
    operation=training.RENDER_CERTIFICATE,
    method="GET",
    path="/certificates/{certificate_id}/document.pdf",
    summary="Fetch a certificate as PDF",
    offers=PDF,
    handler=_document,
)
