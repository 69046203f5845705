"""The words of the registry: kinds, statuses, grounds and the personal record."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, PositiveInt, StringConstraints

from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText, Teryt

FieldPointer = Annotated[
    str, StringConstraints(pattern=r"^/(identity|monitoring|special)/[a-z_]{1,40}$")
]
"""JSON pointer of one field of the personal record."""


class Kind(StrEnum):
    """The two kinds of participant, each with its own minimum data and target."""

    DEPENDENT = "dependent"
    STAFF = "staff"


class Status(StrEnum):
    APPLIED = "applied"
    SCORED = "scored"
    RESERVE = "reserve"
    REFUSED = "refused"
    ADMITTED = "admitted"
    ENROLLED = "enrolled"
    SUSPENDED = "suspended"
    EXITED = "exited"
    MERGED = "merged"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    NON_BINARY = "non_binary"


class Education(StrEnum):
    """Highest completed level, ISCED 2011."""

    NONE = "isced0"
    PRIMARY = "isced1"
    LOWER_SECONDARY = "isced2"
    UPPER_SECONDARY = "isced3"
    POST_SECONDARY = "isced4"
    SHORT_TERTIARY = "isced5"
    BACHELOR = "isced6"
    MASTER = "isced7"
    DOCTORAL = "isced8"


class LabourStatus(StrEnum):
    """Exactly one at entry; long-term unemployment is recorded beside it, because the EU rule and the
    register's rule differ.
    """

    UNEMPLOYED_REGISTERED = "unemployed_registered"
    UNEMPLOYED_UNREGISTERED = "unemployed_unregistered"
    INACTIVE = "inactive"
    INACTIVE_IN_EDUCATION = "inactive_in_education"
    EMPLOYED = "employed"
    SELF_EMPLOYED = "self_employed"


class Ground(StrEnum):
    """Why a person belongs to the dependent groups."""

    LONG_TERM_UNEMPLOYED = "long_term_unemployed"
    DISABLED = "disabled"
    WELFARE_CLIENT = "welfare_client"
    FORMER_PRISONER = "former_prisoner"
    ADDICTED = "addicted"
    HOMELESS = "homeless"
    SINGLE_PARENT = "single_parent"
    JOB_SEEKER = "registered_job_seeker"


class Institution(StrEnum):
    """Where staff participants work."""

    PUBLIC_INSTITUTION = "public_institution"
    SOCIAL_SERVICE = "social_service"
    LOCAL_GOVERNMENT = "local_government"
    NGO = "ngo"


class Answer(StrEnum):
    """Sensitive questions may be refused; the record stays complete (Reg. 1304/2013 annex I)."""

    YES = "yes"
    NO = "no"
    REFUSED = "refused"


class Address(Published):
    street: ShortText | None = None
    house_number: ShortText
    postal_code: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{3}$")]
    city: ShortText
    teryt: Teryt


class OtherId(Published):
    """Identity document of a person without PESEL."""

    type: Annotated[str, StringConstraints(pattern=r"^(passport|residence_card|id_card|other)$")]
    number: ShortText
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = Field(
        description="ISO 3166-1 alpha-2"
    )


class IdentityData(Published):
    """Who the person is. None means: not given yet."""

    given_name: ShortText | None = None
    family_name: ShortText | None = None
    pesel: str | None = None
    other_id: OtherId | None = None
    address: Address | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{7,20}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None


class MonitoringData(Published):
    """What the indicators count. None means: not given yet."""

    sex: Sex | None = None
    born_on: date | None = None
    citizenship: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    education: Education | None = None
    labour_status: LabourStatus | None = None
    unemployed_since: date | None = None
    institution: Institution | None = None
    institution_name: ShortText | None = None
    position: ShortText | None = None


class SpecialData(Published):
    """Data of GDPR art. 9 and 10; every question may be refused. None means: not asked yet."""

    grounds: tuple[Ground, ...] | None = None
    disability: Answer | None = None
    minority: Answer | None = None
    foreign_origin: Answer | None = None
    homeless: Answer | None = None


class PersonalData(Published):
    """The personal record of a participant by data class."""

    identity: IdentityData = IdentityData()
    monitoring: MonitoringData = MonitoringData()
    special: SpecialData = SpecialData()


class Purpose(StrEnum):
    """What a consent is for."""

    PARTICIPATION = "participation"
    SENSITIVE_DATA = "sensitive_data"
    RESEARCH_CONTACT = "research_contact"
    IMAGE = "image"


class ExitReason(StrEnum):
    COMPLETED = "completed"
    FOUND_WORK = "found_work"
    HEALTH = "health"
    MOVED = "moved"
    LOST_CONTACT = "lost_contact"
    OTHER = "other"


class Situation(Published):
    """Labour-market situation on leaving, or six months later."""

    labour_status: LabourStatus
    in_education_or_training: bool = False
    gained_qualification: bool = False
    searching_for_work: bool = False
    improved: bool | None = None
    """Better situation than at entry; asked of those who were employed (CR07)."""


class ResultKind(StrEnum):
    OUTCOME = "outcome"
    FOLLOW_UP = "follow_up"


class RecruitmentDecision(StrEnum):
    ADMIT = "admit"
    RESERVE = "reserve"
    REFUSE = "refuse"


class StepKind(StrEnum):
    """A step of a participant's lifecycle, which has a day of its own."""

    APPLICATION = "application"
    SCORING = "scoring"
    DECISION = "decision"
    START = "start"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    EXIT = "exit"
    OUTCOME = "outcome"
    FOLLOW_UP = "follow_up"
    RE_ENTRY = "re_entry"
    CONSENT = "consent"
    CONSENT_WITHDRAWAL = "consent_withdrawal"


class CorrectedStep(Published):
    """A step that was recorded wrongly: its day as it was recorded, and as it is right."""

    version: PositiveInt
    """The version of the participant that recorded the step."""
    step: StepKind
    was_on: date
    is_on: date
    """The same day when something else was wrong."""
    as_planned: bool | None = None
    """Of an exit, where it was wrong."""
    purpose: Purpose | None = None
    """Of a consent, and of a withdrawal."""


class Gap(Published):
    """A field that keeps a participant from being counted."""

    field: str
    """JSON pointer into the personal record."""
    rule: str
    """The rule that asks for it, with its version."""


class TaskKind(StrEnum):
    COMPLETE_RECORD = "complete_record"
    RESOLVE_DUPLICATE = "resolve_duplicate"
    DECIDE_CORRECTION = "decide_correction"
    RECORD_OUTCOME = "record_outcome"
    RECORD_FOLLOW_UP = "record_follow_up"
    DECIDE_ERASURE = "decide_erasure"
    REVIEW_ACCESS = "review_access"
    """Somebody claimed an emergency to read a record out of their scope."""
    CONFIRM_RESULT = "confirm_result"
    """The participant told research of the situation; a person says whether it is the result."""


class Discrepancy(Published):
    """Two declared values that contradict each other: reported, never overwritten."""

    field: str
    """JSON pointer into the personal record."""
    contradicts: str
    """JSON pointer of the other value."""


class LikenessReason(StrEnum):
    SAME_PESEL = "same_pesel"
    SAME_DOCUMENT = "same_document"
    SIMILAR_NAME_AND_BIRTH_DATE = "similar_name_and_birth_date"


class Likeness(Published):
    """Why two records may be one person."""

    reason: LikenessReason
    percent: int = Field(ge=0, le=100)


class HoldGround(StrEnum):
    """Why somebody's data must not be erased for now, whatever the terms say."""

    AUDIT = "audit"
    PROCEEDINGS = "proceedings"
    IRREGULARITY = "irregularity"
    COMMISSION_REQUEST = "commission_request"
    DE_MINIMIS_AID = "de_minimis_aid"


class ErasureGround(StrEnum):
    """Why somebody's data are to be erased (GDPR art. 17(1))."""

    REQUEST = "request"
    """The person asked for it: the data are not needed any more, or the person objects."""
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RETENTION_OVER = "retention_over"
    UNLAWFUL_PROCESSING = "unlawful_processing"


class ErasureState(StrEnum):
    RESTRICTED = "restricted"
    """Law forbids it for now: the data are kept, and until then used for nothing else (art. 18)."""
    REQUESTED = "requested"
    """Law allows it; a second person decides."""
    DISMISSED = "dismissed"
    ORDERED = "ordered"
    """It is being done."""
    EXECUTED = "executed"
    """The keys are destroyed; other services have yet to say that they forgot too."""
    CERTIFIED = "certified"


class Obstacle(Published):
    """What stands against an erasure."""

    rule: str
    """Code of the retention rule, or the ground of a hold."""
    article: str
    may_from: date | None
    """The first day on which it stands against it no more; None while nobody can know it."""
