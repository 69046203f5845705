"""Reads of personal data are facts too: who looked at whom, at what, and why."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID, uuid4

from shared.contracts.access import Role
from shared.eventstore.acts import Act
from shared.eventstore.application import LedgerApplication
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.personal import DataClass

RecordRead = Callable[[Act, Iterable[UUID], frozenset[DataClass]], None]
"""Records who read whose data, which classes and why, before the answer leaves."""


class Access(Aggregate):
    """One answered query that contained personal data in clear (GDPR art. 5(2), accountability)."""

    class PersonalDataRead(Event):
        TOPIC: ClassVar[str] = "platform.Access.PersonalDataRead"

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


def recording_reads(application: LedgerApplication, today: Callable[[], date]) -> RecordRead:
    """Recorded in the ledger of the service that answers."""

    def record_read(act: Act, subjects: Iterable[UUID], classes: frozenset[DataClass]) -> None:
        access = Access(uuid4())
        access.record(
            Access.PersonalDataRead,
            occurred_on=today(),
            actor=act.provenance.actor,
            role=act.provenance.role,
            operation=act.provenance.command,
            subjects=tuple(sorted(subjects)),
            data_classes=tuple(sorted(classes)),
            purpose=act.provenance.reason,
        )
        application.record(access, provenance=act.provenance)

    return record_read
