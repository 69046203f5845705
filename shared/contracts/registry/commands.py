"""Commands of the registry, imperative. The caller and the command id travel beside them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field, PositiveInt

from shared.contracts.model import Published
from shared.contracts.registry.vocabulary import (
    ErasureGround,
    ExitReason,
    FieldPointer,
    HoldGround,
    Kind,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Situation,
)
from shared.contracts.vocabulary import FreeText, PartnerId, Reference
from shared.kernel.personal import DataClass


class RegisterParticipant(Published):
    """Record an application. An incomplete record is accepted and reported, never dropped."""

    kind: Kind
    partner: PartnerId
    applied_on: date
    reference: Reference | None = Field(default=None, description="The partner's own file number")
    personal: PersonalData = PersonalData()


class ParticipantCommand(Published):
    """A command to one participant; `If-Match` names the version the caller has seen."""

    participant_id: UUID


class UpdateParticipant(ParticipantCommand):
    """The facts changed on a day: the old ones were true until then. Fields not sent or null stay."""

    changed_on: date
    personal: PersonalData


class ScoreApplication(ParticipantCommand):
    """Score an application by the criteria in force on the day, with the inputs of each criterion."""

    scored_on: date
    points: dict[str, int] = Field(description="Points by criterion code")


class DecideRecruitment(ParticipantCommand):
    decided_on: date
    decision: RecruitmentDecision
    justification: FreeText


class EnrolParticipant(ParticipantCommand):
    """The first support started; outputs are counted as of this day."""

    started_on: date
    support: Reference = Field(description="What started, e.g. the number of a training edition")


class SuspendParticipant(ParticipantCommand):
    suspended_on: date
    reason: FreeText


class ResumeParticipant(ParticipantCommand):
    resumed_on: date


class ExitParticipant(ParticipantCommand):
    exited_on: date
    reason: ExitReason
    as_planned: bool
    note: FreeText | None = None


class RecordOutcome(ParticipantCommand):
    """The situation within four weeks after exit (immediate result)."""

    observed_on: date
    situation: Situation
    source_document: Reference | None = None


class RecordFollowUp(ParticipantCommand):
    """The situation six months after exit (longer-term result)."""

    observed_on: date
    situation: Situation
    source_document: Reference | None = None


class ReEnterParticipant(ParticipantCommand):
    """Support starts again; the first entry stays, results move to the final exit."""

    re_entered_on: date
    support: Reference


class GiveConsent(ParticipantCommand):
    purpose: Purpose
    text_version: Reference
    given_on: date


class WithdrawConsent(ParticipantCommand):
    purpose: Purpose
    withdrawn_on: date


class RequestCorrection(ParticipantCommand):
    """A recorded fact was wrong from the start. Another person decides."""

    requested_on: date
    in_force_on: date | None = Field(
        default=None,
        description="The values in force on this day were wrong; by default the latest ones",
    )
    personal: PersonalData = Field(
        default=PersonalData(), description="The right values; fields not sent or null stay"
    )
    retracted: tuple[FieldPointer, ...] = Field(
        default=(), description="Fields whose value was wrong while the right one is unknown"
    )
    reason: FreeText
    source_document: Reference


class RightStep(Published):
    """How a step should have been recorded; what is not sent or null stays."""

    version: PositiveInt = Field(
        description="The version of the participant that recorded the step, as in the timeline"
    )
    occurred_on: date | None = None
    exit_reason: ExitReason | None = Field(default=None, description="Of an exit only")
    as_planned: bool | None = Field(default=None, description="Of an exit only")
    situation: Situation | None = Field(
        default=None, description="Of an outcome or a follow-up only"
    )


class RequestStepCorrection(ParticipantCommand):
    """Steps of the lifecycle were recorded wrongly, together. Another person decides."""

    requested_on: date
    steps: tuple[RightStep, ...] = Field(min_length=1, max_length=50)
    reason: FreeText
    source_document: Reference


class DecideCorrection(ParticipantCommand):
    correction_id: UUID
    decided_on: date
    approve: bool
    justification: FreeText


class DecideResult(ParticipantCommand):
    """Whether what the participant told research is the result; it is recorded as the result then."""

    proposal_id: UUID
    decided_on: date
    approve: bool
    justification: FreeText


class PlaceHold(ParticipantCommand):
    """The participant's data must not be erased until the hold is lifted."""

    placed_on: date
    ground: HoldGround
    source_document: Reference


class LiftHold(ParticipantCommand):
    hold_id: UUID
    lifted_on: date
    source_document: Reference


class RequestErasure(ParticipantCommand):
    """Ask that data be erased for good. What law forbids for now is restricted instead."""

    requested_on: date
    ground: ErasureGround
    data_classes: tuple[DataClass, ...] = Field(
        min_length=1,
        max_length=3,
        description="Monitoring data may stay while indicators need them",
    )
    source_document: Reference


class DecideErasure(ParticipantCommand):
    """Order the erasure that another person requested, or dismiss the request."""

    decided_on: date
    approve: bool
    source_document: Reference


class ReviewAccess(Published):
    """Whether an emergency that somebody else claimed was one."""

    access_id: UUID
    justified: bool


class DismissDuplicate(Published):
    """Two records are two persons."""

    case_id: UUID
    decided_on: date
    justification: FreeText


class MergeDuplicate(Published):
    """Two records are one person: `kept` goes on, the other is merged into it."""

    case_id: UUID
    kept: UUID
    decided_on: date
    justification: FreeText


class UndoMerge(Published):
    case_id: UUID
    decided_on: date
    justification: FreeText


class StartImport(Published):
    """Import an uploaded file: a claim check on the file store, never the file itself."""

    file_id: str
    filename: str
    partner: PartnerId
    dry_run: bool
    mode: Literal["all_or_nothing", "good_rows"] = "all_or_nothing"
