"""Responses: collected on web pages and from exports, reviewed, edited; pages for who answers."""

from gateway.endpoints import Endpoint, command, query, unconditional
from gateway.uploads import upload
from gateway.webforms import PAGES
from shared.contracts.research.operations import responses as research

IMPORTS = "/responses/imports"
RESPONSE = "/responses/{response_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    *PAGES,
    upload(
        research.IMPORT_RESPONSES, IMPORTS, f"{IMPORTS}/{{id}}", "Import responses from an export"
    ),
    query(research.GET_RESPONSE_IMPORT, f"{IMPORTS}/{{import_id}}", "Follow an import"),
    query(research.LIST_RESPONSES, "/waves/{wave_id}/responses", "List the responses of a wave"),
    unconditional(
        research.REVIEW_RESPONSES, "/waves/{wave_id}/responses/reviews", "Review responses"
    ),
    query(research.GET_RESPONSE, RESPONSE, "Read a response with its answers"),
    command(research.EDIT_RESPONSE, f"{RESPONSE}/answers", "Edit a response", "PUT"),
)
