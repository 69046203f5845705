"""What a published diagnosis found of the need of one commune; research told it."""

from datetime import date
from decimal import Decimal
from functools import singledispatchmethod
from typing import ClassVar, Final
from uuid import UUID

from pydantic import PositiveInt

from shared.contracts.vocabulary import Reference, Teryt
from shared.kernel.aggregate import Aggregate, Event

FULL: Final = Decimal(100)
"""The greatest need among the communes that were compared."""


class Need(Aggregate):
    """Its id derives from the commune (`id_of("need", teryt)`)."""

    class Told(Event):
        """`occurred_on` is the day of the publication."""

        TOPIC: ClassVar[str] = "kasa.Need.Told"
        teryt: Teryt
        value: Decimal
        diagnosis_id: UUID
        index_code: Reference
        index_version: PositiveInt

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.told: Need.Told | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Told) -> None:
        if self.told is None or self.told.occurred_on <= event.occurred_on:
            self.told = event

    @property
    def share(self) -> Decimal | None:
        """Of the greatest need there can be."""
        return None if self.told is None else self.told.value / FULL

    @property
    def basis(self) -> Reference | None:
        """The diagnosis, and the definition of the index that it used."""
        told = self.told
        return None if told is None else f"{told.diagnosis_id} {told.index_code}"

    def tell(
        self,
        teryt: Teryt,
        value: Decimal,
        *,
        diagnosis_id: UUID,
        index_code: str,
        index_version: int,
        on: date,
    ) -> None:
        self.record(
            self.Told,
            occurred_on=on,
            teryt=teryt,
            value=value,
            diagnosis_id=diagnosis_id,
            index_code=index_code,
            index_version=index_version,
        )
