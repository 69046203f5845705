"""The fund's books: sources of money, the journal, and what it reconciles to."""

from gateway.endpoints import Endpoint, create, query, unconditional
from shared.contracts.kasa.operations import fund as kasa

SOURCE = "/fund/sources/{source_id}"
WITHDRAWAL = f"{SOURCE}/withdrawals/{{withdrawal_id}}"

ENDPOINTS: tuple[Endpoint, ...] = (
    query(kasa.GET_FUND, "/fund", "Read the balances of all sources at one position"),
    create(kasa.OPEN_SOURCE, "/fund/sources", "/fund/sources/{id}", "Open a source of money"),
    query(kasa.GET_SOURCE, SOURCE, "Read a source with the withdrawals that wait"),
    query(kasa.GET_BALANCES, f"{SOURCE}/balances", "Read balances as of a day, as known then"),
    unconditional(kasa.CONTRIBUTE, f"{SOURCE}/contributions", "Record a contribution"),
    unconditional(kasa.REQUEST_WITHDRAWAL, f"{SOURCE}/withdrawals", "Ask for a withdrawal"),
    unconditional(kasa.APPROVE_WITHDRAWAL, f"{WITHDRAWAL}/approval", "Approve a withdrawal"),
    unconditional(kasa.REFUSE_WITHDRAWAL, f"{WITHDRAWAL}/refusal", "Refuse a withdrawal"),
    unconditional(
        kasa.REVERSE_ENTRY, f"{SOURCE}/entries/{{entry_id}}/reversal", "Reverse an entry"
    ),
    query(kasa.LIST_ENTRIES, "/fund/entries", "List the entries of the journal"),
    query(kasa.RECONCILE_FUND, "/fund/reconciliation", "Reconcile the journal with the contracts"),
)
