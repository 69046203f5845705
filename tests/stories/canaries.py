"""A participant's whole history, with a canary in every personal field there is."""

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from services.registry.domain.participant import Participant
from shared.contracts.registry.vocabulary import (
    Address,
    CorrectedStep,
    ExitReason,
    IdentityData,
    Kind,
    LabourStatus,
    MonitoringData,
    OtherId,
    Purpose,
    RecruitmentDecision,
    ResultKind,
    Situation,
    SpecialData,
    StepKind,
)
from shared.kernel.aggregate import Event
from shared.kernel.personal import personal_fields

DAY: Final = date(2006, 5, 4)

CANARIES: Final = {
    "given_name": "Łucja-Canary-Qx7vJ",
    "family_name": "Łoś-Canary-Zk3pW",
    "pesel": "44051401359",
    "other_id": "ID-Canary-Hd9fM",
    "street": "Canary Street Wq4nB",
    "city": "Canaryville Pm8sT",
    "phone": "+48 617 554 309",
    "email": "canary-rt6kd@example.invalid",
    "born_on": "1944-05-14",
    "unemployed_since": "2003-11-27",
    "institution": "Institute-Canary-Gf2xL",
    "position": "Keeper-Canary-Jc5vY",
    "reference": "FILE-Canary-Bn7hR",
    "text": "She told us of her Canary-Vs9mK",
    "points": "canary_criterion_xw3qz",
}

PERSONAL: Final[dict[str, Any]] = {
    "identity": IdentityData(
        given_name=CANARIES["given_name"],
        family_name=CANARIES["family_name"],
        pesel=CANARIES["pesel"],
        other_id=OtherId(type="passport", number=CANARIES["other_id"], country="PL"),
        address=Address(
            street=CANARIES["street"],
            house_number="1",
            postal_code="00-001",
            city=CANARIES["city"],
            teryt="1465011",
        ),
        phone=CANARIES["phone"],
        email=CANARIES["email"],
    ),
    "monitoring": MonitoringData(
        born_on=date.fromisoformat(CANARIES["born_on"]),
        unemployed_since=date.fromisoformat(CANARIES["unemployed_since"]),
        institution_name=CANARIES["institution"],
        position=CANARIES["position"],
    ),
    "special": SpecialData(),
    "reference": CANARIES["reference"],
    "points": {CANARIES["points"]: 5},
    "justification": CANARIES["text"],
    "note": CANARIES["text"],
    "situation": Situation(labour_status=LabourStatus.EMPLOYED),
    "exit_reasons": {8: ExitReason.HEALTH},
    "situations": {9: Situation(labour_status=LabourStatus.EMPLOYED)},
}

CORRECTION: Final = {"correction_id": uuid4(), "in_force_on": DAY, "fields": ()}
STEP_CORRECTION: Final = {
    "correction_id": uuid4(),
    "steps": (CorrectedStep(version=8, step=StepKind.EXIT, was_on=DAY, is_on=DAY),),
}
PROPOSAL: Final = uuid4()
HISTORY: Final[dict[type[Event], dict[str, Any]]] = {
    Participant.Registered: {"kind": Kind.DEPENDENT, "partner": "partner-a"},
    Participant.Updated: {},
    Participant.Scored: {"scored_by": "a", "criteria_version": "1", "total": 5},
    Participant.RecruitmentDecided: {
        "decision": RecruitmentDecision.ADMIT,
        "decided_by": "b",
        "criteria_version": "1",
        "total": 5,
    },
    Participant.Enrolled: {"support": "T-1"},
    Participant.Suspended: {"reason": CANARIES["text"]},
    Participant.Resumed: {},
    Participant.Exited: {"reason": ExitReason.HEALTH, "as_planned": False},
    Participant.OutcomeRecorded: {},
    Participant.FollowUpRecorded: {},
    Participant.ReEntered: {"support": "T-2"},
    Participant.ConsentGiven: {"purpose": Purpose.IMAGE, "text_version": "1"},
    Participant.ConsentWithdrawn: {"purpose": Purpose.IMAGE},
    Participant.CorrectionRequested: {
        **CORRECTION,
        "requested_by": "a",
        "reason": CANARIES["text"],
        "source_document": "D-1",
    },
    Participant.Corrected: {**CORRECTION, "decided_by": "b"},
    Participant.StepCorrectionRequested: {
        **STEP_CORRECTION,
        "requested_by": "a",
        "reason": CANARIES["text"],
        "source_document": "D-2",
    },
    Participant.StepsCorrected: {**STEP_CORRECTION, "decided_by": "b"},
    Participant.CorrectionRejected: {
        "correction_id": CORRECTION["correction_id"],
        "decided_by": "b",
    },
    Participant.ResultProposed: {
        "proposal_id": PROPOSAL,
        "kind": ResultKind.FOLLOW_UP,
        "exited_on": DAY,
        "observed_on": DAY,
    },
    Participant.ResultDecided: {"proposal_id": PROPOSAL, "approved": True, "decided_by": "b"},
    Participant.MergedInto: {"into": uuid4(), "case_id": uuid4()},
    Participant.MergeUndone: {"out_of": uuid4(), "case_id": uuid4()},
}
"""Facts in clear, and those that another kind of event calls by the same name."""


def history(participant_id: UUID) -> Participant:
    """Every kind of event, with every personal field filled."""
    participant = Participant(participant_id)
    for event_class, facts in HISTORY.items():
        personal = {
            name: PERSONAL[name] for name in personal_fields(event_class) if name not in facts
        }
        participant.record(event_class, occurred_on=DAY, **facts, **personal)
    return participant


def all_events() -> set[type[Event]]:
    """The events that participants have, however many classes they are declared in."""
    return {
        member
        for owner in Participant.__mro__
        for member in vars(owner).values()
        if isinstance(member, type) and issubclass(member, Event)
    }
