"""Every call that training answers, and who may make it.

A trainer reaches their own sessions only; the service checks that against the timetable.
"""

from shared.contracts.access import Role
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.operations import Calls, Effect, Operation
from shared.contracts.training import commands, views

STEERING = frozenset({Role.COORDINATOR})
CASEWORK = STEERING | {Role.CASEWORKER}
TEACHING = STEERING | {Role.TRAINER}
READERS = CASEWORK | {Role.TRAINER, Role.AUDITOR}

_CALLS = Calls("training")
_command = _CALLS.command
_query = _CALLS.query

OPEN_PROGRAMME = _command("open_programme", commands.OpenProgramme, STEERING)
REVISE_PROGRAMME = _command("revise_programme", commands.ReviseProgramme, STEERING)
WITHDRAW_PROGRAMME = _command("withdraw_programme", commands.WithdrawProgramme, STEERING)
OPEN_EDITION = _command("open_edition", commands.OpenEdition, STEERING)
CONTRACT_TRAINER = _command("contract_trainer", commands.ContractTrainer, STEERING)
SET_TIMETABLE = _command("set_timetable", commands.SetTimetable, STEERING)
ENROL_ON_EDITION = _command("enrol_on_edition", commands.EnrolOnEdition, CASEWORK)
SUBSTITUTE = _command("substitute", commands.Substitute, CASEWORK)
END_ENROLMENT = _command("end_enrolment", commands.EndEnrolment, CASEWORK)
CLOSE_EDITION = _command("close_edition", commands.CloseEdition, STEERING)

MARK_ATTENDANCE = _command("mark_attendance", commands.MarkAttendance, TEACHING)
SETTLE_ATTENDANCE = _command("settle_attendance", commands.SettleAttendance, TEACHING)
REQUEST_ATTENDANCE_CORRECTION = _command(
    "request_attendance_correction",
    commands.RequestAttendanceCorrection,
    TEACHING | {Role.CASEWORKER},
)
DECIDE_ATTENDANCE_CORRECTION = _command(
    "decide_attendance_correction", commands.DecideAttendanceCorrection, STEERING
)

RECORD_TEST = _command("record_test", commands.RecordTest, TEACHING)
RECORD_COMPETENCE_STAGE = _command(
    "record_competence_stage", commands.RecordCompetenceStage, STEERING
)
RECORD_QUALIFICATION = _command("record_qualification", commands.RecordQualification, STEERING)
RECORD_EVALUATION = _command("record_evaluation", commands.RecordEvaluation, CASEWORK)
REVOKE_CERTIFICATE = _command("revoke_certificate", commands.RevokeCertificate, STEERING)

LIST_PROGRAMMES = _query(
    "list_programmes", views.ListProgrammes, views.ProgrammePage, READERS | {Role.RESEARCHER}
)
GET_PROGRAMME = _query("get_programme", views.ById, views.Programme, READERS | {Role.RESEARCHER})
LIST_EDITIONS = _query("list_editions", views.ListEditions, views.EditionPage, READERS)
GET_EDITION = _query("get_edition", views.ById, views.Edition, CASEWORK | {Role.AUDITOR})
GET_TIMETABLES = _query("get_timetables", views.ById, views.Timetables, READERS)
LIST_SESSIONS = _query("list_sessions", views.ListSessions, views.SessionList, READERS)
GET_SESSION = _query("get_session", views.ById, views.SessionSheet, READERS)
GET_TODAY = _query("get_today", views.ListToday, views.Today, frozenset({Role.TRAINER}))
GET_PARTICIPATION = _query(
    "get_participation",
    views.GetParticipation,
    views.Participation,
    CASEWORK | {Role.AUDITOR, Role.PARTICIPANT},
)
LIST_ATTENDANCE_CORRECTIONS = _query(
    "list_attendance_corrections",
    views.ListAttendanceCorrections,
    views.AttendanceCorrectionList,
    CASEWORK | {Role.AUDITOR},
)
LIST_WARNINGS = _query("list_warnings", views.ListWarnings, views.WarningList, CASEWORK)
LIST_CERTIFICATES = _query(
    "list_certificates",
    views.ListCertificates,
    views.CertificatePage,
    CASEWORK | {Role.AUDITOR, Role.PARTICIPANT},
)
GET_CERTIFICATE = _query(
    "get_certificate",
    views.ById,
    views.Certificate,
    CASEWORK | {Role.AUDITOR, Role.PARTICIPANT},
)
RENDER_CERTIFICATE = _query(
    "render_certificate", views.ById, views.Document, CASEWORK | {Role.PARTICIPANT}
)
RENDER_SIGN_IN_LIST = _query(
    "render_sign_in_list", commands.RenderSignInList, views.Document, TEACHING | CASEWORK
)

EXPORT_ATTENDANCE = _query(
    "export_attendance", commands.ExportAttendance, views.Document, TEACHING | CASEWORK
)

VERIFY_CERTIFICATE = Operation(
    "training",
    "verify_certificate",
    Effect.QUERY,
    views.VerifyCertificate,
    views.Verification,
    frozenset(),
    open=True,
)
"""Open to anybody who holds the certificate: its code cannot be guessed."""

ISSUE_CERTIFICATES = _query("issue_certificates", commands.IssueCertificates, JobStarted, STEERING)
"""Starts a job; each certificate it issues is a command."""
GET_ISSUE = _query("get_issue", views.ById, views.IssueJob, STEERING)
IMPORT_ATTENDANCE = _query("import_attendance", commands.ImportAttendance, JobStarted, TEACHING)
"""Starts a job; the sessions it marks are the commands."""
GET_ATTENDANCE_IMPORT = _query(
    "get_attendance_import", views.ById, views.AttendanceImportJob, TEACHING
)

OPERATIONS: tuple[Operation[Published, Published], ...] = tuple(
    operation for operation in list(globals().values()) if isinstance(operation, Operation)
)
