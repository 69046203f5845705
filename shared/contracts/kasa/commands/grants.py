"""Commands on grants."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field, PositiveInt

from shared.contracts.kasa.vocabulary.bank import BankReference
from shared.contracts.kasa.vocabulary.fund import NonNegativeMoney, PositiveMoney
from shared.contracts.kasa.vocabulary.grants import GrantTerms, ItemCode
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference, ShortText


class SignGrant(Published):
    """Sign a grant contract: its money is bound from this day on."""

    terms: GrantTerms
    signed_on: date


class GrantCommand(Published):
    """A command to one grant; `If-Match` names the version the caller has seen."""

    grant_id: UUID


class MeetGrantCondition(GrantCommand):
    code: ItemCode
    met_on: date
    source_document: Reference


class SubmitGrantReport(GrantCommand):
    report: PositiveInt
    spent: NonNegativeMoney
    submitted_on: date
    source_document: Reference


class AcceptGrantReport(GrantCommand):
    """By another person than the one who submitted it."""

    report: PositiveInt
    accepted: NonNegativeMoney
    decided_on: date


class RejectGrantReport(GrantCommand):
    """It is submitted again. The reason is about the report, never about a person."""

    report: PositiveInt
    reason: ShortText
    decided_on: date


class ReleaseTranche(GrantCommand):
    """By another person than who accepted the report, or signed the contract."""

    tranche: PositiveInt
    released_on: date


class PayTranche(GrantCommand):
    """The bank paid. The same bank reference again changes nothing."""

    tranche: PositiveInt
    bank_reference: BankReference
    paid_on: date


class RecordJobPlace(GrantCommand):
    """Somebody was employed on a subsidised place, or nobody holds it from this day on."""

    place_id: UUID
    change: Literal["filled", "vacated"]
    on: date


class CheckDurability(GrantCommand):
    checked_on: date


class ComputeClawback(GrantCommand):
    computed_on: date


class RecordGrantRepayment(GrantCommand):
    """The same line of the bank again changes nothing."""

    amount: PositiveMoney
    bank_reference: BankReference
    value_on: date
    again: bool = Field(default=False, description="It was reversed in error, and counts anew")


class ReverseGrantRepayment(GrantCommand):
    bank_reference: BankReference
    on: date


class CloseGrant(GrantCommand):
    closed_on: date
