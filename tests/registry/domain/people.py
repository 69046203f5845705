"""Fictional people and histories that the registry's domain tests begin with."""

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.registry.domain.participant import Participant
from services.registry.domain.rules import RegistryRules
from shared.contracts.registry.vocabulary import (
    Address,
    Answer,
    Education,
    ExitReason,
    Ground,
    IdentityData,
    Institution,
    Kind,
    LabourStatus,
    MonitoringData,
    PersonalData,
    Purpose,
    RecruitmentDecision,
    Sex,
    Situation,
    SpecialData,
)
from shared.testing.scenario import Fact, fact

RULES: Final = RegistryRules.parse(
    path.read_text(encoding="utf-8")
    for path in sorted(Path("services/registry/rules").glob("*.toml"))
)
TODAY: Final = date(2026, 10, 1)

SCORER: Final = "oidc|caseworker"
DECIDER: Final = "oidc|coordinator"

APPLIED: Final = date(2026, 1, 5)
SCORED: Final = date(2026, 1, 12)
ADMITTED: Final = date(2026, 1, 15)
STARTED: Final = date(2026, 2, 2)
EXITED: Final = date(2026, 3, 31)

POINTS: Final = {
    "distance_from_labour_market": 25,
    "multiple_disadvantage": 10,
    "motivation": 20,
    "availability": 15,
}
WORKING: Final = Situation(labour_status=LabourStatus.EMPLOYED)
CORRECTION: Final = UUID("00000000-0000-4000-8000-0000000000c0")

ZOFIA: Final = PersonalData(
    identity=IdentityData(
        given_name="Zofia",
        family_name="Wiśniewska",
        pesel="85031512344",
        address=Address(
            street="Długa", house_number="7/2", postal_code="80-001", city="Gdańsk", teryt="2261011"
        ),
        phone="+48 600 100 200",
    ),
    monitoring=MonitoringData(
        sex=Sex.FEMALE,
        born_on=date(1985, 3, 15),
        citizenship="PL",
        education=Education.LOWER_SECONDARY,
        labour_status=LabourStatus.UNEMPLOYED_REGISTERED,
        unemployed_since=date(2024, 6, 1),
    ),
    special=SpecialData(
        grounds=(Ground.LONG_TERM_UNEMPLOYED, Ground.DISABLED),
        disability=Answer.YES,
        minority=Answer.REFUSED,
        foreign_origin=Answer.NO,
        homeless=Answer.NO,
    ),
)
ADAM: Final = PersonalData(
    identity=IdentityData(
        given_name="Adam", family_name="Lis", pesel="79110212351", email="adam.lis@example.org"
    ),
    monitoring=MonitoringData(
        sex=Sex.MALE,
        born_on=date(1979, 11, 2),
        education=Education.MASTER,
        labour_status=LabourStatus.EMPLOYED,
        institution=Institution.SOCIAL_SERVICE,
        institution_name="MOPS Gdańsk",
        position="pracownik socjalny",
    ),
)


def registered(personal: PersonalData = ZOFIA, *, kind: Kind = Kind.DEPENDENT) -> Fact:
    return fact(
        Participant.Registered,
        APPLIED,
        kind=kind,
        partner="gdansk",
        reference="GD/17",
        identity=personal.identity,
        monitoring=personal.monitoring,
        special=personal.special if personal.special != SpecialData() else None,
    )


def decided(decision: RecruitmentDecision, on: date = ADMITTED) -> Fact:
    return fact(
        Participant.RecruitmentDecided,
        on,
        decision=decision,
        decided_by=DECIDER,
        criteria_version="D0456-dependent-1",
        total=70,
        justification="Najwyższa liczba punktów.",
    )


scored: Final = fact(
    Participant.Scored,
    SCORED,
    scored_by=SCORER,
    criteria_version="D0456-dependent-1",
    points=POINTS,
    total=70,
)
admitted: Final = decided(RecruitmentDecision.ADMIT)
declared: Final = fact(
    Participant.ConsentGiven, APPLIED, purpose=Purpose.PARTICIPATION, text_version="2026-1"
)
enrolled: Final = fact(Participant.Enrolled, STARTED, support="SZK/1")
ADMITTED_HISTORY: Final = (registered(), declared, scored, admitted)
ENROLLED_HISTORY: Final = (*ADMITTED_HISTORY, enrolled)


def exited(on: date = EXITED) -> Fact:
    return fact(
        Participant.Exited,
        on,
        reason=ExitReason.COMPLETED,
        as_planned=True,
        note="Zakończyła kurs.",
    )


EXITED_HISTORY: Final = (*ENROLLED_HISTORY, exited())

dated: Final[dict[str, Any]] = {"today": TODAY, "rules": RULES}
"""What the application passes to every decision that looks at the rules."""
