"""Bank statements and their lines."""

from gateway.endpoints import Endpoint, command, query
from gateway.uploads import upload
from shared.contracts.kasa.operations import bank as kasa

LINE = "/bank/lines/{line_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    upload(
        kasa.IMPORT_STATEMENT,
        "/bank/statements",
        "/bank/statements/{id}",
        "Import a bank statement",
    ),
    query(
        kasa.GET_STATEMENT_IMPORT,
        "/bank/statements/{import_id}",
        "Follow the import of a statement",
    ),
    query(kasa.LIST_BANK_LINES, "/bank/lines", "List lines of bank statements"),
    query(kasa.GET_BANK_LINE, LINE, "Read a line with its payer and title"),
    command(kasa.MATCH_BANK_LINE, f"{LINE}/match", "Say which contract a line is about"),
    command(kasa.SET_BANK_LINE_ASIDE, f"{LINE}/aside", "Say that a line is about no contract"),
    command(kasa.REOPEN_BANK_LINE, f"{LINE}/reopening", "Take back what was said of a line"),
)
