"""Other services, as reporting hears of them."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as registry
from shared.contracts.registry.vocabulary import Kind
from shared.eventstore.vault import Vault
from shared.kernel.days import POLAND
from shared.kernel.personal import DataClass, SealedBox
from tests.neighbour import Neighbour
from tests.reporting.conftest import Reporting

APPLIED = date(2025, 12, 1)
STARTED = date(2026, 1, 12)
EXITED = date(2026, 3, 2)


def person(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012}")


_NEIGHBOURS: WeakKeyDictionary[Any, dict[str, Neighbour]] = WeakKeyDictionary()


def told_by(reporting: Reporting, publisher: str) -> Neighbour:
    """The publisher that this reporting hears of: one ledger, whoever asks."""
    known = _NEIGHBOURS.setdefault(reporting.composition.application, {})
    if publisher not in known:
        known[publisher] = Neighbour(reporting.composition.to[publisher], reporting.project)
    return known[publisher]


def tell_on(reporting: Reporting, day: date, *events: PublicEvent) -> None:
    """Events that their publisher recorded at noon of a day."""
    for event in events:
        neighbour = told_by(reporting, event.TYPE.partition(".")[0])
        recorded = datetime.combine(day, time(12), POLAND)
        envelope = neighbour.publish(event).model_copy(update={"time": recorded})
        neighbour.envelopes[-1] = envelope
        neighbour.inbox.receive(envelope)
    reporting.project()


def vault_of(reporting: Reporting) -> Vault:
    vault = reporting.composition.application._vault
    assert vault is not None
    return vault


def sealed(
    reporting: Reporting,
    who: UUID,
    version: int = 1,
    data_class: DataClass = DataClass.MONITORING,
    **facts: Any,
) -> SealedBox:
    """As the registry seals what it records."""
    return vault_of(reporting).seal(who, data_class, f"registry/{who}/{version}", facts)


def registered(
    reporting: Reporting, who: UUID, special: dict[str, Any] | None = None, **facts: Any
) -> PublicEvent:
    person_facts = {
        "sex": "female",
        "born_on": "1990-05-01",
        "education": "isced3",
        "labour_status": "unemployed_registered",
    } | facts
    return registry.ParticipantRegistered(
        subject=who,
        kind=Kind.DEPENDENT,
        partner="mops-kamienna",
        applied_on=APPLIED,
        monitoring=sealed(reporting, who, monitoring=person_facts),
        special=sealed(reporting, who, data_class=DataClass.SPECIAL, special=special),
    )


def enrolled(who: UUID, on: date = STARTED) -> PublicEvent:
    return registry.ParticipantEnrolled(subject=who, started_on=on)
