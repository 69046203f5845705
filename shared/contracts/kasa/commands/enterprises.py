"""Commands on enterprises."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.vocabulary.enterprises import (
    Code,
    EnterpriseKind,
    FullTimeShare,
    Identifiers,
    Krs,
    LegalForm,
    LostPlace,
    Nature,
    Person,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import PartnerId, Reference, ShortText, Teryt


class RegisterEnterprise(Published):
    """Take up an enterprise, or a group that is founding one."""

    code: Code
    name: ShortText
    kind: EnterpriseKind
    legal_form: LegalForm
    founded_by: Nature = Nature.NATURAL
    partner: PartnerId
    teryt: Teryt
    identifiers: Identifiers = Identifiers()
    fiscal_year_month: Annotated[int, Field(ge=1, le=12)] = 1
    converted: bool = Field(
        default=False, description="From a cooperative of invalids or of the blind"
    )
    registered_on: date


class EnterpriseCommand(Published):
    """A command to one enterprise; `If-Match` names the version the caller has seen."""

    enterprise_id: UUID


class SetIdentifiers(EnterpriseCommand):
    identifiers: Identifiers
    set_on: date


class AddFounder(EnterpriseCommand):
    """`entitled` is a yes or no; its ground stays in the registry."""

    person: Person
    nature: Nature
    entitled: bool
    added_on: date


class RemoveFounder(EnterpriseCommand):
    member_id: UUID
    removed_on: date


class FoundEnterprise(EnterpriseCommand):
    """The founding group was entered in the National Court Register."""

    krs: Krs
    entered_on: date


class AdmitMember(EnterpriseCommand):
    person: Person
    nature: Nature
    entitled: bool
    joined_on: date


class RecordMemberLeft(EnterpriseCommand):
    member_id: UUID
    left_on: date


class CreateJobPlace(EnterpriseCommand):
    person: Person | None = None
    share: FullTimeShare
    entitled: bool = False
    created_on: date


class LoseJobPlace(EnterpriseCommand):
    place_id: UUID
    cause: LostPlace
    lost_on: date


class GrantStatus(EnterpriseCommand):
    """The voivode's decision on the status of a social enterprise."""

    decision: Reference
    reintegration: bool = False
    granted_on: date


class WithdrawStatus(EnterpriseCommand):
    decision: Reference
    withdrawn_on: date


class CloseEnterprise(EnterpriseCommand):
    closed_on: date
