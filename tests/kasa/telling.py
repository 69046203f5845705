"""Other services, as kasa hears of them."""

from datetime import date
from uuid import UUID

from shared.contracts.events import PublicEvent
from shared.contracts.registry import events as registry
from tests.kasa.conftest import Kasa
from tests.neighbour import Neighbour


def registry_of(kasa: Kasa) -> Neighbour:
    return Neighbour(kasa.composition.to_registry, kasa.project)


def training_of(kasa: Kasa) -> Neighbour:
    return Neighbour(kasa.composition.to_training, kasa.project)


def research_of(kasa: Kasa) -> Neighbour:
    return Neighbour(kasa.composition.to_research, kasa.project)


def admitted(*people: UUID, on: date) -> list[PublicEvent]:
    return [registry.ParticipantAdmitted(subject=each, admitted_on=on) for each in people]
