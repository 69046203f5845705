"""What research knows of an enterprise: where it is, since when, and how much work there is in it.

The stream is that of kasa's enterprise. Who works there stays in kasa.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.kasa.vocabulary.enterprises import EnterpriseKind, LostPlace
from shared.contracts.vocabulary import PartnerId, Teryt
from shared.kernel.aggregate import Aggregate, Event


@dataclass(frozen=True)
class Place:
    """A job place, as a share of full time."""

    share: Decimal
    since: date
    until: date | None = None


class Enterprise(Aggregate):
    class Founded(Event):
        TOPIC: ClassVar[str] = "research.Enterprise.Founded"
        kind: EnterpriseKind
        partner: PartnerId
        teryt: Teryt

    class PlaceCreated(Event):
        TOPIC: ClassVar[str] = "research.Enterprise.PlaceCreated"
        place_id: UUID
        share: Decimal

    class PlaceLost(Event):
        TOPIC: ClassVar[str] = "research.Enterprise.PlaceLost"
        place_id: UUID
        cause: LostPlace

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.founded: Enterprise.Founded | None = None
        self.places: dict[UUID, Place] = {}
        self.closed_on: date | None = None
        """As far as lost job places tell."""

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Founded) -> None:
        self.founded = event

    @apply.register
    def _(self, event: PlaceCreated) -> None:
        self.places[event.place_id] = Place(event.share, event.occurred_on)

    @apply.register
    def _(self, event: PlaceLost) -> None:
        if event.place_id in self.places:
            self.places[event.place_id] = replace(
                self.places[event.place_id], until=event.occurred_on
            )
        if event.cause is LostPlace.ENTERPRISE_CLOSED:
            self.closed_on = event.occurred_on

    def found(self, kind: EnterpriseKind, partner: PartnerId, teryt: Teryt, on: date) -> None:
        self.record(self.Founded, occurred_on=on, kind=kind, partner=partner, teryt=teryt)

    def create_place(self, place_id: UUID, share: Decimal, on: date) -> None:
        self.record(self.PlaceCreated, occurred_on=on, place_id=place_id, share=share)

    def lose_place(self, place_id: UUID, cause: LostPlace, on: date) -> None:
        self.record(self.PlaceLost, occurred_on=on, place_id=place_id, cause=cause)
