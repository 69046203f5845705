"""What is recorded about a participant.

`occurred_on` is the day of the fact itself: of the application, the decision, the start, the exit,
the observation. Whatever people write about a person may tell of health, and is sealed as such.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from services.registry.domain.personal_record import Parts
from services.registry.domain.steps import Amendment, Step
from shared.contracts.registry.vocabulary import (
    CorrectedStep,
    ExitReason,
    FieldPointer,
    IdentityData,
    Kind,
    MonitoringData,
    Purpose,
    RecruitmentDecision,
    ResultKind,
    Situation,
    SpecialData,
    StepKind,
)
from shared.contracts.vocabulary import FreeText, PartnerId, Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import Identity, Monitoring, Special


class PersonalFacts(Event):
    """An event that carries facts about the person; what it does not tell stays as it was."""

    identity: Identity[IdentityData | None] = None
    monitoring: Monitoring[MonitoringData | None] = None
    special: Special[SpecialData | None] = None

    @property
    def parts(self) -> Parts:
        return Parts(self.identity, self.monitoring, self.special)


class RightSteps(Event):
    """An event that says how steps should have been recorded; None: as they were."""

    steps: tuple[CorrectedStep, ...]
    exit_reasons: Special[dict[int, ExitReason] | None] = None
    """By version of the step."""
    situations: Monitoring[dict[int, Situation] | None] = None
    """By version of the step."""

    @property
    def amendment(self) -> Amendment:
        return Amendment(self.steps, self.exit_reasons, self.situations)


class ParticipantEvents(Aggregate):
    class Registered(Step, PersonalFacts):
        """A person applied; an incomplete record is accepted."""

        TOPIC: ClassVar[str] = "registry.Participant.Registered"
        STEP: ClassVar[StepKind] = StepKind.APPLICATION
        kind: Kind
        partner: PartnerId
        reference: Identity[Reference | None] = None

    class Updated(PersonalFacts):
        """Facts about the person changed on this day and had been right before."""

        TOPIC: ClassVar[str] = "registry.Participant.Updated"

    class Scored(Step):
        TOPIC: ClassVar[str] = "registry.Participant.Scored"
        STEP: ClassVar[StepKind] = StepKind.SCORING
        scored_by: str
        criteria_version: str
        points: Special[dict[str, int]]
        """Points for a ground tell of the ground."""
        total: int

    class RecruitmentDecided(Step):
        TOPIC: ClassVar[str] = "registry.Participant.RecruitmentDecided"
        STEP: ClassVar[StepKind] = StepKind.DECISION
        decision: RecruitmentDecision
        decided_by: str
        criteria_version: str
        total: int
        justification: Special[FreeText]

    class Enrolled(Step):
        """The first support started."""

        TOPIC: ClassVar[str] = "registry.Participant.Enrolled"
        STEP: ClassVar[StepKind] = StepKind.START
        support: Reference

    class Suspended(Step):
        TOPIC: ClassVar[str] = "registry.Participant.Suspended"
        STEP: ClassVar[StepKind] = StepKind.SUSPENSION
        reason: Special[FreeText]

    class Resumed(Step):
        TOPIC: ClassVar[str] = "registry.Participant.Resumed"
        STEP: ClassVar[StepKind] = StepKind.RESUMPTION

    class Exited(Step):
        TOPIC: ClassVar[str] = "registry.Participant.Exited"
        STEP: ClassVar[StepKind] = StepKind.EXIT
        reason: Special[ExitReason]
        as_planned: bool
        note: Special[FreeText | None] = None

    class OutcomeRecorded(Step):
        """The situation within four weeks after exit, on the day it was observed."""

        TOPIC: ClassVar[str] = "registry.Participant.OutcomeRecorded"
        STEP: ClassVar[StepKind] = StepKind.OUTCOME
        situation: Monitoring[Situation]

    class FollowUpRecorded(Step):
        """The situation six months after exit, on the day it was observed."""

        TOPIC: ClassVar[str] = "registry.Participant.FollowUpRecorded"
        STEP: ClassVar[StepKind] = StepKind.FOLLOW_UP
        situation: Monitoring[Situation]

    class ReEntered(Step):
        """Support started again after an exit, which thereby was not the final one."""

        TOPIC: ClassVar[str] = "registry.Participant.ReEntered"
        STEP: ClassVar[StepKind] = StepKind.RE_ENTRY
        support: Reference

    class ConsentGiven(Step):
        TOPIC: ClassVar[str] = "registry.Participant.ConsentGiven"
        STEP: ClassVar[StepKind] = StepKind.CONSENT
        purpose: Purpose
        text_version: Reference

    class ConsentWithdrawn(Step):
        TOPIC: ClassVar[str] = "registry.Participant.ConsentWithdrawn"
        STEP: ClassVar[StepKind] = StepKind.CONSENT_WITHDRAWAL
        purpose: Purpose

    class CorrectionRequested(PersonalFacts):
        """Somebody says that the fields were wrong; without a value the right one is unknown."""

        TOPIC: ClassVar[str] = "registry.Participant.CorrectionRequested"
        correction_id: UUID
        requested_by: str
        in_force_on: date
        fields: tuple[FieldPointer, ...]
        reason: Special[FreeText]
        source_document: Reference

    class Corrected(PersonalFacts):
        """The fields had been wrong from the start; the values in force on a day are replaced."""

        TOPIC: ClassVar[str] = "registry.Participant.Corrected"
        correction_id: UUID
        decided_by: str
        in_force_on: date
        fields: tuple[FieldPointer, ...]
        justification: Special[FreeText]

    class StepCorrectionRequested(RightSteps):
        """Somebody says that steps of the lifecycle were recorded wrongly."""

        TOPIC: ClassVar[str] = "registry.Participant.StepCorrectionRequested"
        correction_id: UUID
        requested_by: str
        reason: Special[FreeText]
        source_document: Reference

    class StepsCorrected(RightSteps):
        """The steps had been recorded wrongly; what follows from them is judged anew."""

        TOPIC: ClassVar[str] = "registry.Participant.StepsCorrected"
        correction_id: UUID
        decided_by: str
        justification: Special[FreeText]

    class CorrectionRejected(Event):
        TOPIC: ClassVar[str] = "registry.Participant.CorrectionRejected"
        correction_id: UUID
        decided_by: str
        justification: Special[FreeText]

    class ResultProposed(Event):
        """The participant told research of the situation on a day; `occurred_on` is that on which
        the registry heard of it.
        """

        TOPIC: ClassVar[str] = "registry.Participant.ResultProposed"
        proposal_id: UUID
        kind: ResultKind
        exited_on: date
        observed_on: date
        situation: Monitoring[Situation]

    class ResultDecided(Event):
        """An approved one is recorded as outcome or follow-up in the same commit."""

        TOPIC: ClassVar[str] = "registry.Participant.ResultDecided"
        proposal_id: UUID
        approved: bool
        decided_by: str
        justification: Special[FreeText]

    class MergedInto(Event):
        """The record turned out to be of the same person as another, which goes on."""

        TOPIC: ClassVar[str] = "registry.Participant.MergedInto"
        into: UUID
        case_id: UUID

    class MergeUndone(Event):
        """The record is of a person of its own after all, and goes on where it stood."""

        TOPIC: ClassVar[str] = "registry.Participant.MergeUndone"
        out_of: UUID
        case_id: UUID
