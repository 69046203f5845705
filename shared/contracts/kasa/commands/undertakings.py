"""Commands on single undertakings and their de minimis aid."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.vocabulary.undertakings import (
    AidBasis,
    DeclaredAid,
    ExchangeRate,
    LinkedThrough,
    LinkKind,
    Party,
    RecoveryReason,
    RegulationNumber,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference
from shared.kernel.money import Money


class AddLink(Published):
    """Two enterprises are linked, or merged: from now on they are one undertaking."""

    enterprise_id: UUID
    other: Party
    kind: LinkKind
    through: LinkedThrough = LinkedThrough.ENTERPRISE
    since: date
    reference: Reference


class EndLink(Published):
    enterprise_id: UUID
    link_id: UUID
    ended_on: date


class DeclareAid(Published):
    """What one party had from others in the last three years; nothing, when `items` is empty."""

    party: Party
    items: tuple[DeclaredAid, ...] = Field(default=(), max_length=100)
    declared_on: date


class GrantAid(Published):
    """Aid outside of calls, such as services; for a loan the amount is its gross grant equivalent."""

    enterprise_id: UUID
    amount: Money
    regulation: RegulationNumber
    basis: AidBasis
    decision: Reference
    road_transport: bool = False
    granted_on: date


class RecoverAid(Published):
    """Aid, or a part of it, was paid back or never came about; the amount is in euro."""

    enterprise_id: UUID
    aid_id: UUID
    amount: Money
    reason: RecoveryReason
    decision: Reference
    recovered_on: date


class PassAid(Published):
    """The enterprise was divided: aid, or a share of it in euro, follows who uses it."""

    enterprise_id: UUID
    aid_id: UUID
    amount: Money
    into: UUID
    divided_on: date


class AnnounceRates(Published):
    """Average rates of NBP, as announced."""

    rates: tuple[ExchangeRate, ...] = Field(min_length=1, max_length=400)
