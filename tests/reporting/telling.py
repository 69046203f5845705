"""Other services, as reporting hears of them."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Kind
from shared.eventstore.vault import Vault
from shared.kernel.personal import DataClass, SealedBox
from tests.neighbour import Neighbour
from tests.reporting.conftest import Reporting

APPLIED = date(2025, 12, 1)
STARTED = date(2026, 1, 12)
EXITED = date(2026, 3, 2)


def person(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")


def told_by(reporting: Reporting, publisher: str) -> Neighbour:
    return Neighbour(reporting.composition.to[publisher], reporting.project)


def vault_of(reporting: Reporting) -> Vault:
    vault = reporting.composition.application._vault
    assert vault is not None
    return vault


def sealed(reporting: Reporting, who: UUID, version: int = 1, **facts: Any) -> SealedBox:
    """As the registry seals what it records."""
    place = f"registry/{who}/{version}"
    return vault_of(reporting).seal(who, DataClass.MONITORING, place, facts)


def registered(reporting: Reporting, who: UUID, **facts: Any) -> PublicEvent:
    person_facts = {
        "sex": "female",
        "born_on": "1990-05-01",
        "education": "isced_3",
        "labour_status": "unemployed",
    } | facts
    return registry.ParticipantRegistered(
        subject=who,
        kind=Kind.DEPENDENT,
        partner="mops-kamienna",
        applied_on=APPLIED,
        monitoring=sealed(reporting, who, monitoring=person_facts),
    )


def enrolled(who: UUID, on: date = STARTED) -> PublicEvent:
    return registry.ParticipantEnrolled(subject=who, started_on=on)
