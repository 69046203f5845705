"""Single undertakings and their de minimis aid; one is found by any enterprise that belongs to it."""

from gateway.endpoints import Endpoint, command, query, unconditional
from shared.contracts.kasa.operations import undertakings as kasa

UNDERTAKING = "/enterprises/{enterprise_id}/undertaking"
AID = f"{UNDERTAKING}/aid/{{aid_id}}"

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
    unconditional(kasa.ANNOUNCE_RATES, "/exchange-rates", "Record announced exchange rates"),
)
