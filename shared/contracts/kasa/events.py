"""Public events of kasa: facts about enterprises and money, never who somebody is.

`subject` is the enterprise.
"""

from datetime import date, time
from typing import ClassVar
from uuid import UUID

from shared.contracts.events import PublicEvent
from shared.contracts.kasa.vocabulary.advice import AdviserId, Topic
from shared.contracts.kasa.vocabulary.calls import Offer, Outcome
from shared.contracts.kasa.vocabulary.enterprises import Code, EnterpriseKind, LostPlace
from shared.contracts.kasa.vocabulary.fund import ContractNumber, SourceCode
from shared.contracts.kasa.vocabulary.grants import ItemCode
from shared.contracts.kasa.vocabulary.loans import ArrearsClass
from shared.contracts.kasa.vocabulary.undertakings import AidBasis, AidKind, RegulationNumber
from shared.contracts.vocabulary import PartnerId, Teryt
from shared.kernel.money import Money
from shared.kernel.personal import DataClass


class EnterpriseFounded(PublicEvent):
    """Entered in the National Court Register."""

    TYPE: ClassVar[str] = "kasa.enterprise_founded.v1"

    code: Code
    kind: EnterpriseKind
    partner: PartnerId
    teryt: Teryt
    founded_on: date
    founders: int
    entitled: int


class JobPlaceCreated(PublicEvent):
    TYPE: ClassVar[str] = "kasa.job_place_created.v1"

    place_id: UUID
    participant_id: UUID | None
    """Who works there, when it is a participant."""
    share: str
    """Of full time, as a decimal."""
    created_on: date


class JobPlaceLost(PublicEvent):
    TYPE: ClassVar[str] = "kasa.job_place_lost.v1"

    place_id: UUID
    participant_id: UUID | None
    created_on: date
    lost_on: date
    cause: LostPlace


class DeMinimisGranted(PublicEvent):
    """The right to de minimis aid was conferred."""

    TYPE: ClassVar[str] = "kasa.de_minimis_granted.v1"

    aid_id: UUID
    granted_on: date
    amount_pln: Money
    amount: Money
    """In euro, at the average rate of the day."""
    regulation: RegulationNumber
    kind: AidKind
    basis: AidBasis


class AdviceDelivered(PublicEvent):
    """A consultation was held. `starts` is local time, so that hours that overlap can be found."""

    TYPE: ClassVar[str] = "kasa.advice_delivered.v1"

    case_id: UUID
    consultation_id: UUID
    delivered_on: date
    starts: time
    minutes: int
    topic: Topic
    adviser: AdviserId


class ApplicationDecided(PublicEvent):
    """The committee decided on an application for a loan or a grant."""

    TYPE: ClassVar[str] = "kasa.application_decided.v1"

    application_id: UUID
    call: ItemCode
    offer: Offer
    outcome: Outcome
    amount: Money | None
    """What is given; None when the application was refused."""
    decided_on: date


class ContractSigned(PublicEvent):
    """Of a loan or a grant: its money is bound."""

    TYPE: ClassVar[str] = "kasa.contract_signed.v1"

    contract_id: UUID
    number: ContractNumber
    offer: Offer
    source: SourceCode
    amount: Money
    signed_on: date


class Disbursed(PublicEvent):
    """The bank paid a tranche of a loan or a grant out."""

    TYPE: ClassVar[str] = "kasa.disbursed.v1"

    contract_id: UUID
    offer: Offer
    amount: Money
    paid_on: date


class Repaid(PublicEvent):
    """Money of a loan or a grant came back."""

    TYPE: ClassVar[str] = "kasa.repaid.v1"

    contract_id: UUID
    offer: Offer
    amount: Money
    value_on: date


class RepaymentReversed(PublicEvent):
    """The bank took back what had been repaid."""

    TYPE: ClassVar[str] = "kasa.repayment_reversed.v1"

    contract_id: UUID
    offer: Offer
    amount: Money
    reversed_on: date


class GrantReportAccepted(PublicEvent):
    """`accepted` of what the report says was spent is eligible."""

    TYPE: ClassVar[str] = "kasa.grant_report_accepted.v1"

    contract_id: UUID
    report: int
    accepted: Money
    accepted_on: date


class ArrearsClassChanged(PublicEvent):
    """The receivable of a loan is in another class, better or worse."""

    TYPE: ClassVar[str] = "kasa.arrears_class_changed.v1"

    contract_id: UUID
    was: ArrearsClass
    now: ArrearsClass
    days_past_due: int
    changed_on: date


class LoanWrittenOff(PublicEvent):
    """What is owed on a loan is given up for lost; what comes in later is a recovery."""

    TYPE: ClassVar[str] = "kasa.loan_written_off.v1"

    contract_id: UUID
    principal: Money
    interest: Money
    penalty: Money
    costs: Money
    written_off_on: date


class SubjectErased(PublicEvent):
    """What kasa held of a person under these keys can be read no more: acknowledges the registry's
    event. Also told of somebody of whom kasa knew nothing.
    """

    TYPE: ClassVar[str] = "kasa.subject_erased.v1"

    data_classes: tuple[DataClass, ...]
    erased_on: date
