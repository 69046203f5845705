"""Certificates, and the register that numbers them.

The register of a year only counts: its own lock makes the numbers gap-free. The document is an
aggregate of its own, recorded in the same commit, so no number is without its certificate, and no
other holder's name is opened to give the next one.
"""

from datetime import date
from functools import singledispatchmethod
from typing import ClassVar
from uuid import UUID, uuid5

from pydantic import PositiveInt

from services.training.domain.edition_history import AboutParticipant
from shared.contracts.model import Published
from shared.contracts.training.vocabulary import (
    Code,
    Hour,
    Outcome,
    Result,
    RevocationReason,
)
from shared.contracts.vocabulary import FreeText, PartnerId, PersonName, Reference, ShortText
from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.days import require_not_before
from shared.kernel.errors import Rejected
from shared.kernel.personal import Identity, Special


def certificate_id(participation: UUID, ordinal: int) -> UUID:
    """The first, second, … certificate of one participation: a further one follows a revocation.

    Two who issue the same one at once write the same stream, and one of them is refused.
    """
    return uuid5(participation, f"certificate/{ordinal}")


def printed_number(prefix: str, year: int, number: int) -> str:
    return f"{prefix}/{year}/{number:04}"


class CertificateContent(Published):
    """What a certificate says of the course; fixed when it is issued."""

    programme_code: Code
    title_pl: ShortText
    title_en: ShortText
    result: Result
    outcomes: tuple[Outcome, ...]
    edition_id: UUID
    edition_code: Code
    partner: PartnerId
    place: ShortText
    first_day: date
    last_day: date
    hour: Hour
    attended_minutes: int
    planned_minutes: int

    @property
    def hours(self) -> int:
        """Attended, rounded down: a certificate never says more than was attended."""
        return self.attended_minutes // self.hour.minutes

    @property
    def planned_hours(self) -> int:
        return self.planned_minutes // self.hour.minutes


class Completion(Published):
    """The event on which a certificate rests: the participation's completion."""

    stream: UUID
    version: PositiveInt


class CertificateRegister(Aggregate):
    """One a year; its stream is named by the year."""

    class Entered(Event):
        TOPIC: ClassVar[str] = "training.CertificateRegister.Entered"
        number: PositiveInt
        certificate_id: UUID

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.last = 0
        """The highest number; all below it were given."""

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Entered) -> None:
        self.last = event.number

    def enter(self, certificate: UUID, *, on: date) -> int:
        """Give a certificate the next number. No number is given twice, also after a revocation."""
        self.record(self.Entered, occurred_on=on, number=self.last + 1, certificate_id=certificate)
        return self.last


class Certificate(Aggregate):
    class Issued(AboutParticipant):
        """The holder's name is what the document says."""

        TOPIC: ClassVar[str] = "training.Certificate.Issued"
        number: Reference
        holder: Identity[PersonName]
        content: CertificateContent
        completion: Completion
        verification_code: str
        issued_by: str

    class Revoked(AboutParticipant):
        TOPIC: ClassVar[str] = "training.Certificate.Revoked"
        number: Reference
        reason: RevocationReason
        justification: Special[FreeText]
        decided_by: str

    def __init__(self, aggregate_id: UUID) -> None:
        super().__init__(aggregate_id)
        self.issued: Certificate.Issued | None = None
        self.revoked: Certificate.Revoked | None = None

    @singledispatchmethod
    def apply(self, event: Event) -> None:
        super().apply(event)

    @apply.register
    def _(self, event: Issued) -> None:
        self.issued = event

    @apply.register
    def _(self, event: Revoked) -> None:
        self.revoked = event

    @property
    def valid(self) -> bool:
        return self.issued is not None and self.revoked is None

    def issue(
        self,
        number: str,
        *,
        participant_id: UUID,
        holder: PersonName,
        content: CertificateContent,
        completion: Completion,
        verification_code: str,
        on: date,
        by: str,
    ) -> None:
        """Refused as `training.certificate_exists`."""
        if self.issued is not None:
            raise Rejected("training.certificate_exists", {"number": self.issued.number})
        self.record(
            self.Issued,
            occurred_on=on,
            number=number,
            participant_id=participant_id,
            holder=holder,
            content=content,
            completion=completion,
            verification_code=verification_code,
            issued_by=by,
        )

    def revoke(self, reason: RevocationReason, justification: str, *, on: date, by: str) -> None:
        """By another person than the issuer: `four_eyes`."""
        if self.issued is None:
            raise Rejected("not_found", {"id": str(self.id)})
        if self.revoked is not None:
            revoked_on = self.revoked.occurred_on.isoformat()
            raise Rejected("training.certificate_revoked", {"revoked_on": revoked_on})
        if by == self.issued.issued_by:
            raise Rejected("four_eyes")
        require_not_before(self.issued.occurred_on, on, "/revoked_on")
        self.record(
            self.Revoked,
            occurred_on=on,
            participant_id=self.issued.participant_id,
            number=self.issued.number,
            reason=reason,
            justification=justification,
            decided_by=by,
        )
