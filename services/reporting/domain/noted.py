"""What other services told, each fact noted once as it came.

A number is replayed from these facts alone. They are kept by what they are about; what is sealed in
them stays sealed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.personal import DataClass, SealedBox


class Origin(BaseModel):
    """The public event that a fact came with: its publisher's ledger, its position there, its id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ledger: str
    position: int
    event_id: UUID


class FactNoted(Event):
    """`kind` is the type of the public event, `data` its JSON without `subject` and the boxes.

    `about` is the public event's subject, `recorded_at` the time at which its publisher recorded it.
    """

    kind: str
    origin: Origin
    about: UUID
    recorded_at: datetime
    data: dict[str, Any]
    monitoring: SealedBox | None = None
    """As it came, under the keys of the registry; so is `special`."""
    special: SealedBox | None = None


class Noted(Aggregate):
    """Whatever facts are kept about; counts them and knows nothing else."""

    Fact: ClassVar[type[FactNoted]]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.facts = 0

    def note(
        self,
        *,
        kind: str,
        origin: Origin,
        about: UUID,
        recorded_at: datetime,
        data: dict[str, Any],
        boxes: Mapping[DataClass, SealedBox],
        on: date,
    ) -> None:
        """Nothing is judged: the facts of others are facts."""
        self.record(
            self.Fact,
            occurred_on=on,
            kind=kind,
            origin=origin,
            about=about,
            recorded_at=recorded_at,
            data=data,
            **{data_class.value: box for data_class, box in boxes.items()},
        )

    def apply(self, event: Event) -> None:
        match event:
            case FactNoted():
                self.facts += 1
            case Erasure():
                pass
            case _:
                super().apply(event)


class Participant(Noted):
    """Known by the random id of the registry."""

    class FactNoted(FactNoted):
        TOPIC: ClassVar[str] = "reporting.Participant.FactNoted"

    class Erased(Erasure):
        """The boxes in the facts can be opened no more."""

        TOPIC: ClassVar[str] = "reporting.Participant.Erased"

    Fact = FactNoted

    def erase(self, data_classes: tuple[DataClass, ...], on: date) -> None:
        self.record(self.Erased, occurred_on=on, data_classes=data_classes)


class Enterprise(Noted):
    class FactNoted(FactNoted):
        TOPIC: ClassVar[str] = "reporting.Enterprise.FactNoted"

    Fact = FactNoted


class Contract(Noted):
    """Of a loan or a grant."""

    class FactNoted(FactNoted):
        TOPIC: ClassVar[str] = "reporting.Contract.FactNoted"

    Fact = FactNoted


class Edition(Noted):
    """Of a programme, with its sessions."""

    class FactNoted(FactNoted):
        TOPIC: ClassVar[str] = "reporting.Edition.FactNoted"

    Fact = FactNoted


class Study(Noted):
    """A study with its waves, or a diagnosis."""

    class FactNoted(FactNoted):
        TOPIC: ClassVar[str] = "reporting.Study.FactNoted"

    Fact = FactNoted
