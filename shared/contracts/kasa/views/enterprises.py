"""Views of enterprises."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.enterprises import (
    Code,
    DutyKind,
    EnterpriseKind,
    EnterpriseState,
    FoundingGap,
    FullTimeShare,
    Identifiers,
    LegalForm,
    LostPlace,
    Nature,
    Person,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import PartnerId, PersonName, Reference, Teryt


class NamedPerson(Person):
    """The service knows no names: the gateway joins those of participants for who may see them."""

    participant_name: PersonName | None = None


class Member(Published):
    """A founder, or a member since the entry in the register; `until` is the first day without."""

    member_id: UUID
    person: NamedPerson
    nature: Nature
    entitled: bool
    since: date
    until: date | None


class JobPlace(Published):
    place_id: UUID
    person: NamedPerson | None
    share: FullTimeShare
    entitled: bool
    since: date
    lost_on: date | None
    cause: LostPlace | None


class Duty(Published):
    """To be done by the end of `due_on`; `have` and `required` are numbers of people."""

    kind: DutyKind
    article: str
    have: int
    required: int
    due_on: date
    open: bool
    overdue: bool


class Gap(Published):
    kind: FoundingGap
    have: int
    required: int


class Status(Published):
    """Of a social enterprise, by the voivode's decision."""

    decision: Reference
    granted_on: date
    reintegration: bool


class Founding(Published):
    """What the group lacks by the rule in force on a day; it may found when there is no gap."""

    day: date
    article: str
    rule_from: date
    gaps: tuple[Gap, ...]


class Enterprise(Published):
    id: UUID
    version: int
    code: Code
    name: str
    kind: EnterpriseKind
    legal_form: LegalForm
    founded_by: Nature
    state: EnterpriseState
    partner: PartnerId
    teryt: Teryt
    identifiers: Identifiers
    fiscal_year_month: int
    converted: bool
    registered_on: date
    founded_on: date | None
    closed_on: date | None
    status: Status | None
    members: tuple[Member, ...]
    places: tuple[JobPlace, ...]
    duties: tuple[Duty, ...]


class EnterpriseRow(Published):
    id: UUID
    version: int
    code: Code
    name: str
    kind: EnterpriseKind
    state: EnterpriseState
    partner: PartnerId
    teryt: Teryt
    members: int
    employed: int


class ListEnterprises(Page):
    state: EnterpriseState | None = None


class EnterprisePage(Published):
    items: tuple[EnterpriseRow, ...]
    next_cursor: str | None
    position: int


class CheckFounding(Published):
    """Whether the group might be founded, without writing anything."""

    enterprise_id: UUID
    day: date


class ListDuties(Published):
    due_by: date


class DueDuty(Published):
    enterprise_id: UUID
    code: Code
    name: str
    duty: Duty


class DutyList(Published):
    items: tuple[DueDuty, ...]
