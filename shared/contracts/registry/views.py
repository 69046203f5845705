"""Views of the registry: what queries answer.

Personal parts are None where the caller may not see them (`withheld`) or the keys were destroyed
(`erased`); a caller can always tell which.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Base64Bytes, Field

from shared.contracts.jobs import RowsImport
from shared.contracts.model import Published
from shared.contracts.operations import LAST_POSITION
from shared.contracts.registry.vocabulary import (
    Discrepancy,
    ExitReason,
    Gap,
    IdentityData,
    Kind,
    Likeness,
    MonitoringData,
    Purpose,
    ResultKind,
    Situation,
    SpecialData,
    Status,
    StepKind,
    TaskKind,
)
from shared.contracts.vocabulary import PartnerId
from shared.kernel.personal import DataClass


class Consent(Published):
    purpose: Purpose
    text_version: str
    given_on: date
    withdrawn_on: date | None = None


class Episode(Published):
    """One stay in the project, from (re-)entry to exit."""

    started_on: date
    support: str
    exited_on: date | None = None
    exit_reason: ExitReason | None = None
    as_planned: bool | None = None
    outcome: Situation | None = None
    outcome_observed_on: date | None = None
    follow_up: Situation | None = None
    follow_up_observed_on: date | None = None


class Score(Published):
    scored_on: date
    criteria_version: str
    points: dict[str, int] | None
    """None when withheld: points for a ground tell of the ground."""
    total: int


class ProposedResult(Published):
    """What the participant told research of the situation after leaving; nobody has decided yet."""

    proposal_id: UUID
    kind: ResultKind
    exited_on: date
    """The exit it was asked about."""
    observed_on: date
    proposed_on: date
    situation: Situation | None
    """None when withheld or erased."""


class Participant(Published):
    id: UUID
    version: int
    kind: Kind
    status: Status
    partner: PartnerId
    reference: str | None
    applied_on: date
    identity: IdentityData | None
    monitoring: MonitoringData | None
    special: SpecialData | None
    withheld: tuple[DataClass, ...] = ()
    erased: tuple[DataClass, ...] = ()
    restricted: bool = False
    """Kept, and used for nothing else, until an erasure is allowed or decided (GDPR art. 18)."""
    countable: bool
    gaps: tuple[Gap, ...]
    discrepancies: tuple[Discrepancy, ...] = ()
    score: Score | None = None
    episodes: tuple[Episode, ...] = ()
    proposed_results: tuple[ProposedResult, ...] = ()
    consents: tuple[Consent, ...] = ()
    suspected_duplicates: tuple[UUID, ...] = ()
    merged_into: UUID | None = None


class ParticipantPage(Published):
    items: tuple[Participant, ...]
    next_cursor: str | None
    position: int
    """Ledger position the list is true for; the next `changed_since`."""


class ListParticipants(Published):
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    kind: Kind | None = None
    status: Status | None = None
    partner: PartnerId | None = None
    countable: bool | None = None
    changed_since: int | None = Field(default=None, ge=0, le=LAST_POSITION)


class SearchParticipants(Published):
    """Search by identifying data; travels in a body, never in an address."""

    pesel: str | None = None
    family_name: str | None = None
    born_on: date | None = None


class ById(Published):
    id: UUID


class NameParticipants(Published):
    ids: tuple[UUID, ...] = Field(min_length=1, max_length=100)


class ParticipantName(Published):
    id: UUID
    given_name: str
    family_name: str


class ParticipantNames(Published):
    """In no particular order. Who is unknown, out of reach or erased is left out."""

    items: tuple[ParticipantName, ...]


class TimelineEntry(Published):
    """One recorded fact: when it was true, when it was recorded, by whom. Never its content."""

    position: int
    version: int
    event: str
    occurred_on: date
    recorded_at: datetime
    actor: str
    role: str
    command: str
    late: bool
    """Recorded more days after it was true than the rule allows."""


class Timeline(Published):
    participant_id: UUID
    entries: tuple[TimelineEntry, ...]


class StepFacts(Published):
    """What a step says, as far as it can be corrected; None: nothing of the kind, or withheld."""

    occurred_on: date
    exit_reason: ExitReason | None = None
    as_planned: bool | None = None
    situation: Situation | None = None


class StepChange(Published):
    version: int
    """The version of the participant that recorded the step."""
    step: StepKind
    before: StepFacts
    after: StepFacts


class Correction(Published):
    """Of fields of the personal record, or of steps of the lifecycle."""

    id: UUID
    participant_id: UUID
    participant_version: int
    requested_on: date
    requested_by: str
    fields: tuple[str, ...]
    """JSON pointers of the corrected fields."""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    steps: tuple[StepChange, ...] = ()
    reason: str | None = None
    source_document: str
    state: Literal["requested", "approved", "rejected"]
    decided_on: date | None = None
    decided_by: str | None = None


class ListCorrections(Published):
    participant_id: UUID | None = None
    state: Literal["requested", "approved", "rejected"] | None = None


class CorrectionList(Published):
    """As many as fit into one message, the oldest first, of `total`."""

    items: tuple[Correction, ...]
    total: int


class DuplicateCase(Published):
    id: UUID
    version: int
    state: Literal["suspected", "dismissed", "merged"]
    likeness: Likeness
    first: Participant
    second: Participant
    differing: tuple[str, ...]
    """JSON pointers of the fields in which the two records differ."""


class DuplicateList(Published):
    """As many as fit into one message, the oldest first, of `total`."""

    items: tuple[DuplicateCase, ...]
    total: int


class ListDuplicates(Published):
    state: Literal["suspected", "dismissed", "merged"] | None = "suspected"


class Task(Published):
    kind: TaskKind
    participant_id: UUID
    partner: PartnerId
    due_on: date | None
    overdue: bool
    opens_on: date
    gaps: tuple[Gap, ...] = ()
    case_id: UUID | None = None
    correction_id: UUID | None = None
    proposal_id: UUID | None = None
    access_id: UUID | None = None


class ListTasks(Published):
    as_of: date
    kind: TaskKind | None = None
    partner: PartnerId | None = None
    limit: int = Field(default=200, ge=1, le=1000)


class TaskList(Published):
    items: tuple[Task, ...]
    total: int


class Tally(Published):
    """A target against what was reached."""

    kind: Kind
    target: int
    registered: int
    enrolled: int
    """Ever started support: the number that counts against the target, once complete."""
    countable: int
    by_status: dict[str, int]
    by_sex: dict[str, int]
    """Countable participants by sex; `erased` for those who can no longer be read."""


class Dashboard(Published):
    position: int
    as_of: date
    project: str
    tallies: tuple[Tally, ...]
    by_partner: dict[str, int]


class ImportJob(RowsImport):
    """The annotated file has all errors."""

    stage: Literal["checking", "recording"] | None
    """What is being done, or was done last; None while it waits."""
    created: int
    """Like the two after it: what was recorded, or in a dry run what would be."""
    updated: int
    unchanged: int
    annotated_file_id: str | None = None


class ImportTemplate(Published):
    """An XLSX workbook to fill in: headers, lists of the allowed values, explanations, examples."""

    content: Base64Bytes
