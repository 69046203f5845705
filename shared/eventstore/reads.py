"""Reads of personal data are facts too: who looked at whom, at what, and why."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar, Protocol
from uuid import UUID, uuid4

from shared.contracts.access import Role
from shared.eventstore.acts import Act
from shared.eventstore.application import LedgerApplication
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass


class RecordRead(Protocol):
    """Records who read whose data, which classes and why, before the answer leaves."""

    def __call__(
        self,
        act: Act,
        subjects: Iterable[UUID],
        classes: frozenset[DataClass],
        *,
        out_of_scope: bool = False,
    ) -> None: ...


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
        out_of_scope: bool = False
        """An emergency: somebody must look at it afterwards."""

    class Reviewed(Event):
        """Somebody else looked at why an emergency was claimed."""

        TOPIC: ClassVar[str] = "platform.Access.Reviewed"

        reviewed_by: str
        justified: bool

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.actor = ""
        self.to_review = False

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: PersonalDataRead) -> None:
        self.actor, self.to_review = event.actor, event.out_of_scope

    @apply.register
    def _(self, _event: Reviewed) -> None:
        self.to_review = False

    def review(self, *, justified: bool, by: str, on: date) -> None:
        """Never by whoever looked. Raises `no_review_awaited`, `four_eyes`."""
        if not self.to_review:
            raise Rejected("no_review_awaited")
        if by == self.actor:
            raise Rejected("four_eyes")
        self.record(self.Reviewed, occurred_on=on, reviewed_by=by, justified=justified)


def recording_reads(application: LedgerApplication, today: Callable[[], date]) -> RecordRead:
    """Recorded in the ledger of the service that answers."""

    def record_read(
        act: Act,
        subjects: Iterable[UUID],
        classes: frozenset[DataClass],
        *,
        out_of_scope: bool = False,
    ) -> None:
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
            out_of_scope=out_of_scope,
        )
        application.record(access, provenance=act.provenance)

    return record_read
