"""Participants, from application to six months after exit, and what surrounds them."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway.documents import download
from gateway.endpoints import (
    Context,
    Endpoint,
    command,
    create,
    query,
    search,
    unconditional,
)
from gateway.problems import Problem
from gateway.requests import XLSX
from gateway.uploads import upload
from shared.contracts.registry import operations as registry

ONE = "/participants/{participant_id}"
CASE = "/duplicates/{case_id}"


async def _template(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """An empty workbook with the headers, lists of the allowed values, and explained examples."""
    template = await context.call(registry.GET_IMPORT_TEMPLATE, {}, values.get("at_least"))
    disposition = 'attachment; filename="uczestnicy.xlsx"'
    return Response(template.content, 200, {"Content-Disposition": disposition}, XLSX)


async def _annotated(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The imported file with a column of errors; present once the job is done."""
    job = await context.call(registry.GET_IMPORT, {"id": str(values["id"])}, values.get("at_least"))
    if job.annotated_file_id is None:
        raise Problem("file_unknown")
    return await download(context, job.annotated_file_id, f"import-{job.id}.xlsx")


ENDPOINTS: tuple[Endpoint, ...] = (
    create(
        registry.REGISTER_PARTICIPANT,
        "/participants",
        "/participants/{id}",
        "Record an application",
    ),
    query(registry.LIST_PARTICIPANTS, "/participants", "List participants"),
    search(registry.SEARCH_PARTICIPANTS, "/participants/search", "Find by identifying data"),
    search(registry.NAME_PARTICIPANTS, "/participants/names", "Read names by id"),
    query(registry.GET_PARTICIPANT, ONE, "Read a participant"),
    command(registry.UPDATE_PARTICIPANT, ONE, "Record facts that changed on a day", "PATCH"),
    query(registry.GET_TIMELINE, f"{ONE}/timeline", "Read what was recorded and when"),
    command(registry.SCORE_APPLICATION, f"{ONE}/score", "Score an application"),
    command(registry.DECIDE_RECRUITMENT, f"{ONE}/decision", "Admit, reserve or refuse"),
    command(registry.ENROL_PARTICIPANT, f"{ONE}/enrolment", "Enrol: the first support started"),
    command(registry.SUSPEND_PARTICIPANT, f"{ONE}/suspension", "Suspend"),
    command(registry.RESUME_PARTICIPANT, f"{ONE}/resumption", "Resume after a suspension"),
    command(registry.EXIT_PARTICIPANT, f"{ONE}/exit", "Record the exit"),
    command(registry.RECORD_OUTCOME, f"{ONE}/outcome", "Record the situation after exit"),
    command(registry.RECORD_FOLLOW_UP, f"{ONE}/follow-up", "Record the situation at six months"),
    command(registry.RE_ENTER_PARTICIPANT, f"{ONE}/re-entry", "Record that support starts again"),
    command(registry.GIVE_CONSENT, f"{ONE}/consents", "Record a consent"),
    command(
        registry.WITHDRAW_CONSENT, f"{ONE}/consents/{{purpose}}/withdrawal", "Withdraw a consent"
    ),
    command(registry.REQUEST_CORRECTION, f"{ONE}/corrections", "Ask for a correction"),
    command(
        registry.REQUEST_STEP_CORRECTION,
        f"{ONE}/steps/corrections",
        "Ask for a correction of steps of the lifecycle",
    ),
    command(
        registry.DECIDE_CORRECTION,
        f"{ONE}/corrections/{{correction_id}}/decision",
        "Decide a correction asked for by another person",
    ),
    command(
        registry.DECIDE_RESULT,
        f"{ONE}/results/{{proposal_id}}/decision",
        "Decide whether what the participant told research is the result",
    ),
    unconditional(registry.PLACE_HOLD, f"{ONE}/holds", "Hold somebody's data against erasure"),
    unconditional(registry.LIFT_HOLD, f"{ONE}/holds/{{hold_id}}/lifting", "Lift a hold"),
    unconditional(registry.REQUEST_ERASURE, f"{ONE}/erasure", "Request that data be erased"),
    unconditional(
        registry.DECIDE_ERASURE,
        f"{ONE}/erasure/decision",
        "Order or dismiss the erasure that another person requested",
    ),
    unconditional(
        registry.REVIEW_ACCESS, "/accesses/{access_id}/review", "Review a claimed emergency"
    ),
    query(registry.LIST_ACCESSES, f"{ONE}/accesses", "Read who looked at somebody's data"),
    query(
        registry.DISCLOSE_FIELD, f"{ONE}/disclosure", "Disclose one recorded field, with its proof"
    ),
    query(registry.GET_RETENTION, f"{ONE}/retention", "Read how long data are kept"),
    query(registry.LIST_ERASURES, "/erasures", "List erasures"),
    query(registry.LIST_CORRECTIONS, "/corrections", "List corrections"),
    query(registry.LIST_DUPLICATES, "/duplicates", "List suspected duplicates"),
    query(registry.GET_DUPLICATE, CASE, "Compare two records side by side"),
    command(registry.DISMISS_DUPLICATE, f"{CASE}/dismissal", "Decide: two persons"),
    command(registry.MERGE_DUPLICATE, f"{CASE}/merge", "Decide: one person"),
    command(registry.UNDO_MERGE, f"{CASE}/merge/undo", "Undo a merge"),
    query(registry.LIST_TASKS, "/tasks", "List what is due"),
    query(registry.GET_DASHBOARD, "/dashboard", "Targets against actuals"),
    upload(registry.START_IMPORT, "/imports", "/imports/{id}", "Import a file of participants"),
    Endpoint(  # before the imports, whose ids its path would else be taken for
        operation=registry.GET_IMPORT_TEMPLATE,
        method="GET",
        path="/imports/template",
        summary="Fetch an empty file to fill in",
        offers=XLSX,
        handler=_template,
    ),
    query(registry.GET_IMPORT, "/imports/{import_id}", "Follow an import"),
    Endpoint(
        operation=registry.GET_IMPORT,
        alias="get_annotated_import",
        method="GET",
        path="/imports/{import_id}/annotated.xlsx",
        summary="Fetch the imported file with its errors",
        offers=XLSX,
        handler=_annotated,
    ),
)
