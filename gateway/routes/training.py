"""Programmes, editions, attendance and certificates of the training."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from gateway import names
from gateway.certificates import DOCUMENT, ISSUE
from gateway.documents import download
from gateway.endpoints import Context, Endpoint, command, create, query, unconditional
from gateway.requests import CSV, PDF
from gateway.uploads import upload
from gateway.verification import PAGE
from shared.contracts.training import operations as training

PROGRAMME = "/programmes/{programme_id}"
EDITION = "/editions/{edition_id}"
SESSION = "/sessions/{session_id}"
COURSE = "/participations/{edition_id}/{participant_id}"
CERTIFICATE = "/certificates/{certificate_id}"


async def _sign_in_list(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The printable list of a session, with the names of those enrolled; without them when the
    registry does not answer, because the session begins all the same.
    """
    session_id = str(values["session_id"])
    sheet = await context.call(training.GET_SESSION, {"id": session_id}, values.get("at_least"))
    sheet, told = await names.joined(sheet, context.caller, context.call)
    known = {
        str(mark.participant_id): mark.participant_name.model_dump()
        for mark in sheet.marks
        if mark.participant_name is not None
    }
    document = await context.call(
        training.RENDER_SIGN_IN_LIST, {"session_id": session_id, "names": known}
    )
    response = await download(context, document.file_id, document.filename)
    response.headers[names.HEADER] = told
    return response


async def _marks(_: Request, context: Context, values: Mapping[str, Any]) -> Response:
    """The marks of all sessions of an edition that the caller reaches, to be filled in and imported
    again; with names for those who may read the edition.
    """
    edition_id = str(values["edition_id"])
    known: dict[str, Any] = {}
    if context.caller.roles & training.GET_EDITION.roles:
        edition = await context.call(training.GET_EDITION, {"id": edition_id})
        edition, _told = await names.joined(edition, context.caller, context.call)
        known = {
            str(each.participant_id): each.participant_name.model_dump()
            for each in edition.enrolments
            if each.participant_name is not None
        }
    document = await context.call(
        training.EXPORT_ATTENDANCE, {"edition_id": edition_id, "names": known}
    )
    return await download(context, document.file_id, document.filename)


ENDPOINTS: tuple[Endpoint, ...] = (
    create(training.OPEN_PROGRAMME, "/programmes", "/programmes/{id}", "Lay a programme down"),
    query(training.LIST_PROGRAMMES, "/programmes", "List programmes"),
    query(training.GET_PROGRAMME, PROGRAMME, "Read a programme"),
    command(training.REVISE_PROGRAMME, f"{PROGRAMME}/versions", "Lay a new version down"),
    command(training.WITHDRAW_PROGRAMME, f"{PROGRAMME}/withdrawal", "Withdraw a programme"),
    create(training.OPEN_EDITION, "/editions", "/editions/{id}", "Open an edition"),
    query(training.LIST_EDITIONS, "/editions", "List editions"),
    query(training.GET_EDITION, EDITION, "Read an edition", names=True),
    command(training.CONTRACT_TRAINER, f"{EDITION}/contracts", "Record a trainer's contract"),
    command(training.SET_TIMETABLE, f"{EDITION}/timetable", "Put a timetable in force", "PUT"),
    query(training.GET_TIMETABLES, f"{EDITION}/timetable", "Read every version of the timetable"),
    unconditional(training.ENROL_ON_EDITION, f"{EDITION}/enrolments", "Enrol a participant"),
    command(training.SUBSTITUTE, f"{EDITION}/substitutions", "Pass a place on"),
    command(
        training.END_ENROLMENT,
        f"{EDITION}/enrolments/{{participant_id}}/end",
        "Record that someone leaves the course",
    ),
    command(training.CLOSE_EDITION, f"{EDITION}/closing", "Close an edition"),
    ISSUE,
    Endpoint(
        operation=training.EXPORT_ATTENDANCE,
        method="GET",
        path=f"{EDITION}/attendance.csv",
        summary="Fetch the marks of an edition as a file to fill in",
        offers=CSV,
        handler=_marks,
    ),
    query(training.LIST_SESSIONS, "/sessions", "List sessions between two days"),
    query(training.GET_SESSION, SESSION, "Read a session with its attendance list", names=True),
    Endpoint(
        operation=training.RENDER_SIGN_IN_LIST,
        method="GET",
        path=f"{SESSION}/sign-in-list.pdf",
        summary="Fetch the list to be signed",
        offers=PDF,
        handler=_sign_in_list,
    ),
    command(training.MARK_ATTENDANCE, f"{SESSION}/attendance", "Mark who was present"),
    command(training.SETTLE_ATTENDANCE, f"{SESSION}/settlement", "Confirm the attendance list"),
    command(
        training.REQUEST_ATTENDANCE_CORRECTION,
        f"{SESSION}/corrections",
        "Ask for the correction of a settled mark",
    ),
    command(
        training.DECIDE_ATTENDANCE_CORRECTION,
        f"{SESSION}/corrections/{{correction_id}}/decision",
        "Decide a correction asked for by another person",
    ),
    query(training.GET_TODAY, "/today", "Read one's own sessions of a day", names=True),
    query(
        training.LIST_ATTENDANCE_CORRECTIONS,
        "/attendance/corrections",
        "List corrections of attendance",
        names=True,
    ),
    query(
        training.LIST_WARNINGS, "/attendance/warnings", "List who may miss the minimum", names=True
    ),
    upload(
        training.IMPORT_ATTENDANCE,
        "/attendance/imports",
        "/attendance/imports/{id}",
        "Import a file of attendance",
    ),
    query(training.GET_ATTENDANCE_IMPORT, "/attendance/imports/{import_id}", "Follow an import"),
    query(training.GET_PARTICIPATION, COURSE, "Read a participant's course", names=True),
    command(training.RECORD_TEST, f"{COURSE}/tests", "Record a test"),
    command(training.RECORD_COMPETENCE_STAGE, f"{COURSE}/stages", "Record a competence's stage"),
    command(training.RECORD_QUALIFICATION, f"{COURSE}/qualification", "Record a qualification"),
    command(training.RECORD_EVALUATION, f"{COURSE}/evaluations", "Record an evaluation"),
    query(training.LIST_CERTIFICATES, "/certificates", "List certificates"),
    query(training.GET_CERTIFICATE, CERTIFICATE, "Read a certificate"),
    DOCUMENT,
    unconditional(training.REVOKE_CERTIFICATE, f"{CERTIFICATE}/revocation", "Revoke a certificate"),
    query(training.GET_ISSUE, "/certificates/issues/{issue_id}", "Follow the issue"),
    query(
        training.VERIFY_CERTIFICATE,
        "/certificates/verification/{code}",
        "Verify a certificate by its code",
    ),
    PAGE,
)
