"""What the registry does when something happened in training."""

from typing import Any

from eventsourcing.persistence import Tracking

from services.registry.application import Registry
from shared.contracts.events import Envelope
from shared.contracts.training import events as training
from shared.messaging.parking import Parking
from shared.messaging.reactions import Reactions, provenance_of


def reactions_to_training(registry: Registry, parking: Parking) -> Reactions:
    """Whoever attends a first minute has started support. What the rules refuse is parked."""

    def start(event: Any, envelope: Envelope, tracking: Tracking) -> None:
        registry.start_support(event, provenance_of(envelope, registry.name), tracking)

    def move(event: Any, envelope: Envelope, tracking: Tracking) -> None:
        registry.move_support(event, provenance_of(envelope, registry.name), tracking)

    return Reactions(
        registry.name,
        "training",
        {training.SupportStarted: start, training.SupportStartMoved: move},
        registry.recorder,
        parking,
    )
