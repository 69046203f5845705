"""The history of one participant's course in one edition: what it led to, beside attendance.

Points and results tell what somebody knows, earns or does, and are sealed as monitoring data.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from pydantic import NonNegativeInt, PositiveInt

from services.training.domain.edition_history import AboutParticipant
from services.training.domain.ids import id_of
from shared.contracts.training.vocabulary import (
    CertifyingBody,
    Code,
    CompetenceStage,
    EnrolmentState,
    Minutes,
    Percent,
    TestPhase,
)
from shared.contracts.vocabulary import Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import Monitoring


def participation_id(edition_id: UUID, participant_id: UUID) -> UUID:
    return id_of("participation", f"{edition_id}/{participant_id}")


class OneParticipation(AboutParticipant):
    edition_id: UUID


class Concluded(OneParticipation):
    """The figures on which a conclusion rests; `rule` says where the minimum comes from."""

    programme_code: Code
    attended_minutes: NonNegativeInt
    planned_minutes: PositiveInt
    percent: NonNegativeInt
    """Rounded down; the minimum was compared exactly."""
    timetable_version: PositiveInt
    minimum_percent: Percent
    rule: str


class ParticipationHistory(Aggregate):
    class TestTaken(OneParticipation):
        TOPIC: ClassVar[str] = "training.Participation.TestTaken"
        phase: TestPhase
        points: Monitoring[NonNegativeInt]
        maximum: PositiveInt

    class CompetenceStageReached(OneParticipation):
        TOPIC: ClassVar[str] = "training.Participation.CompetenceStageReached"
        stage: CompetenceStage
        achieved: tuple[Code, ...]
        source_document: Reference

    class CompetenceConfirmed(OneParticipation):
        """All four stages, and every learning outcome shown."""

        TOPIC: ClassVar[str] = "training.Participation.CompetenceConfirmed"
        programme_code: Code

    class QualificationGained(OneParticipation):
        TOPIC: ClassVar[str] = "training.Participation.QualificationGained"
        programme_code: Code
        body: CertifyingBody
        document_number: Reference

    class EvaluationRecorded(OneParticipation):
        TOPIC: ClassVar[str] = "training.Participation.EvaluationRecorded"
        level: int
        measure: Code
        value: Monitoring[int]
        reference: Reference | None = None

    class AttendanceCorrected(OneParticipation):
        """A settled mark was corrected: no conclusion may be drawn from the minutes before."""

        TOPIC: ClassVar[str] = "training.Participation.AttendanceCorrected"
        session_id: UUID
        correction_id: UUID
        minutes_before: Minutes
        minutes: Minutes

    class Completed(Concluded):
        """Attended the minimum at least."""

        TOPIC: ClassVar[str] = "training.Participation.Completed"

    class NotCompleted(Concluded):
        """Attended to the end, and less than the minimum."""

        TOPIC: ClassVar[str] = "training.Participation.NotCompleted"

    class Abandoned(OneParticipation):
        """Left the course after it had begun."""

        TOPIC: ClassVar[str] = "training.Participation.Abandoned"
        programme_code: Code

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.tests: dict[TestPhase, ParticipationHistory.TestTaken] = {}
        self.stages: dict[CompetenceStage, ParticipationHistory.CompetenceStageReached] = {}
        self.confirmed_on: date | None = None
        self.qualification: ParticipationHistory.QualificationGained | None = None
        self.evaluations: list[ParticipationHistory.EvaluationRecorded] = []
        self.conclusion: Concluded | None = None
        self.abandoned_on: date | None = None

    @property
    def state(self) -> EnrolmentState:
        """How the course ended for the participant; enrolled while it has not."""
        if self.abandoned_on is not None:
            return EnrolmentState.ABANDONED
        if self.conclusion is None:
            return EnrolmentState.ENROLLED
        completed = isinstance(self.conclusion, self.Completed)
        return EnrolmentState.COMPLETED if completed else EnrolmentState.NOT_COMPLETED

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: TestTaken) -> None:
        self.tests[event.phase] = event

    @apply.register
    def _(self, event: CompetenceStageReached) -> None:
        self.stages[event.stage] = event

    @apply.register
    def _(self, event: CompetenceConfirmed) -> None:
        self.confirmed_on = event.occurred_on

    @apply.register
    def _(self, event: QualificationGained) -> None:
        self.qualification = event

    @apply.register
    def _(self, event: EvaluationRecorded) -> None:
        self.evaluations.append(event)

    @apply.register
    def _(self, _event: AttendanceCorrected) -> None:
        """The minutes stand in the attendance list."""

    @apply.register
    def _(self, event: Completed) -> None:
        self.conclusion = event

    @apply.register
    def _(self, event: NotCompleted) -> None:
        self.conclusion = event

    @apply.register
    def _(self, event: Abandoned) -> None:
        self.abandoned_on = event.occurred_on
