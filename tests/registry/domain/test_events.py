"""What the ledger will hold: permanent names, and personal data in its class."""

from typing import Any

import pytest

from services.registry.domain.duplicates import DuplicateCase
from services.registry.domain.participant import Participant
from services.registry.domain.participant_events import ParticipantEvents
from shared.kernel.aggregate import Event
from shared.kernel.personal import DataClass, personal_fields

ID, MON, SPEC = DataClass.IDENTITY, DataClass.MONITORING, DataClass.SPECIAL
FACTS = {"identity": ID, "monitoring": MON, "special": SPEC}
RIGHT = {"exit_reasons": SPEC, "situations": MON}
CLEAR = set(Event.model_fields)

RECORDED: dict[str, tuple[dict[str, DataClass], set[str]]] = {
    "registry.Participant.Registered": (FACTS | {"reference": ID}, {"kind", "partner"}),
    "registry.Participant.Updated": (FACTS, set()),
    "registry.Participant.Scored": ({"points": SPEC}, {"scored_by", "criteria_version", "total"}),
    "registry.Participant.RecruitmentDecided": (
        {"justification": SPEC},
        {"decision", "decided_by", "criteria_version", "total"},
    ),
    "registry.Participant.Enrolled": ({}, {"support"}),
    "registry.Participant.Suspended": ({"reason": SPEC}, set()),
    "registry.Participant.Resumed": ({}, set()),
    "registry.Participant.Exited": ({"reason": SPEC, "note": SPEC}, {"as_planned"}),
    "registry.Participant.OutcomeRecorded": ({"situation": MON}, set()),
    "registry.Participant.FollowUpRecorded": ({"situation": MON}, set()),
    "registry.Participant.ReEntered": ({}, {"support"}),
    "registry.Participant.ConsentGiven": ({}, {"purpose", "text_version"}),
    "registry.Participant.ConsentWithdrawn": ({}, {"purpose"}),
    "registry.Participant.CorrectionRequested": (
        FACTS | {"reason": SPEC},
        {"correction_id", "requested_by", "in_force_on", "fields", "source_document"},
    ),
    "registry.Participant.Corrected": (
        FACTS | {"justification": SPEC},
        {"correction_id", "decided_by", "in_force_on", "fields"},
    ),
    "registry.Participant.StepCorrectionRequested": (
        RIGHT | {"reason": SPEC},
        {"correction_id", "requested_by", "steps", "source_document"},
    ),
    "registry.Participant.StepsCorrected": (
        RIGHT | {"justification": SPEC},
        {"correction_id", "decided_by", "steps"},
    ),
    "registry.Participant.CorrectionRejected": (
        {"justification": SPEC},
        {"correction_id", "decided_by"},
    ),
    "registry.Participant.ResultProposed": (
        {"situation": MON},
        {"proposal_id", "kind", "exited_on", "observed_on"},
    ),
    "registry.Participant.ResultDecided": (
        {"justification": SPEC},
        {"proposal_id", "approved", "decided_by"},
    ),
    "registry.Participant.MergedInto": ({}, {"into", "case_id"}),
    "registry.Participant.MergeUndone": ({}, {"out_of", "case_id"}),
    "registry.DuplicateCase.Suspected": ({}, {"first", "second", "likeness"}),
    "registry.DuplicateCase.Dismissed": ({"justification": SPEC}, {"decided_by"}),
    "registry.DuplicateCase.Merged": ({"justification": SPEC}, {"kept", "merged", "decided_by"}),
    "registry.DuplicateCase.MergeUndone": (
        {"justification": SPEC},
        {"kept", "merged", "decided_by"},
    ),
}
"""Personal fields by data class, and the fields that stay in clear for ever."""


def events_of(aggregate: type) -> list[type[Event]]:
    nested: list[Any] = list(vars(aggregate).values())
    return [m for m in nested if isinstance(m, type) and issubclass(m, Event)]


EVENTS = [*events_of(ParticipantEvents), *events_of(DuplicateCase)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TOPIC)
def test_personal_data_is_sealed_and_what_stays_in_clear_is_agreed(event: type[Event]) -> None:
    personal, clear = RECORDED[event.TOPIC]
    assert dict(personal_fields(event)) == personal
    assert set(event.model_fields) - CLEAR - set(personal) == clear


def test_every_agreed_event_exists() -> None:
    assert {event.TOPIC for event in EVENTS} == set(RECORDED)


def test_events_evolve_the_aggregate_that_decides() -> None:
    assert {event.aggregate_class for event in EVENTS} == {Participant, DuplicateCase}
