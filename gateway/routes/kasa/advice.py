"""Cases of advice."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.kasa.operations import advice as kasa

CASE = "/advice/cases/{case_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(kasa.OPEN_ADVICE_CASE, "/advice/cases", "/advice/cases/{id}", "Open a case of advice"),
    query(kasa.LIST_ADVICE_CASES, "/advice/cases", "List cases of advice"),
    query(kasa.GET_ADVICE_CASE, CASE, "Read a case and whether it is ready to apply"),
    command(kasa.HOLD_CONSULTATION, f"{CASE}/consultations", "Record a consultation"),
    command(kasa.MEET_CHECKLIST_ITEM, f"{CASE}/checklist", "Record that an item is met"),
    command(kasa.CLOSE_ADVICE_CASE, f"{CASE}/closing", "Close a case of advice"),
)
