"""The history of a participant: its events, and the state they lead to.

`occurred_on` is the day of the fact itself: of the application, the decision, the start, the exit,
the observation. Whatever people write about a person may tell of health, and is sealed as such.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import Any, ClassVar, Final
from uuid import UUID

from services.registry.domain import consents
from services.registry.domain.consents import Consent
from services.registry.domain.corrections import Correction, CorrectionState
from services.registry.domain.personal_record import Parts, PersonalRecord
from services.registry.domain.recruitment import Score
from shared.contracts.registry.vocabulary import (
    ExitReason,
    FieldPointer,
    IdentityData,
    Kind,
    MonitoringData,
    Purpose,
    RecruitmentDecision,
    Situation,
    SpecialData,
    Status,
)
from shared.contracts.vocabulary import FreeText, PartnerId, Reference
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import Identity, Monitoring, Special, Unreadable

STANDING_AFTER: Final = {
    RecruitmentDecision.ADMIT: Status.ADMITTED,
    RecruitmentDecision.RESERVE: Status.RESERVE,
    RecruitmentDecision.REFUSE: Status.REFUSED,
}


class PersonalFacts(Event):
    """An event that carries facts about the person; what it does not tell stays as it was."""

    identity: Identity[IdentityData | None] = None
    monitoring: Monitoring[MonitoringData | None] = None
    special: Special[SpecialData | None] = None

    @property
    def parts(self) -> Parts:
        return Parts(self.identity, self.monitoring, self.special)


@dataclass(frozen=True)
class Episode:
    """One stay in the project, from (re-)entry to exit, with the results observed after it."""

    started_on: date
    support: str
    exited_on: date | None = None
    exit_reason: ExitReason | Unreadable | None = None
    as_planned: bool | None = None
    outcome: Situation | Unreadable | None = None
    outcome_observed_on: date | None = None
    follow_up: Situation | Unreadable | None = None
    follow_up_observed_on: date | None = None


class ParticipantHistory(Aggregate):
    class Registered(PersonalFacts):
        """A person applied; an incomplete record is accepted."""

        TOPIC: ClassVar[str] = "registry.Participant.Registered"
        kind: Kind
        partner: PartnerId
        reference: Identity[Reference | None] = None

    class Updated(PersonalFacts):
        """Facts about the person changed on this day and had been right before."""

        TOPIC: ClassVar[str] = "registry.Participant.Updated"

    class Scored(Event):
        TOPIC: ClassVar[str] = "registry.Participant.Scored"
        scored_by: str
        criteria_version: str
        points: Special[dict[str, int]]
        """Points for a ground tell of the ground."""
        total: int

    class RecruitmentDecided(Event):
        TOPIC: ClassVar[str] = "registry.Participant.RecruitmentDecided"
        decision: RecruitmentDecision
        decided_by: str
        criteria_version: str
        total: int
        justification: Special[FreeText]

    class Enrolled(Event):
        """The first support started."""

        TOPIC: ClassVar[str] = "registry.Participant.Enrolled"
        support: Reference

    class Suspended(Event):
        TOPIC: ClassVar[str] = "registry.Participant.Suspended"
        reason: Special[FreeText]

    class Resumed(Event):
        TOPIC: ClassVar[str] = "registry.Participant.Resumed"

    class Exited(Event):
        TOPIC: ClassVar[str] = "registry.Participant.Exited"
        reason: Special[ExitReason]
        as_planned: bool
        note: Special[FreeText | None] = None

    class OutcomeRecorded(Event):
        """The situation within four weeks after exit, on the day it was observed."""

        TOPIC: ClassVar[str] = "registry.Participant.OutcomeRecorded"
        situation: Monitoring[Situation]

    class FollowUpRecorded(Event):
        """The situation six months after exit, on the day it was observed."""

        TOPIC: ClassVar[str] = "registry.Participant.FollowUpRecorded"
        situation: Monitoring[Situation]

    class ReEntered(Event):
        """Support started again after an exit, which thereby was not the final one."""

        TOPIC: ClassVar[str] = "registry.Participant.ReEntered"
        support: Reference

    class ConsentGiven(Event):
        TOPIC: ClassVar[str] = "registry.Participant.ConsentGiven"
        purpose: Purpose
        text_version: Reference

    class ConsentWithdrawn(Event):
        TOPIC: ClassVar[str] = "registry.Participant.ConsentWithdrawn"
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

    class CorrectionRejected(Event):
        TOPIC: ClassVar[str] = "registry.Participant.CorrectionRejected"
        correction_id: UUID
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

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.kind: Kind
        self.partner: str
        self.reference: str | Unreadable | None = None
        self.applied_on: date
        self.personal = PersonalRecord()
        self.standing: Status | None = None
        self.score: Score | None = None
        self.latest_on = date.min
        """Day of the latest step of the lifecycle; the next one cannot come before it."""
        self.episodes: tuple[Episode, ...] = ()
        self.consents: tuple[Consent, ...] = ()
        self.corrections: dict[UUID, Correction] = {}
        self.merged_into: UUID | None = None

    @property
    def status(self) -> Status | None:
        """None before registration."""
        return Status.MERGED if self.merged_into else self.standing

    @property
    def started_on(self) -> date | None:
        """Start of the first support: outputs are counted as of this day, whatever came later."""
        return self.episodes[0].started_on if self.episodes else None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Registered) -> None:
        self.kind, self.partner, self.reference = event.kind, event.partner, event.reference
        self.applied_on = event.occurred_on
        self.personal.learn(event.parts, event.occurred_on)
        self._step(event, Status.APPLIED)

    @apply.register
    def _(self, event: Updated) -> None:
        self.personal.learn(event.parts, event.occurred_on)

    @apply.register
    def _(self, event: Scored) -> None:
        self.score = Score(
            event.occurred_on, event.scored_by, event.criteria_version, event.points, event.total
        )
        self._step(event, Status.SCORED)

    @apply.register
    def _(self, event: RecruitmentDecided) -> None:
        self._step(event, STANDING_AFTER[event.decision])

    @apply.register
    def _(self, event: Enrolled) -> None:
        self.episodes = (Episode(event.occurred_on, event.support),)
        self._step(event, Status.ENROLLED)

    @apply.register
    def _(self, event: Suspended) -> None:
        self._step(event, Status.SUSPENDED)

    @apply.register
    def _(self, event: Resumed) -> None:
        self._step(event, Status.ENROLLED)

    @apply.register
    def _(self, event: Exited) -> None:
        self._amend_episode(
            exited_on=event.occurred_on, exit_reason=event.reason, as_planned=event.as_planned
        )
        self._step(event, Status.EXITED)

    @apply.register
    def _(self, event: OutcomeRecorded) -> None:
        self._amend_episode(outcome=event.situation, outcome_observed_on=event.occurred_on)

    @apply.register
    def _(self, event: FollowUpRecorded) -> None:
        self._amend_episode(follow_up=event.situation, follow_up_observed_on=event.occurred_on)

    @apply.register
    def _(self, event: ReEntered) -> None:
        self.episodes = (*self.episodes, Episode(event.occurred_on, event.support))
        self._step(event, Status.ENROLLED)

    @apply.register
    def _(self, event: ConsentGiven) -> None:
        given = Consent(event.purpose, event.text_version, event.occurred_on)
        self.consents = (*self.consents, given)

    @apply.register
    def _(self, event: ConsentWithdrawn) -> None:
        self.consents = consents.withdrawn(self.consents, event.purpose, event.occurred_on)

    @apply.register
    def _(self, event: CorrectionRequested) -> None:
        self.corrections[event.correction_id] = Correction(
            id=event.correction_id,
            requested_on=event.occurred_on,
            requested_by=event.requested_by,
            in_force_on=event.in_force_on,
            fields=event.fields,
            proposed=event.parts,
            replaced=self.personal.facts_in_force(event.fields, event.in_force_on),
            reason=event.reason,
            source_document=event.source_document,
        )

    @apply.register
    def _(self, event: Corrected) -> None:
        self.personal.correct(event.parts, event.fields, event.in_force_on)
        self._close_correction(event, CorrectionState.APPROVED)

    @apply.register
    def _(self, event: CorrectionRejected) -> None:
        self._close_correction(event, CorrectionState.REJECTED)

    @apply.register
    def _(self, event: MergedInto) -> None:
        self.merged_into = event.into

    @apply.register
    def _(self, _event: MergeUndone) -> None:
        self.merged_into = None

    def _step(self, event: Event, standing: Status) -> None:
        self.standing, self.latest_on = standing, event.occurred_on

    def _amend_episode(self, **facts: Any) -> None:
        self.episodes = (*self.episodes[:-1], replace(self.episodes[-1], **facts))

    def _close_correction(
        self, event: Corrected | CorrectionRejected, state: CorrectionState
    ) -> None:
        self.corrections[event.correction_id] = replace(
            self.corrections[event.correction_id],
            state=state,
            decided_on=event.occurred_on,
            decided_by=event.decided_by,
        )
