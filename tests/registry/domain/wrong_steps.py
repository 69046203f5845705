"""Steps recorded wrongly, and how the domain tests ask for their correction."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.registry.domain.participant import Participant
from shared.contracts.registry.commands import RightStep
from shared.contracts.registry.vocabulary import (
    CorrectedStep,
    LabourStatus,
    Situation,
    StepKind,
)
from shared.testing.scenario import Fact, fact, given
from tests.registry.domain.people import (
    CORRECTION,
    DECIDER,
    EXITED,
    EXITED_HISTORY,
    SCORER,
    STARTED,
    WORKING,
    dated,
)

DAY = timedelta(1)
ASKED = date(2026, 9, 1)
APPLICATION, CONSENT, SCORING, DECISION, START, EXIT, OUTCOME, FOLLOW_UP = range(1, 9)
"""Versions of the steps in the history."""
OBSERVED = EXITED + 10 * DAY
SEARCHING = Situation(labour_status=LabourStatus.INACTIVE, searching_for_work=True)
outcome = fact(Participant.OutcomeRecorded, OBSERVED, situation=WORKING)
OUTCOME_HISTORY = (*EXITED_HISTORY, outcome)
RIGHT_START = STARTED + 3 * DAY
START_MOVED = {
    "steps": (CorrectedStep(version=START, step=StepKind.START, was_on=STARTED, is_on=RIGHT_START),)
}


def on(version: int, day: date | None = None, **facts: Any) -> RightStep:
    return RightStep(version=version, occurred_on=day, **facts)


def request(participant: Participant, *steps: RightStep, **changes: Any) -> None:
    call = {
        "correction_id": CORRECTION,
        "requested_on": ASKED,
        "steps": steps or (on(START, RIGHT_START),),
        "reason": "Pomylona data na liście obecności.",
        "source_document": "LO/3/2026",
        "by": SCORER,
    }
    participant.request_step_correction(**{**call, **changes}, **dated)


def decide(participant: Participant, **changes: Any) -> None:
    call = {
        "correction_id": CORRECTION,
        "decided_on": ASKED + DAY,
        "approve": True,
        "justification": "Zgodne z listą.",
        "by": DECIDER,
    }
    participant.decide_correction(**{**call, **changes}, **dated)


def requested(correction_id: UUID = CORRECTION, **right: Any) -> Fact:
    return fact(
        Participant.StepCorrectionRequested,
        ASKED,
        correction_id=correction_id,
        requested_by=SCORER,
        reason="Pomylona data na liście obecności.",
        source_document="LO/3/2026",
        **(right or START_MOVED),
    )


def corrected(correction_id: UUID = CORRECTION, **right: Any) -> Fact:
    return fact(
        Participant.StepsCorrected,
        ASKED + DAY,
        correction_id=correction_id,
        decided_by=DECIDER,
        justification="Zgodne z listą.",
        **(right or START_MOVED),
    )


def after(history: tuple[Fact, ...], *steps: RightStep) -> Participant:
    """The participant once a correction was asked for and approved."""
    participant = given(Participant, *history).aggregate()
    request(participant, *steps)
    decide(participant)
    return participant
