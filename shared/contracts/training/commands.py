"""Commands of training, imperative. The caller and the command id travel beside them."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from shared.contracts.model import Published
from shared.contracts.training.vocabulary import (
    Code,
    CompetenceStage,
    GroupLimits,
    Mark,
    Minutes,
    ProgrammeContent,
    RevocationReason,
    Session,
    TestPhase,
    TrainerContract,
)
from shared.contracts.vocabulary import FreeText, PartnerId, PersonName, Reference, ShortText


class OpenProgramme(Published):
    """Lay a programme down."""

    content: ProgrammeContent
    approved_on: date


class ProgrammeCommand(Published):
    programme_id: UUID


class ReviseProgramme(ProgrammeCommand):
    """A new version; editions that were opened on an earlier one stay on it."""

    content: ProgrammeContent
    approved_on: date


class WithdrawProgramme(ProgrammeCommand):
    """No further editions."""

    withdrawn_on: date


class OpenEdition(Published):
    """Open a group of a programme, on the programme's latest version."""

    programme_id: UUID
    code: Code
    partner: PartnerId
    place: ShortText
    opened_on: date
    limits: GroupLimits | None = Field(
        default=None, description="Instead of the limits in force; then a justification is needed"
    )
    limits_justification: ShortText | None = None


class EditionCommand(Published):
    """A command to one edition; `If-Match` names the version the caller has seen."""

    edition_id: UUID


class ContractTrainer(EditionCommand):
    contract: TrainerContract
    signed_on: date


class SetTimetable(EditionCommand):
    """Put a whole timetable in force. Sessions that keep their id keep their attendance."""

    sessions: tuple[Session, ...] = Field(min_length=1, max_length=100)
    decided_on: date
    reason: ShortText | None = Field(
        default=None, description="Required from the second version on"
    )


class EnrolOnEdition(EditionCommand):
    participant_id: UUID
    enrolled_on: date
    reserve_if_full: bool = Field(
        default=False, description="Take a place on the reserve list when no other is left"
    )


class Substitute(EditionCommand):
    """Before the first session only: `out` gives the place to `into`, from the reserve list."""

    out: UUID
    into: UUID
    substituted_on: date
    reason: FreeText


class EndEnrolment(EditionCommand):
    """Someone leaves: before the first session withdrawn, after it abandoned."""

    participant_id: UUID
    ended_on: date
    reason: FreeText


class CloseEdition(EditionCommand):
    """All sessions are settled: decide of everybody enrolled whether they completed the course."""

    closed_on: date


class MarkAttendance(Published):
    """Mark some or all of a session's participants at once."""

    session_id: UUID
    marks: tuple[Mark, ...] = Field(min_length=1, max_length=100)


class SettleAttendance(Published):
    """The trainer confirms the list; from here on it changes by correction only."""

    session_id: UUID
    confirmed_on: date


class RequestAttendanceCorrection(Published):
    """A settled mark was wrong. Another person decides."""

    session_id: UUID
    participant_id: UUID
    minutes: Minutes
    requested_on: date
    reason: FreeText
    source_document: Reference


class DecideAttendanceCorrection(Published):
    session_id: UUID
    correction_id: UUID
    decided_on: date
    approve: bool
    justification: FreeText


class ParticipationCommand(Published):
    """A command about one participant's course in one edition."""

    edition_id: UUID
    participant_id: UUID


class RecordTest(ParticipationCommand):
    phase: TestPhase
    taken_on: date
    points: NonNegativeInt
    maximum: PositiveInt


class RecordCompetenceStage(ParticipationCommand):
    """The third or the fourth stage; the first two belong to the programme."""

    stage: Literal[CompetenceStage.ASSESSMENT, CompetenceStage.COMPARISON]
    reached_on: date
    achieved: tuple[Code, ...] = Field(
        default=(), description="Learning outcomes shown, by code; all of them confirm a competence"
    )
    source_document: Reference


class RecordQualification(ParticipationCommand):
    """The certifying body awarded the qualification."""

    gained_on: date
    document_number: Reference


class RecordEvaluation(ParticipationCommand):
    """One result on a level of Kirkpatrick's model; the forms of levels 1 and 3 are research's."""

    level: int = Field(ge=1, le=4)
    measure: Code
    value: int = Field(ge=0, le=1_000_000)
    observed_on: date
    reference: Reference | None = None


class Holder(Published):
    participant_id: UUID
    name: PersonName | None
    """None when the registry tells none (erased): refused and reported."""


class IssueCertificates(EditionCommand):
    """Issue to these holders: the names are what the documents will say.

    Starts a job. Who may not get one is told with the reason; the others get theirs.
    """

    issued_on: date
    holders_file: str = Field(
        description="Claim check of a JSON array of holders, in the file store"
    )


class RevokeCertificate(Published):
    """By another person than the one who issued it. The number is never used again."""

    certificate_id: UUID
    revoked_on: date
    reason: RevocationReason
    justification: FreeText


class ImportAttendance(Published):
    """Import marks of many sessions from a CSV file: a claim check, never the file itself."""

    file_id: str
    filename: str
    dry_run: bool
    mode: Literal["all_or_nothing", "good_rows"] = "all_or_nothing"


class RenderSignInList(Published):
    """Make the printable list of a session; `names` are joined by the gateway."""

    session_id: UUID
    names: dict[UUID, PersonName] = Field(max_length=100)


class ExportAttendance(Published):
    """Make the CSV file of marks, of an edition or of single sessions, as the import takes it;
    `names` may be joined by the gateway, for people only.
    """

    edition_id: UUID | None = None
    session_ids: tuple[UUID, ...] = Field(default=(), max_length=100)
    names: dict[UUID, PersonName] = Field(default_factory=dict, max_length=100)

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if (self.edition_id is None) == (not self.session_ids):
            raise ValueError("either an edition or sessions are exported")
        return self
