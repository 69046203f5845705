"""The state that the history of a participant leads to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import Any, Final
from uuid import UUID

from services.registry.domain import consents
from services.registry.domain.consents import Consent
from services.registry.domain.corrections import (
    Correction,
    CorrectionState,
    PersonalChange,
    StepsChange,
)
from services.registry.domain.participant_events import ParticipantEvents
from services.registry.domain.personal_record import PersonalRecord
from services.registry.domain.proposals import Proposal
from services.registry.domain.recruitment import Score
from services.registry.domain.steps import Step, StepFacts
from shared.contracts.registry.vocabulary import (
    ExitReason,
    Kind,
    RecruitmentDecision,
    Situation,
    Status,
)
from shared.kernel.aggregate import Event
from shared.kernel.personal import Unreadable

STANDING_AFTER: Final = {
    RecruitmentDecision.ADMIT: Status.ADMITTED,
    RecruitmentDecision.RESERVE: Status.RESERVE,
    RecruitmentDecision.REFUSE: Status.REFUSED,
}


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


class ParticipantHistory(ParticipantEvents):
    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.history: list[Event] = []
        """The events by version, those of corrected steps as they should have been."""
        self.corrections: dict[UUID, Correction] = {}
        self._begin()

    def _begin(self) -> None:
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
        self.merged_into: UUID | None = None
        self.proposals: dict[UUID, Proposal] = {}

    @property
    def status(self) -> Status | None:
        """None before registration."""
        return Status.MERGED if self.merged_into else self.standing

    @property
    def started_on(self) -> date | None:
        """Start of the first support: outputs are counted as of this day, whatever came later."""
        return self.episodes[0].started_on if self.episodes else None

    @property
    def start_version(self) -> int:
        """The version that recorded the first start of support."""
        return next(
            event.originator_version for event in self.history if isinstance(event, self.Enrolled)
        )

    @property
    def open_proposals(self) -> list[Proposal]:
        return [each for each in self.proposals.values() if not each.decided]

    def step(self, version: int) -> Step | None:
        """The step that a version recorded, as far as known today; None when it recorded none."""
        recorded = self.history[version - 1] if 1 <= version <= len(self.history) else None
        return recorded if isinstance(recorded, Step) else None

    def apply(self, event: Event) -> None:
        """Evolve by one event; once steps are corrected, by the whole history told rightly."""
        if isinstance(event, self.StepsCorrected):
            rightly = [event.amendment.amend(told) for told in self.history]
            self.history = []
            self._begin()
            for told in rightly:
                self.tell(told)
        self.tell(event)

    def tell(self, event: Event) -> None:
        """Evolve by an event of a history in which every step is right already."""
        self.history.append(event)
        self._evolve(event)

    @singledispatchmethod
    def _evolve(self, event: Event) -> None:
        super().apply(event)

    @_evolve.register
    def _(self, event: ParticipantEvents.Registered) -> None:
        self.kind, self.partner, self.reference = event.kind, event.partner, event.reference
        self.applied_on = event.occurred_on
        self.personal.learn(event.parts, event.occurred_on)
        self._step(event, Status.APPLIED)

    @_evolve.register
    def _(self, event: ParticipantEvents.Updated) -> None:
        self.personal.learn(event.parts, event.occurred_on)

    @_evolve.register
    def _(self, event: ParticipantEvents.Scored) -> None:
        self.score = Score(
            event.occurred_on, event.scored_by, event.criteria_version, event.points, event.total
        )
        self._step(event, Status.SCORED)

    @_evolve.register
    def _(self, event: ParticipantEvents.RecruitmentDecided) -> None:
        self._step(event, STANDING_AFTER[event.decision])

    @_evolve.register
    def _(self, event: ParticipantEvents.Enrolled) -> None:
        self.episodes = (Episode(event.occurred_on, event.support),)
        self._step(event, Status.ENROLLED)

    @_evolve.register
    def _(self, event: ParticipantEvents.Suspended) -> None:
        self._step(event, Status.SUSPENDED)

    @_evolve.register
    def _(self, event: ParticipantEvents.Resumed) -> None:
        self._step(event, Status.ENROLLED)

    @_evolve.register
    def _(self, event: ParticipantEvents.Exited) -> None:
        self._amend_episode(
            exited_on=event.occurred_on, exit_reason=event.reason, as_planned=event.as_planned
        )
        self._step(event, Status.EXITED)

    @_evolve.register
    def _(self, event: ParticipantEvents.OutcomeRecorded) -> None:
        self._amend_episode(outcome=event.situation, outcome_observed_on=event.occurred_on)

    @_evolve.register
    def _(self, event: ParticipantEvents.FollowUpRecorded) -> None:
        self._amend_episode(follow_up=event.situation, follow_up_observed_on=event.occurred_on)

    @_evolve.register
    def _(self, event: ParticipantEvents.ReEntered) -> None:
        self.episodes = (*self.episodes, Episode(event.occurred_on, event.support))
        self._step(event, Status.ENROLLED)

    @_evolve.register
    def _(self, event: ParticipantEvents.ConsentGiven) -> None:
        given = Consent(event.purpose, event.text_version, event.occurred_on)
        self.consents = (*self.consents, given)

    @_evolve.register
    def _(self, event: ParticipantEvents.ConsentWithdrawn) -> None:
        self.consents = consents.withdrawn(self.consents, event.purpose, event.occurred_on)

    @_evolve.register
    def _(self, event: ParticipantEvents.CorrectionRequested) -> None:
        replaced = self.personal.facts_in_force(event.fields, event.in_force_on)
        change = PersonalChange(event.in_force_on, event.fields, event.parts, replaced)
        self._open_correction(event, change)

    @_evolve.register
    def _(self, event: ParticipantEvents.StepCorrectionRequested) -> None:
        if event.correction_id in self.corrections:
            return  # told again after a correction, it still says what was recorded when it came
        recorded = [self.history[step.version - 1] for step in event.steps]
        amended = [event.amendment.amend(step) for step in recorded]
        change = StepsChange(event.amendment, _facts(recorded), _facts(amended))
        self._open_correction(event, change)

    @_evolve.register
    def _(self, event: ParticipantEvents.Corrected) -> None:
        self.personal.correct(event.parts, event.fields, event.in_force_on)
        self._close_correction(event, CorrectionState.APPROVED)

    @_evolve.register
    def _(self, event: ParticipantEvents.StepsCorrected) -> None:
        self._close_correction(event, CorrectionState.APPROVED)

    @_evolve.register
    def _(self, event: ParticipantEvents.CorrectionRejected) -> None:
        self._close_correction(event, CorrectionState.REJECTED)

    @_evolve.register
    def _(self, event: ParticipantEvents.ResultProposed) -> None:
        self.proposals[event.proposal_id] = Proposal(
            event.proposal_id,
            event.kind,
            event.exited_on,
            event.observed_on,
            event.occurred_on,
            event.situation,
        )

    @_evolve.register
    def _(self, event: ParticipantEvents.ResultDecided) -> None:
        proposal = self.proposals[event.proposal_id]
        self.proposals[event.proposal_id] = replace(proposal, decided=True)

    @_evolve.register
    def _(self, event: ParticipantEvents.MergedInto) -> None:
        self.merged_into = event.into

    @_evolve.register
    def _(self, _event: ParticipantEvents.MergeUndone) -> None:
        self.merged_into = None

    def _step(self, event: Event, standing: Status) -> None:
        self.standing, self.latest_on = standing, event.occurred_on

    def _amend_episode(self, **facts: Any) -> None:
        self.episodes = (*self.episodes[:-1], replace(self.episodes[-1], **facts))

    def _open_correction(
        self,
        event: ParticipantEvents.CorrectionRequested | ParticipantEvents.StepCorrectionRequested,
        change: PersonalChange | StepsChange,
    ) -> None:
        self.corrections[event.correction_id] = Correction(
            id=event.correction_id,
            requested_on=event.occurred_on,
            requested_by=event.requested_by,
            change=change,
            reason=event.reason,
            source_document=event.source_document,
        )

    def _close_correction(
        self,
        event: ParticipantEvents.Corrected
        | ParticipantEvents.StepsCorrected
        | ParticipantEvents.CorrectionRejected,
        state: CorrectionState,
    ) -> None:
        self.corrections[event.correction_id] = replace(
            self.corrections[event.correction_id],
            state=state,
            decided_on=event.occurred_on,
            decided_by=event.decided_by,
        )


def _facts(steps: Iterable[Event]) -> tuple[StepFacts, ...]:
    return tuple(step.facts for step in steps if isinstance(step, Step))
