"""Views of single undertakings and de minimis aid. Amounts are in euro where nothing else is said."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.enterprises import Code, Nip
from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    AidKind,
    AidOrigin,
    Link,
    Rate,
    RecoveryReason,
    RegulationNumber,
    TableNumber,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference
from shared.kernel.money import Money


class AidRow(Published):
    """`left` is what of the amount counts still, after recoveries and divisions."""

    aid_id: UUID
    party: UUID
    granted_on: date
    amount: Money
    left: Money
    regulation: RegulationNumber
    kind: AidKind
    road_transport: bool
    origin: AidOrigin
    reference: Reference | None


class Room(Published):
    """How far a ceiling is used on a day, by the aid from `window_from` to `window_to`."""

    regulation: RegulationNumber
    article: str
    road_transport: bool
    window_from: date
    window_to: date
    ceiling: Money
    used: Money
    left: Money


class PartyRow(Published):
    """An enterprise of kasa, or an outside one by its tax number."""

    party: UUID
    nip: Nip | None


class Undertaking(Published):
    id: UUID
    version: int
    day: date
    parties: tuple[PartyRow, ...]
    links: tuple[Link, ...]
    aid: tuple[AidRow, ...]
    rooms: tuple[Room, ...]
    declared_on: date | None
    """Day of the last declaration of the enterprise asked about."""


class GetUndertaking(Published):
    """Of an enterprise, with the ceilings as of a day; today's when none is named."""

    enterprise_id: UUID
    day: date | None = None


class Recovery(Published):
    amount: Money
    reason: RecoveryReason
    decision: Reference
    recovered_on: date


class Certificate(Published):
    """What a certificate of de minimis aid says; `used_before` is of the ceiling in the window."""

    number: Reference
    """Of the certificate; it follows from the aid."""
    aid_id: UUID
    enterprise_id: UUID
    code: Code
    name: str
    nip: Nip
    granted_on: date
    amount_pln: Money
    amount: Money
    rate: Rate
    rate_table: TableNumber
    rate_on: date
    regulation: RegulationNumber
    article: str
    basis: AidBasis
    convention: str | None
    decision: Reference
    ceiling_of: RegulationNumber
    window_from: date
    window_to: date
    ceiling: Money
    used_before: Money
    declared_on: date
    recoveries: tuple[Recovery, ...]


class CertificateDocument(Published):
    """A rendered certificate: a claim check on the file store."""

    file_id: str
    filename: str


class ListAid(Page):
    """The register of aid granted from one day to another, both included."""

    granted_from: date
    granted_to: date


class RegisterPage(Published):
    items: tuple[Certificate, ...]
    next_cursor: str | None
    position: int
