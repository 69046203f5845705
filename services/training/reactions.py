"""What training does when something happened in the registry."""

from services.training.application import Training
from shared.messaging.parking import Parking
from shared.messaging.reactions import Reactions


def reactions_to_registry(training: Training, parking: Parking) -> Reactions:
    return Reactions(training.name, "registry", {}, training.recorder, parking)
