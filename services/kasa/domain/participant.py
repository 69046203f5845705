"""What kasa knows of a participant: nothing but what the registry and training told, and where they
are a founder, a member or an employee.

The stream is that of the participant's id. Who somebody is, and why they are entitled to support,
stays in the registry.
"""

from collections.abc import Collection
from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID

from shared.contracts.training.vocabulary import Code, Result
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.erasure import Erasure
from shared.kernel.errors import Rejected
from shared.kernel.personal import DataClass


class Participant(Aggregate):
    class Admitted(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.Admitted"

    class AdmissionEnded(Event):
        """Put on the registry's reserve list, or refused after all: the admission is void."""

        TOPIC: ClassVar[str] = "kasa.Participant.AdmissionEnded"

    class Exited(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.Exited"

    class MergedInto(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.MergedInto"
        into: UUID

    class MergeUndone(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.MergeUndone"
        out_of: UUID

    class Erased(Erasure):
        """Keys of the person were destroyed; the person joins nothing any more."""

        TOPIC: ClassVar[str] = "kasa.Participant.Erased"

    class CourseCompleted(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.CourseCompleted"
        edition_id: UUID
        programme_code: Code

    class Certified(Event):
        """A certificate was issued to the participant."""

        TOPIC: ClassVar[str] = "kasa.Participant.Certified"
        certificate_id: UUID
        programme_code: Code
        result: Result

    class CertificateRevoked(Event):
        TOPIC: ClassVar[str] = "kasa.Participant.CertificateRevoked"
        certificate_id: UUID

    class JoinedEnterprise(Event):
        """Became a founder, a member or an employee of an enterprise for the first time."""

        TOPIC: ClassVar[str] = "kasa.Participant.JoinedEnterprise"
        enterprise_id: UUID

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.admitted_on: date | None = None
        self.exited_on: date | None = None
        self.merged_into: UUID | None = None
        self.erased_on: date | None = None
        self.erased: frozenset[DataClass] = frozenset()
        self.completed: frozenset[Code] = frozenset()
        """Programmes by code."""
        self.certificates: dict[UUID, Code] = {}
        """Valid ones, with their programme."""
        self.enterprises: frozenset[UUID] = frozenset()

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Admitted) -> None:
        self.admitted_on = event.occurred_on

    @apply.register
    def _(self, _event: AdmissionEnded) -> None:
        self.admitted_on = None

    @apply.register
    def _(self, event: Exited) -> None:
        self.exited_on = event.occurred_on

    @apply.register
    def _(self, event: MergedInto) -> None:
        self.merged_into = event.into

    @apply.register
    def _(self, _event: MergeUndone) -> None:
        self.merged_into = None

    @apply.register
    def _(self, event: Erased) -> None:
        self.erased_on = self.erased_on or event.occurred_on
        self.erased |= set(event.data_classes)

    @apply.register
    def _(self, event: CourseCompleted) -> None:
        self.completed |= {event.programme_code}

    @apply.register
    def _(self, event: Certified) -> None:
        self.certificates |= {event.certificate_id: event.programme_code}

    @apply.register
    def _(self, event: CertificateRevoked) -> None:
        self.certificates.pop(event.certificate_id, None)

    @apply.register
    def _(self, event: JoinedEnterprise) -> None:
        self.enterprises |= {event.enterprise_id}

    def admit(self, on: date) -> None:
        self.record(self.Admitted, occurred_on=on)

    def end_admission(self, on: date) -> None:
        if self.admitted_on is not None:
            self.record(self.AdmissionEnded, occurred_on=on)

    def exit(self, on: date) -> None:
        self.record(self.Exited, occurred_on=on)

    def merge_into(self, into: UUID, on: date) -> None:
        if self.merged_into is None:
            self.record(self.MergedInto, occurred_on=on, into=into)

    def undo_merge(self, on: date) -> None:
        if self.merged_into is not None:
            self.record(self.MergeUndone, occurred_on=on, out_of=self.merged_into)

    def erase(self, data_classes: Collection[DataClass], on: date) -> None:
        if not self.erased.issuperset(data_classes):
            self.record(self.Erased, occurred_on=on, data_classes=tuple(data_classes))

    def complete(self, edition_id: UUID, programme_code: Code, on: date) -> None:
        self.record(
            self.CourseCompleted,
            occurred_on=on,
            edition_id=edition_id,
            programme_code=programme_code,
        )

    def certify(self, certificate_id: UUID, programme_code: Code, result: Result, on: date) -> None:
        self.record(
            self.Certified,
            occurred_on=on,
            certificate_id=certificate_id,
            programme_code=programme_code,
            result=result,
        )

    def revoke(self, certificate_id: UUID, on: date) -> None:
        if certificate_id in self.certificates:
            self.record(self.CertificateRevoked, occurred_on=on, certificate_id=certificate_id)

    def join(self, enterprise_id: UUID, on: date, pointer: str) -> None:
        """Whoever was admitted may found and work, also after their exit.

        Raises `kasa.participant_merged`, `kasa.participant_erased`, `kasa.not_admitted`.
        """
        if self.merged_into is not None:
            raise Rejected("kasa.participant_merged", {"into": str(self.merged_into)}, pointer)
        if self.erased_on is not None:
            raise Rejected("kasa.participant_erased", pointer=pointer)
        if self.admitted_on is None or self.admitted_on > on:
            raise Rejected("kasa.not_admitted", {"day": on.isoformat()}, pointer)
        self.belong_to(enterprise_id, on)

    def belong_to(self, enterprise_id: UUID, on: date) -> None:
        if enterprise_id not in self.enterprises:
            self.record(self.JoinedEnterprise, occurred_on=on, enterprise_id=enterprise_id)
