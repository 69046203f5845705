"""What the registry does when something happened in training, research, kasa or reporting."""

from collections.abc import Callable
from typing import Any

from eventsourcing.persistence import Tracking

from services.registry.application import Registry
from services.registry.application.erasure import acknowledge
from services.registry.application.results import propose_result
from services.registry.application.support import move_support, start_support
from shared.contracts.events import Envelope, PublicEvent
from shared.contracts.kasa import events as kasa
from shared.contracts.reporting import events as reporting
from shared.contracts.research import events as research
from shared.contracts.training import events as training
from shared.kernel.provenance import Provenance
from shared.messaging.parking import Parking
from shared.messaging.reactions import Handler, Reactions, provenance_of

Effect = Callable[[Registry, Any, Provenance, Tracking], None]


def reactions_to_training(registry: Registry, parking: Parking) -> Reactions:
    """Whoever attends a first minute has started support. What the rules refuse is parked."""
    return Reactions(
        registry.name,
        "training",
        {
            training.SupportStarted: _having(registry, start_support),
            training.SupportStartMoved: _having(registry, move_support),
            training.SubjectErased: _acknowledged(registry, "training"),
        },
        registry.recorder,
        parking,
    )


def reactions_to_research(registry: Registry, parking: Parking) -> Reactions:
    """What somebody answered after leaving is proposed as a result, for a person to decide on."""
    return Reactions(
        registry.name,
        "research",
        {
            research.FollowUpAnswered: _having(registry, propose_result),
            research.SubjectErased: _acknowledged(registry, "research"),
        },
        registry.recorder,
        parking,
    )


def reactions_to_kasa(registry: Registry, parking: Parking) -> Reactions:
    return _hearing(registry, parking, "kasa", kasa.SubjectErased)


def reactions_to_reporting(registry: Registry, parking: Parking) -> Reactions:
    return _hearing(registry, parking, "reporting", reporting.SubjectErased)


def _hearing(
    registry: Registry, parking: Parking, holder: str, told: type[PublicEvent]
) -> Reactions:
    """The other says when it has forgotten somebody, and nothing else that matters here."""
    handlers = {told: _acknowledged(registry, holder)}
    return Reactions(registry.name, holder, handlers, registry.recorder, parking)


def _acknowledged(registry: Registry, holder: str) -> Handler:
    def handle(event: Any, envelope: Envelope, tracking: Tracking) -> None:
        provenance = provenance_of(envelope, registry.name)
        acknowledge(registry, event.subject, holder, provenance, tracking)

    return handle


def _having(registry: Registry, effect: Effect) -> Handler:
    def handle(event: Any, envelope: Envelope, tracking: Tracking) -> None:
        effect(registry, event, provenance_of(envelope, registry.name), tracking)

    return handle
