"""Other services, as research hears of them."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Kind, Purpose
from shared.eventstore.vault import Vault
from shared.kernel.personal import DataClass, SealedBox
from tests.neighbour import Neighbour
from tests.research.conftest import Research

APPLIED = date(2025, 9, 1)
ADMITTED = date(2025, 9, 15)
STARTED = date(2025, 10, 1)
EXITED = date(2026, 2, 16)


def person(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")


def registry_of(research: Research) -> Neighbour:
    return Neighbour(research.composition.to_registry, research.project)


def kasa_of(research: Research) -> Neighbour:
    return Neighbour(research.composition.to_kasa, research.project)


def vault_of(research: Research) -> Vault:
    vault = research.composition.application._vault
    assert vault is not None
    return vault


def sealed(research: Research, who: UUID, version: int = 1, **facts: Any) -> SealedBox:
    """As the registry seals what it records."""
    place = f"registry/{who}/{version}"
    return vault_of(research).seal(who, DataClass.MONITORING, place, {"monitoring": facts})


def registered(
    research: Research, who: UUID, *, partner: str = "mops-kamienna", **facts: Any
) -> PublicEvent:
    return registry.ParticipantRegistered(
        subject=who,
        kind=Kind.DEPENDENT,
        partner=partner,
        applied_on=APPLIED,
        monitoring=sealed(research, who, **facts) if facts else None,
    )


def began(research: Research, who: UUID, **facts: Any) -> list[PublicEvent]:
    """Applied, consented to be asked, admitted, started."""
    return [
        registered(research, who, **facts),
        registry.ConsentGiven(
            subject=who, purpose=Purpose.RESEARCH_CONTACT, text_version="RC/1", given_on=APPLIED
        ),
        registry.ParticipantAdmitted(subject=who, admitted_on=ADMITTED),
        registry.ParticipantEnrolled(subject=who, started_on=STARTED),
    ]


def left(who: UUID, on: date = EXITED) -> PublicEvent:
    return registry.ParticipantExited(subject=who, exited_on=on, as_planned=True)
