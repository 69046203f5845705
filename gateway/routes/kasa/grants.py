"""Grants, from the contract to the check of durability."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.kasa.operations import grants as kasa

GRANT = "/grants/{grant_id}"
REPORT = f"{GRANT}/reports/{{report}}"
TRANCHE = f"{GRANT}/tranches/{{tranche}}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(kasa.SIGN_GRANT, "/grants", "/grants/{id}", "Record a signed grant contract"),
    query(kasa.LIST_GRANTS, "/grants", "List grants"),
    query(kasa.GET_GRANT, GRANT, "Read a grant with its reports, tranches and what is due"),
    command(kasa.MEET_GRANT_CONDITION, f"{GRANT}/conditions", "Record that a condition is met"),
    command(kasa.SUBMIT_GRANT_REPORT, REPORT, "Submit a report"),
    command(kasa.ACCEPT_GRANT_REPORT, f"{REPORT}/acceptance", "Accept a report"),
    command(kasa.REJECT_GRANT_REPORT, f"{REPORT}/rejection", "Reject a report"),
    command(kasa.RELEASE_TRANCHE, f"{TRANCHE}/release", "Release a tranche"),
    command(kasa.PAY_TRANCHE, f"{TRANCHE}/payment", "Record that a tranche was paid out"),
    command(
        kasa.RECORD_JOB_PLACE,
        f"{GRANT}/places/{{place_id}}/changes",
        "Record that a job place was filled or vacated",
    ),
    command(kasa.CHECK_DURABILITY, f"{GRANT}/durability", "Check the durability of job places"),
    command(kasa.COMPUTE_CLAWBACK, f"{GRANT}/clawback", "Compute what has to be paid back"),
    command(kasa.RECORD_GRANT_REPAYMENT, f"{GRANT}/repayments", "Record a repayment"),
    command(kasa.REVERSE_GRANT_REPAYMENT, f"{GRANT}/reversals", "Reverse a repayment"),
    command(kasa.CLOSE_GRANT, f"{GRANT}/closing", "Close a grant"),
)
