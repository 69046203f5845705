"""What is known of one commune in one year, as sources told it."""

from collections.abc import Sequence
from datetime import date
from functools import singledispatchmethod
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.research.vocabulary.diagnoses import Fact
from shared.kernel.aggregate import Aggregate, Event


class CommuneYear(Aggregate):
    """Its id derives from year and commune (`id_of("facts", "2025/2611011")`)."""

    class Stated(Event):
        TOPIC: ClassVar[str] = "research.CommuneYear.Stated"
        facts: Annotated[tuple[Fact, ...], Field(min_length=1)]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.facts: dict[str, Fact] = {}
        """By input; of two, the later one counts."""

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Stated) -> None:
        self.facts |= {each.input: each for each in event.facts}

    def state(self, facts: Sequence[Fact], on: date) -> None:
        """What is known already is not said again."""
        new = tuple(each for each in facts if self.facts.get(each.input) != each)
        if new:
            self.record(self.Stated, occurred_on=on, facts=new)
