"""Facts of communes, and the need that follows from them."""

from gateway.endpoints import Endpoint, query, search
from gateway.uploads import upload
from shared.contracts.research.operations import communes as research

IMPORTS = "/communes/imports"

ENDPOINTS: tuple[Endpoint, ...] = (
    upload(research.IMPORT_FACTS, IMPORTS, f"{IMPORTS}/{{id}}", "Import facts of communes"),
    query(research.GET_FACTS_IMPORT, f"{IMPORTS}/{{import_id}}", "Follow an import of facts"),
    query(research.LIST_COMMUNE_FACTS, "/communes/facts", "List facts of communes"),
    search(
        research.GET_COMMUNE_INDICATORS, "/communes/indicators", "Read the indicators of communes"
    ),
    search(
        research.GET_COMMUNE_NEEDS, "/communes/needs", "Read the need index of communes, explained"
    ),
)
