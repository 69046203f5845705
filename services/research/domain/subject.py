"""What research knows of a participant: what the registry told, and nothing of who it is.

The stream is that of the participant's id. What the registry tells for monitoring stays in the boxes
it came in, sealed under the participant's key: an erasure there is one here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Final, NamedTuple
from uuid import UUID

from shared.contracts.registry.vocabulary import FieldPointer, Kind, StepKind
from shared.contracts.research.vocabulary.subjects import SubjectState
from shared.contracts.vocabulary import PartnerId
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.personal import DataClass, SealedBox

BEGINNINGS: Final = frozenset({StepKind.START, StepKind.RE_ENTRY})
NEEDED_TO_ASK: Final = frozenset({DataClass.IDENTITY, DataClass.MONITORING})
"""Whoever has lost one of these can be neither found nor placed in a stratum."""


class Moved(NamedTuple):
    """A step that had been recorded on a wrong day."""

    step: StepKind
    was_on: date
    is_on: date


class Told(NamedTuple):
    """Sealed facts, true from a day on; `fields` names what a correction replaced, None otherwise."""

    on: date
    fields: tuple[FieldPointer, ...] | None
    box: SealedBox | None


@dataclass(frozen=True)
class Episode:
    """One stay in the project."""

    started_on: date
    exited_on: date | None = None


class Subject(Aggregate):
    class Registered(Event):
        TOPIC: ClassVar[str] = "research.Subject.Registered"
        kind: Kind
        partner: PartnerId
        sealed_facts: SealedBox | None

    class FactsTold(Event):
        """Facts changed on the day; or, where fields are named, had been wrong on it."""

        TOPIC: ClassVar[str] = "research.Subject.FactsTold"
        fields: tuple[FieldPointer, ...] | None
        sealed_facts: SealedBox | None

    class Admitted(Event):
        TOPIC: ClassVar[str] = "research.Subject.Admitted"

    class AdmissionEnded(Event):
        """Put on the registry's reserve list, or refused after all."""

        TOPIC: ClassVar[str] = "research.Subject.AdmissionEnded"

    class Started(Event):
        TOPIC: ClassVar[str] = "research.Subject.Started"

    class Exited(Event):
        TOPIC: ClassVar[str] = "research.Subject.Exited"

    class ReEntered(Event):
        TOPIC: ClassVar[str] = "research.Subject.ReEntered"

    class StepsMoved(Event):
        TOPIC: ClassVar[str] = "research.Subject.StepsMoved"
        moved: tuple[Moved, ...]

    class ContactAllowed(Event):
        """Consented to being asked for research."""

        TOPIC: ClassVar[str] = "research.Subject.ContactAllowed"

    class ContactForbidden(Event):
        TOPIC: ClassVar[str] = "research.Subject.ContactForbidden"

    class MergedInto(Event):
        TOPIC: ClassVar[str] = "research.Subject.MergedInto"
        into: UUID

    class MergeUndone(Event):
        TOPIC: ClassVar[str] = "research.Subject.MergeUndone"
        out_of: UUID

    class ErasureHeard(Event):
        """From now on nothing of the person is begun; what there is is about to be forgotten."""

        TOPIC: ClassVar[str] = "research.Subject.ErasureHeard"

    class Erased(Erasure):
        """Keys of the person were destroyed."""

        TOPIC: ClassVar[str] = "research.Subject.Erased"

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.registered: Subject.Registered | None = None
        self.told: tuple[Told, ...] = ()
        self.admitted_on: date | None = None
        self.episodes: tuple[Episode, ...] = ()
        self.contactable = False
        self.merged_into: UUID | None = None
        self.erased: frozenset[DataClass] = frozenset()
        self.is_leaving = False
        """An erasure was heard of, whether or not all is forgotten yet."""

    @property
    def state(self) -> SubjectState | None:
        """None for an applicant, and for whoever was not admitted."""
        if self.episodes:
            left = self.episodes[-1].exited_on is not None
            return SubjectState.LEFT if left else SubjectState.IN_PROJECT
        return SubjectState.ADMITTED if self.admitted_on else None

    @property
    def can_be_asked(self) -> bool:
        """As a person of their own, who can be found."""
        return self.merged_into is None and not self.erased & NEEDED_TO_ASK

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Registered) -> None:
        self.registered = event
        self.told = (Told(event.occurred_on, None, event.sealed_facts),)

    @apply.register
    def _(self, event: FactsTold) -> None:
        self.told = (*self.told, Told(event.occurred_on, event.fields, event.sealed_facts))

    @apply.register
    def _(self, event: Admitted) -> None:
        self.admitted_on = event.occurred_on

    @apply.register
    def _(self, _event: AdmissionEnded) -> None:
        self.admitted_on = None

    @apply.register
    def _(self, event: Started) -> None:
        self.episodes = (Episode(event.occurred_on),)

    @apply.register
    def _(self, event: Exited) -> None:
        self.episodes = (
            *self.episodes[:-1],
            replace(self.episodes[-1], exited_on=event.occurred_on),
        )

    @apply.register
    def _(self, event: ReEntered) -> None:
        self.episodes = (*self.episodes, Episode(event.occurred_on))

    @apply.register
    def _(self, event: StepsMoved) -> None:
        days = {(each.step in BEGINNINGS, each.was_on): each.is_on for each in event.moved}
        self.episodes = tuple(
            Episode(
                days.get((True, each.started_on), each.started_on),
                each.exited_on and days.get((False, each.exited_on), each.exited_on),
            )
            for each in self.episodes
        )

    @apply.register
    def _(self, _event: ContactAllowed) -> None:
        self.contactable = True

    @apply.register
    def _(self, _event: ContactForbidden) -> None:
        self.contactable = False

    @apply.register
    def _(self, event: MergedInto) -> None:
        self.merged_into = event.into

    @apply.register
    def _(self, _event: MergeUndone) -> None:
        self.merged_into = None

    @apply.register
    def _(self, _event: ErasureHeard) -> None:
        self.is_leaving = True

    @apply.register
    def _(self, event: Erased) -> None:
        self.erased |= set(event.data_classes)

    def register(self, kind: Kind, partner: PartnerId, box: SealedBox | None, on: date) -> None:
        self.record(self.Registered, occurred_on=on, kind=kind, partner=partner, sealed_facts=box)

    def tell(
        self, box: SealedBox | None, on: date, fields: tuple[FieldPointer, ...] | None = None
    ) -> None:
        """What tells nothing for monitoring is of no use here."""
        if box is not None or any(each.startswith("/monitoring/") for each in fields or ()):
            self.record(self.FactsTold, occurred_on=on, fields=fields, sealed_facts=box)

    def admit(self, on: date) -> None:
        self.record(self.Admitted, occurred_on=on)

    def end_admission(self, on: date) -> None:
        if self.admitted_on is not None:
            self.record(self.AdmissionEnded, occurred_on=on)

    def start(self, on: date) -> None:
        if not self.episodes:
            self.record(self.Started, occurred_on=on)

    def exit(self, on: date) -> None:
        if self.state is SubjectState.IN_PROJECT:
            self.record(self.Exited, occurred_on=on)

    def re_enter(self, on: date) -> None:
        if self.state is SubjectState.LEFT:
            self.record(self.ReEntered, occurred_on=on)

    def move_steps(self, moved: Sequence[Moved], on: date) -> None:
        """Days that mean nothing here are left out."""
        known = {(True, each.started_on) for each in self.episodes}
        known |= {(False, each.exited_on) for each in self.episodes if each.exited_on}
        told = tuple(
            each
            for each in moved
            if each.was_on != each.is_on
            and each.step in {*BEGINNINGS, StepKind.EXIT}
            and (each.step in BEGINNINGS, each.was_on) in known
        )
        if told:
            self.record(self.StepsMoved, occurred_on=on, moved=told)

    def allow_contact(self, on: date) -> None:
        if not self.contactable:
            self.record(self.ContactAllowed, occurred_on=on)

    def forbid_contact(self, on: date) -> None:
        if self.contactable:
            self.record(self.ContactForbidden, occurred_on=on)

    def merge_into(self, into: UUID, on: date) -> None:
        if self.merged_into is None:
            self.record(self.MergedInto, occurred_on=on, into=into)

    def undo_merge(self, on: date) -> None:
        if self.merged_into is not None:
            self.record(self.MergeUndone, occurred_on=on, out_of=self.merged_into)

    def hear_of_erasure(self, on: date) -> None:
        if not self.is_leaving:
            self.record(self.ErasureHeard, occurred_on=on)

    def erase(self, data_classes: Collection[DataClass], on: date) -> None:
        if not self.erased.issuperset(data_classes):
            self.record(self.Erased, occurred_on=on, data_classes=tuple(data_classes))
