"""Whose time is taken by which edition: of a trainer, of a room, of a participant.

Everything that an act books is recorded in one commit with the edition, so of two acts at the same
moment one meets the version of the other and decides again: no overlap is ever accepted.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Literal
from uuid import UUID

from services.training.domain.timetable import Slot, overlap, overlapping
from shared.kernel.aggregate import Aggregate, Event

What = Literal["trainer", "room", "participant"]
Pointer = Callable[[Slot], str]
"""Where in the request a slot stands."""


class Booking(Event):
    """From now on the owner, an edition, takes exactly these slots; none, when it waits for some."""

    owner: UUID
    slots: tuple[Slot, ...]


class Release(Event):
    """The owner, an edition, takes no time any more."""

    owner: UUID


class Occupied(Aggregate):
    """Someone or something that can be in one place at a time only."""

    BOOKED: ClassVar[type[Booking]]
    RELEASED: ClassVar[type[Release]]

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.bookings: Mapping[UUID, tuple[Slot, ...]] = {}
        """By edition."""

    def book(
        self, owner: UUID, slots: Sequence[Slot], what: What, *, on: date, pointer: Pointer
    ) -> None:
        """Take these slots, and those only, for an edition. Raises `training.overlap`."""
        for other, taken in self.bookings.items():
            for mine, theirs in () if other == owner else overlapping(slots, taken):
                raise overlap(what, other, theirs, pointer(mine))
        self.take(owner, slots, on=on)

    def take(self, owner: UUID, slots: Sequence[Slot], *, on: date) -> None:
        """Book what is a fact already, whatever it overlaps."""
        wanted = tuple(sorted(slots, key=lambda slot: (slot.day, slot.starts)))
        if self.bookings.get(owner) != wanted:
            self.record(self.BOOKED, occurred_on=on, owner=owner, slots=wanted)

    def release(self, owner: UUID, *, on: date) -> None:
        if owner in self.bookings:
            self.record(self.RELEASED, occurred_on=on, owner=owner)

    def _apply_booking(self, event: Booking) -> None:
        self.bookings = {**self.bookings, event.owner: event.slots}

    def _apply_release(self, event: Release) -> None:
        self.bookings = {own: took for own, took in self.bookings.items() if own != event.owner}


class Calendar(Occupied):
    """Of a trainer or a room; its id derives from the name (`id_of`)."""

    class Booked(Booking):
        TOPIC: ClassVar[str] = "training.Calendar.Booked"

    class Released(Release):
        TOPIC: ClassVar[str] = "training.Calendar.Released"

    BOOKED = Booked
    RELEASED = Released

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Booked) -> None:
        self._apply_booking(event)

    @apply.register
    def _(self, event: Released) -> None:
        self._apply_release(event)
