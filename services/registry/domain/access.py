"""Reads of personal data are facts too: who looked at whom, at what, and why."""

from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.access import Role
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import DataClass


class Access(Aggregate):
    """One answered query that contained personal data in clear (GDPR art. 5(2), accountability)."""

    class PersonalDataRead(Event):
        TOPIC: ClassVar[str] = "registry.Access.PersonalDataRead"

        actor: str
        role: Role
        operation: str
        subjects: tuple[UUID, ...]
        data_classes: tuple[DataClass, ...]
        purpose: str | None = None
        """Purpose code stated by the caller, never free text."""

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: PersonalDataRead) -> None:
        self.subjects = event.subjects
