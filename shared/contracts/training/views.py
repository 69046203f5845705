"""Views of training: what queries answer.

`participant_name` is None in every answer of the service: it knows no names. The gateway joins them
from the registry for those who may see them.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.jobs import RowsImport
from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION
from shared.contracts.training.vocabulary import (
    AbsenceReason,
    CertifyingBody,
    Code,
    CompetenceStage,
    EditionState,
    EnrolmentState,
    GroupLimits,
    Hour,
    Outcome,
    ProgrammeContent,
    Result,
    RevocationReason,
    Session,
    TestPhase,
    TrainerContract,
    TrainerId,
    WarningKind,
)
from shared.contracts.vocabulary import PartnerId, PersonName


class ById(Published):
    id: UUID


class Page(Published):
    """What every list can be asked for."""

    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    changed_since: int | None = Field(default=None, ge=0, le=LAST_POSITION)


class Programme(Published):
    id: UUID
    version: int
    """Of the aggregate, for `If-Match`."""
    number: int
    """Of the programme's latest version, from 1."""
    content: ProgrammeContent
    approved_on: date
    withdrawn_on: date | None = None
    planned_minutes: int


class ListProgrammes(Page):
    pass


class ProgrammePage(Published):
    items: tuple[Programme, ...]
    next_cursor: str | None
    position: int


class Progress(Published):
    """Minutes against the timetable in force. `percent` is rounded down, for people; the rule is
    applied to the exact figures.
    """

    attended_minutes: int
    planned_minutes: int
    passed_minutes: int
    """Of sessions that have ended."""
    percent: int
    minimum_percent: int
    still_reachable: bool
    warning: WarningKind | None = None


class Enrolment(Published):
    participant_id: UUID
    participant_name: PersonName | None = None
    state: EnrolmentState
    since: date
    rank: int | None = None
    """On the reserve list, from 1."""
    progress: Progress | None = None
    certificate_id: UUID | None = None


class TopicMinutes(Published):
    topic: Code
    planned: int
    timetabled: int


class Edition(Published):
    id: UUID
    version: int
    code: Code
    state: EditionState
    programme_id: UUID
    programme_number: int
    title_pl: str
    title_en: str
    result: Result
    hour: Hour
    partner: PartnerId
    place: str
    opened_on: date
    limits: GroupLimits
    minimum_percent: int
    contracts: tuple[TrainerContract, ...] = ()
    timetable_version: int = 0
    sessions: tuple[Session, ...] = ()
    topics: tuple[TopicMinutes, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    closed_on: date | None = None


class EditionSummary(Published):
    id: UUID
    version: int
    code: Code
    state: EditionState
    title_pl: str
    title_en: str
    partner: PartnerId
    place: str
    first_day: date | None
    last_day: date | None
    enrolled: int
    reserve: int
    maximum: int
    warnings: int


class ListEditions(Page):
    partner: PartnerId | None = None
    state: EditionState | None = None
    programme_id: UUID | None = None


class EditionPage(Published):
    items: tuple[EditionSummary, ...]
    next_cursor: str | None
    position: int


class TimetableVersion(Published):
    number: int
    decided_on: date
    recorded_at: datetime
    actor: str
    reason: str | None
    sessions: tuple[Session, ...]


class Timetables(Published):
    """Every version there was; as many as fit into one message, the latest first, of `total`."""

    edition_id: UUID
    items: tuple[TimetableVersion, ...]
    total: int


class AttendanceMark(Published):
    participant_id: UUID
    participant_name: PersonName | None = None
    minutes: int | None
    """None while not marked."""
    absence: AbsenceReason | None = None
    """None also when withheld: a reason may tell of health."""
    note: str | None = None
    recorded_at: datetime | None = None
    late: bool = False
    """Recorded more days after the session than the rule allows."""
    corrected: bool = False


class AttendanceCorrection(Published):
    id: UUID
    session_id: UUID
    edition_id: UUID
    participant_id: UUID
    participant_name: PersonName | None = None
    held_on: date
    minutes_before: int
    minutes: int
    requested_on: date
    requested_by: str
    reason: str | None
    source_document: str
    state: Literal["requested", "approved", "rejected"]
    decided_on: date | None = None
    decided_by: str | None = None


class SessionSheet(Published):
    """One session with its attendance list."""

    id: UUID
    version: int
    """Of the attendance list, for `If-Match`; 0 before the first mark."""
    edition_id: UUID
    edition_code: Code
    title_pl: str
    title_en: str
    partner: PartnerId
    place: str
    session: Session
    minutes: int
    """Net of breaks."""
    settled_on: date | None = None
    settled_by: str | None = None
    marks: tuple[AttendanceMark, ...]
    corrections: tuple[AttendanceCorrection, ...] = ()


class ListSessions(Published):
    first_day: date
    last_day: date
    edition_id: UUID | None = None
    trainer: TrainerId | None = None
    limit: int = Field(default=100, ge=1, le=200)


class SessionSummary(Published):
    id: UUID
    version: int
    edition_id: UUID
    edition_code: Code
    title_pl: str
    title_en: str
    session: Session
    minutes: int
    enrolled: int
    marked: int
    settled: bool


class SessionList(Published):
    """As many as fit into one message, in order of time, of `total`."""

    items: tuple[SessionSummary, ...]
    total: int


class ListToday(Published):
    day: date | None = Field(default=None, description="Today in Poland when left out")


class Today(Published):
    """A trainer's own sessions of a day with their lists."""

    day: date
    sessions: tuple[SessionSheet, ...]


class TestResult(Published):
    phase: TestPhase
    taken_on: date
    points: int | None
    maximum: int


class StageReached(Published):
    stage: CompetenceStage
    reached_on: date
    achieved: tuple[Code, ...] = ()


class Qualification(Published):
    gained_on: date
    body: CertifyingBody
    document_number: str


class Evaluation(Published):
    """`level`: 1 reaction, 2 learning, 3 behaviour, 4 results (Kirkpatrick)."""

    level: int
    measure: Code
    value: int | None
    """None when withheld or erased."""
    observed_on: date
    reference: str | None = None


class AttendedSession(Published):
    session_id: UUID
    day: date
    topic: Code
    planned_minutes: int
    minutes: int | None
    settled: bool


class GetParticipation(Published):
    edition_id: UUID
    participant_id: UUID


class Participation(Published):
    """One participant's course in one edition, down to each session."""

    edition_id: UUID
    edition_code: Code
    participant_id: UUID
    participant_name: PersonName | None = None
    version: int
    """For `If-Match`; 0 before anything was recorded."""
    state: EnrolmentState
    progress: Progress
    sessions: tuple[AttendedSession, ...]
    tests: tuple[TestResult, ...] = ()
    learning_gain: int | None = None
    """Post-test minus pre-test in percentage points, rounded down (Kirkpatrick level 2)."""
    stages: tuple[StageReached, ...] = ()
    qualification: Qualification | None = None
    evaluations: tuple[Evaluation, ...] = ()
    certificate_id: UUID | None = None


class ListAttendanceCorrections(Published):
    edition_id: UUID | None = None
    state: Literal["requested", "approved", "rejected"] | None = None


class AttendanceCorrectionList(Published):
    """As many as fit into one message, the oldest first, of `total`."""

    items: tuple[AttendanceCorrection, ...]
    total: int


class ListWarnings(Published):
    partner: PartnerId | None = None


class AttendanceWarning(Published):
    edition_id: UUID
    edition_code: Code
    participant_id: UUID
    participant_name: PersonName | None = None
    progress: Progress


class WarningList(Published):
    items: tuple[AttendanceWarning, ...]
    total: int


class LedgerReference(Published):
    """The event on which a document rests."""

    ledger: str
    position: int
    stream: UUID
    version: int


class Certificate(Published):
    id: UUID
    number: str
    participant_id: UUID
    holder: PersonName | None
    """None when withheld or erased."""
    edition_id: UUID
    edition_code: Code
    programme_code: Code
    title_pl: str
    title_en: str
    result: Result
    first_day: date
    last_day: date
    place: str
    hours: int
    """Attended, in the programme's hours, rounded down."""
    hour: Hour
    planned_hours: int
    outcomes: tuple[Outcome, ...]
    issued_on: date
    completion: LedgerReference
    verification_code: str
    revoked_on: date | None = None
    revocation_reason: RevocationReason | None = None


class ListCertificates(Page):
    edition_id: UUID | None = None
    participant_id: UUID | None = None


class CertificatePage(Published):
    items: tuple[Certificate, ...]
    next_cursor: str | None
    position: int


class VerifyCertificate(Published):
    """The code that the certificate carries, printed and as QR."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$")


class Verification(Published):
    """What the certificate says, and whether it is still valid. Nothing else."""

    number: str
    valid: bool
    holder: PersonName | None
    """None once the person's data were erased."""
    title_pl: str
    title_en: str
    result: Result
    first_day: date
    last_day: date
    hours: int
    hour: Hour
    outcomes: tuple[Outcome, ...]
    issued_on: date
    revoked_on: date | None = None


class Document(Published):
    """A rendered file: a claim check on the file store."""

    file_id: str
    filename: str


class Issued(Published):
    participant_id: UUID
    certificate_id: UUID
    number: str


class NotIssued(Published):
    participant_id: UUID
    code: str
    """The refusal, as in the table of problems."""
    details: dict[str, Any] = Field(default_factory=dict)
    """Its figures: what was attended, what is required, and by which rule."""


class IssueJob(Published):
    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    total: int
    processed: int
    issued: tuple[Issued, ...]
    refused: tuple[NotIssued, ...]
    failure: str | None = None


class AttendanceImportJob(RowsImport):
    recorded: int
    unchanged: int
