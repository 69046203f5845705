"""Advice: consultations with their proof, and whether a client is ready to apply."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from services.kasa.domain.advice import AdviceCase
from services.kasa.publishing import publish
from shared.contracts.access import Role
from shared.contracts.kasa.commands.advice import (
    CloseAdviceCase,
    HoldConsultation,
    MeetChecklistItem,
    OpenAdviceCase,
)
from shared.contracts.kasa.events import AdviceDelivered
from shared.contracts.kasa.views import advice as views
from shared.contracts.kasa.vocabulary.advice import AdviceEnd, ConsultationOutcome, Topic
from shared.kernel.days import POLAND
from shared.kernel.errors import Rejected
from tests.driving import caller
from tests.kasa.clients import TODAY, register
from tests.kasa.conftest import Kasa

OPENED = date(2026, 2, 2)
FOUNDING_ITEMS = ("founders_agreed", "business_plan", "financial_forecast", "security")


@pytest.fixture
def case(kasa: Kasa) -> UUID:
    return kasa.do(OpenAdviceCase(enterprise_id=register(kasa, 1), opened_on=OPENED)).id


def consultation(case: UUID, number: int = 0, **facts: object) -> HoldConsultation:
    return HoldConsultation.model_validate(
        {
            "case_id": case,
            "held_on": date(2026, 2, 3 + number),
            "starts": time(10),
            "minutes": 90,
            "topic": Topic.BUSINESS_PLAN,
            "adviser": "oidc|adviser",
            "outcome": ConsultationOutcome.DOCUMENT_REVIEWED,
            "evidence": f"DOR/{number}/2026",
        }
        | facts
    )


def readiness(kasa: Kasa, case: UUID, day: date | None = None) -> views.Readiness:
    shown: views.AdviceCase = kasa.ask("get_advice_case", views.GetAdviceCase(id=case, day=day))
    return shown.readiness


def refused(kasa: Kasa, command: object) -> str:
    with pytest.raises(Rejected) as refusal:
        kasa.do(command)
    return refusal.value.code


def test_a_client_is_ready_with_every_item_and_enough_minutes(kasa: Kasa, case: UUID) -> None:
    kasa.do(consultation(case))
    for item in FOUNDING_ITEMS:
        kasa.do(MeetChecklistItem(case_id=case, item=item, evidence="D/1", met_on=TODAY))
    found = readiness(kasa, case)
    assert (found.ready, found.minutes, found.minutes_required) == (False, 90, 120)
    assert tuple(each.code for each in found.items) == FOUNDING_ITEMS
    kasa.do(consultation(case, 1, minutes=30))
    assert readiness(kasa, case).ready
    assert not readiness(kasa, case, date(2026, 3, 1)).ready


def test_consultations_are_proved_do_not_overlap_and_are_over(kasa: Kasa, case: UUID) -> None:
    kasa.do(consultation(case))
    at_once: dict[str, Any] = {"held_on": date(2026, 2, 3), "evidence": "DOR/9/2026"}
    overlapping = consultation(case, starts=time(11, 29), **at_once)
    assert refused(kasa, overlapping) == "kasa.consultations_overlap"
    kasa.do(consultation(case, starts=time(11, 30), **at_once))
    assert refused(kasa, consultation(case, 2, evidence="DOR/9/2026")) == "kasa.evidence_used"
    kasa.clock[0] = datetime(2026, 3, 2, 11, 29, tzinfo=POLAND)
    running = consultation(case, 5, held_on=TODAY)
    assert refused(kasa, running) == "kasa.consultation_not_over"
    kasa.clock[0] = datetime(2026, 3, 2, 11, 30, tzinfo=POLAND)
    kasa.do(running)


def test_a_consultation_is_told_of_with_its_hours(kasa: Kasa, case: UUID) -> None:
    kasa.do(consultation(case))
    events = list(kasa.composition.application.events.get(case))
    held = next(each for each in events if isinstance(each, AdviceCase.ConsultationHeld))
    told = publish(held)
    assert isinstance(told, AdviceDelivered)
    assert (told.starts, told.minutes, told.delivered_on) == (time(10), 90, date(2026, 2, 3))


def test_what_a_case_refuses(kasa: Kasa, case: UUID) -> None:
    unknown = MeetChecklistItem(case_id=case, item="no_such", evidence="D/1", met_on=TODAY)
    assert refused(kasa, unknown) == "kasa.item_unknown"
    assert refused(kasa, consultation(case, held_on=date(2026, 2, 1))) == "date_too_early"
    kasa.do(CloseAdviceCase(case_id=case, end=AdviceEnd.APPLIED, closed_on=TODAY))
    assert refused(kasa, consultation(case)) == "kasa.case_closed"
    elsewhere = caller(Role.CASEWORKER, partner="stowarzyszenie-a")
    with pytest.raises(Rejected, match="not_found"):
        kasa.ask("get_advice_case", views.GetAdviceCase(id=case), elsewhere)
    (row,) = kasa.ask("list_advice_cases", views.ListAdviceCases()).items
    assert (row.id, row.closed_on, row.minutes) == (case, TODAY, 0)
