"""Calls for applications, the applications, and the committee that decides on them."""

from gateway.endpoints import Endpoint, command, create, query
from shared.contracts.kasa.operations import calls as kasa

APPLICATION = "/applications/{application_id}"
CASE = "/meetings/{meeting_id}/cases/{application_id}"

ENDPOINTS: tuple[Endpoint, ...] = (
    create(kasa.OPEN_CALL, "/calls", "/calls/{id}", "Open a call"),
    query(kasa.LIST_CALLS, "/calls", "List calls"),
    query(kasa.GET_CALL, "/calls/{call_id}", "Read a call with the ranking of its applications"),
    command(kasa.CLOSE_CALL, "/calls/{call_id}/closing", "Close a call"),
    create(kasa.DRAFT_APPLICATION, "/applications", "/applications/{id}", "Begin an application"),
    query(kasa.LIST_APPLICATIONS, "/applications", "List applications"),
    query(kasa.GET_APPLICATION, APPLICATION, "Read an application and what was judged of it"),
    query(kasa.GET_APPLICATION_VERSION, f"{APPLICATION}/versions/{{number}}", "Read one version"),
    command(kasa.REVISE_APPLICATION, f"{APPLICATION}/versions", "Revise an application"),
    command(kasa.SUBMIT_APPLICATION, f"{APPLICATION}/submission", "Submit an application"),
    command(kasa.WITHDRAW_APPLICATION, f"{APPLICATION}/withdrawal", "Withdraw an application"),
    command(kasa.CHECK_APPLICATION, f"{APPLICATION}/check", "Record the formal check"),
    command(kasa.COUNT_CERTIFICATE, f"{APPLICATION}/certificates", "Count a founder's certificate"),
    command(kasa.ASSIGN_REVIEWER, f"{APPLICATION}/reviewers", "Assign a reviewer"),
    command(
        kasa.DECLARE_INTEREST,
        f"{APPLICATION}/declarations",
        "Declare whether there is a conflict of interest",
    ),
    command(
        kasa.REVIEW_APPLICATION,
        f"{APPLICATION}/scores",
        "Review an application: points for each criterion",
    ),
    create(kasa.CONVENE_MEETING, "/meetings", "/meetings/{id}", "Convene the committee"),
    query(kasa.LIST_MEETINGS, "/meetings", "List meetings"),
    query(kasa.GET_MEETING, "/meetings/{meeting_id}", "Read a meeting"),
    command(kasa.RECUSE, f"{CASE}/recusals", "Recuse oneself from an application"),
    command(kasa.PROPOSE_OUTCOME, f"{CASE}/proposals", "Propose how to decide"),
    command(kasa.CAST_VOTE, f"{CASE}/votes", "Vote"),
    command(kasa.RESOLVE_CASE, f"{CASE}/resolution", "Decide by the votes"),
)
