"""Participants, from application to six months after exit, and what surrounds them."""

from gateway.endpoints import Endpoint, command, create, query, search
from gateway.imports import DOWNLOAD_ANNOTATED, DOWNLOAD_TEMPLATE, UPLOAD
from shared.contracts.registry import operations as registry

ONE = "/participants/{participant_id}"
CASE = "/duplicates/{case_id}"

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
    query(registry.LIST_CORRECTIONS, "/corrections", "List corrections"),
    query(registry.LIST_DUPLICATES, "/duplicates", "List suspected duplicates"),
    query(registry.GET_DUPLICATE, CASE, "Compare two records side by side"),
    command(registry.DISMISS_DUPLICATE, f"{CASE}/dismissal", "Decide: two persons"),
    command(registry.MERGE_DUPLICATE, f"{CASE}/merge", "Decide: one person"),
    command(registry.UNDO_MERGE, f"{CASE}/merge/undo", "Undo a merge"),
    query(registry.LIST_TASKS, "/tasks", "List what is due"),
    query(registry.GET_DASHBOARD, "/dashboard", "Targets against actuals"),
    UPLOAD,
    DOWNLOAD_TEMPLATE,  # before the imports, whose ids its path would else be taken for
    query(registry.GET_IMPORT, "/imports/{import_id}", "Follow an import"),
    DOWNLOAD_ANNOTATED,
)
