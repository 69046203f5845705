"""A tax number belongs to one enterprise, so that no aid hides behind a second registration."""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected


class TaxNumber(Aggregate):
    """Its id derives from the NIP (`id_of("nip", nip)`)."""

    class Claimed(Event):
        TOPIC: ClassVar[str] = "kasa.TaxNumber.Claimed"
        enterprise_id: UUID

    class Released(Event):
        """It had been recorded for the wrong enterprise."""

        TOPIC: ClassVar[str] = "kasa.TaxNumber.Released"

    class NoticedOutside(Event):
        """An outside party of this number became part of an undertaking."""

        TOPIC: ClassVar[str] = "kasa.TaxNumber.NoticedOutside"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.holder: UUID | None = None
        self.outside = False

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Claimed) -> None:
        self.holder = event.enterprise_id

    @apply.register
    def _(self, _event: Released) -> None:
        self.holder = None

    @apply.register
    def _(self, _event: NoticedOutside) -> None:
        self.outside = True

    def claim(self, enterprise_id: UUID, on: date) -> None:
        """Raises `kasa.nip_taken`."""
        if self.holder is not None:
            raise Rejected("kasa.nip_taken", pointer="/identifiers/nip")
        self.record(self.Claimed, occurred_on=on, enterprise_id=enterprise_id)

    def release(self, on: date) -> None:
        self.record(self.Released, occurred_on=on)

    def notice_outside(self, on: date) -> None:
        """So that a claim at the same moment meets it here, and neither is missed."""
        self.record(self.NoticedOutside, occurred_on=on)
