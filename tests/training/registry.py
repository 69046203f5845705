"""The registry, as training hears of it."""

from datetime import date
from uuid import UUID

from shared.contracts.registry import events as public
from tests.neighbour import Neighbour
from tests.training.conftest import Driven
from tests.training.domain.courses import APPROVED


class Registry(Neighbour):
    def __init__(self, training: Driven) -> None:
        super().__init__(training.composition.to_registry, training.project)

    def admit(self, *people: UUID, on: date = APPROVED) -> None:
        self.tell(*(public.ParticipantAdmitted(subject=each, admitted_on=on) for each in people))
