"""Every call the registry answers, and who may make it."""

from shared.contracts.access import Role
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.operations import Calls, NoRequest, Operation
from shared.contracts.registry import commands, keeping, views

CASEWORK = frozenset({Role.COORDINATOR, Role.CASEWORKER})
STEERING = frozenset({Role.COORDINATOR})
READERS = CASEWORK | {Role.LOAN_OFFICER, Role.AUDITOR, Role.PARTICIPANT}

_CALLS = Calls("registry")
_command = _CALLS.command
_query = _CALLS.query

REGISTER_PARTICIPANT = _command("register_participant", commands.RegisterParticipant, CASEWORK)
UPDATE_PARTICIPANT = _command("update_participant", commands.UpdateParticipant, CASEWORK)
SCORE_APPLICATION = _command("score_application", commands.ScoreApplication, CASEWORK)
DECIDE_RECRUITMENT = _command("decide_recruitment", commands.DecideRecruitment, STEERING)
ENROL_PARTICIPANT = _command("enrol_participant", commands.EnrolParticipant, CASEWORK)
SUSPEND_PARTICIPANT = _command("suspend_participant", commands.SuspendParticipant, CASEWORK)
RESUME_PARTICIPANT = _command("resume_participant", commands.ResumeParticipant, CASEWORK)
EXIT_PARTICIPANT = _command("exit_participant", commands.ExitParticipant, CASEWORK)
RECORD_OUTCOME = _command("record_outcome", commands.RecordOutcome, CASEWORK)
RECORD_FOLLOW_UP = _command("record_follow_up", commands.RecordFollowUp, CASEWORK)
RE_ENTER_PARTICIPANT = _command("re_enter_participant", commands.ReEnterParticipant, CASEWORK)
GIVE_CONSENT = _command("give_consent", commands.GiveConsent, CASEWORK | {Role.PARTICIPANT})
WITHDRAW_CONSENT = _command(
    "withdraw_consent", commands.WithdrawConsent, CASEWORK | {Role.PARTICIPANT}
)
REQUEST_CORRECTION = _command(
    "request_correction", commands.RequestCorrection, CASEWORK | {Role.PARTICIPANT}
)
REQUEST_STEP_CORRECTION = _command(
    "request_step_correction", commands.RequestStepCorrection, CASEWORK | {Role.PARTICIPANT}
)
DECIDE_CORRECTION = _command("decide_correction", commands.DecideCorrection, CASEWORK)
DECIDE_RESULT = _command("decide_result", commands.DecideResult, CASEWORK)
DISMISS_DUPLICATE = _command("dismiss_duplicate", commands.DismissDuplicate, STEERING)
MERGE_DUPLICATE = _command("merge_duplicate", commands.MergeDuplicate, STEERING)
UNDO_MERGE = _command("undo_merge", commands.UndoMerge, STEERING)
PLACE_HOLD = _command("place_hold", commands.PlaceHold, STEERING)
LIFT_HOLD = _command("lift_hold", commands.LiftHold, STEERING)
REQUEST_ERASURE = _command("request_erasure", commands.RequestErasure, STEERING)
DECIDE_ERASURE = _command("decide_erasure", commands.DecideErasure, STEERING)

GET_PARTICIPANT = _query("get_participant", views.ById, views.Participant, READERS)
LIST_PARTICIPANTS = _query(
    "list_participants",
    views.ListParticipants,
    views.ParticipantPage,
    READERS - {Role.PARTICIPANT},
)
SEARCH_PARTICIPANTS = _query(
    "search_participants", views.SearchParticipants, views.ParticipantPage, CASEWORK
)
NAME_PARTICIPANTS = _query(
    "name_participants", views.NameParticipants, views.ParticipantNames, CASEWORK | {Role.TRAINER}
)
"""What trainers may know of people; joined to answers that tell of participants by id alone."""
GET_TIMELINE = _query(
    "get_timeline", views.ById, views.Timeline, CASEWORK | {Role.AUDITOR, Role.PARTICIPANT}
)
LIST_CORRECTIONS = _query(
    "list_corrections", views.ListCorrections, views.CorrectionList, CASEWORK | {Role.AUDITOR}
)
LIST_DUPLICATES = _query(
    "list_duplicates", views.ListDuplicates, views.DuplicateList, STEERING | {Role.AUDITOR}
)
GET_DUPLICATE = _query("get_duplicate", views.ById, views.DuplicateCase, STEERING | {Role.AUDITOR})
REVIEW_ACCESS = _command("review_access", commands.ReviewAccess, STEERING)
DISCLOSE_FIELD = _query("disclose_field", keeping.DiscloseField, keeping.Disclosure, STEERING)
LIST_ACCESSES = _query(
    "list_accesses",
    keeping.ListAccesses,
    keeping.AccessReport,
    STEERING | {Role.AUDITOR, Role.PARTICIPANT},
)
GET_RETENTION = _query(
    "get_retention", views.ById, keeping.Retention, CASEWORK | {Role.AUDITOR, Role.PARTICIPANT}
)
LIST_ERASURES = _query(
    "list_erasures", keeping.ListErasures, keeping.ErasureList, STEERING | {Role.AUDITOR}
)
LIST_TASKS = _query("list_tasks", views.ListTasks, views.TaskList, CASEWORK)
GET_DASHBOARD = _query(
    "get_dashboard",
    NoRequest,
    views.Dashboard,
    CASEWORK | {Role.RESEARCHER, Role.AUDITOR, Role.OPERATOR},
)

START_IMPORT = _query("start_import", commands.StartImport, JobStarted, CASEWORK)
"""Starts a job; the rows it imports are the commands."""
GET_IMPORT = _query("get_import", views.ById, views.ImportJob, CASEWORK)
GET_IMPORT_TEMPLATE = _query("get_import_template", NoRequest, views.ImportTemplate, CASEWORK)

OPERATIONS: tuple[Operation[Published, Published], ...] = tuple(
    operation for operation in list(globals().values()) if isinstance(operation, Operation)
)
