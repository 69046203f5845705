"""The words of enterprises: kinds, founders, members, job places, duties."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, WithJsonSchema, model_validator

from shared.contracts.model import Published

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,29}$")]
"""A short code that people print and say: of an enterprise, of an outside member, of a topic."""
Nip = Annotated[str, StringConstraints(pattern=r"^[0-9 -]{10,13}$")]
"""Tax number; recorded as ten digits."""
Regon = Annotated[str, StringConstraints(pattern=r"^(\d{9}|\d{14})$")]
Krs = Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
"""Number in the National Court Register: ten digits, without a check digit."""
FullTimeShare = Annotated[
    Decimal,
    Field(gt=0, le=1, max_digits=3, decimal_places=2),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^(1(\.00?)?|0\.(0[1-9]|[1-9][0-9]?))$"}),
]
"""Share of full time: 1 is a full-time job, 0.5 half of one."""


class EnterpriseKind(StrEnum):
    SOCIAL_COOPERATIVE = "social_cooperative"
    OTHER = "other"
    """Another form that is, or wants to be, a social enterprise."""


class LegalForm(StrEnum):
    COOPERATIVE = "cooperative"
    FOUNDATION = "foundation"
    ASSOCIATION = "association"
    COMPANY = "company"
    CHURCH_BODY = "church_body"


class Nature(StrEnum):
    """Of founders and members: natural persons, or legal ones (an NGO, a commune, a church)."""

    NATURAL = "natural"
    LEGAL = "legal"


class EnterpriseState(StrEnum):
    FOUNDING = "founding"
    ACTIVE = "active"
    CLOSED = "closed"


class Identifiers(Published):
    """Numbers in public registers; those that an enterprise being founded does not have are absent."""

    nip: Nip | None = None
    regon: Regon | None = None
    krs: Krs | None = None


class Person(Published):
    """Who founds, joins or works: a participant by the registry's random id, or somebody from
    outside by the number under which the enterprise keeps them. Never a name.
    """

    participant_id: UUID | None = None
    number: Code | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.participant_id is None) == (self.number is None):
            raise ValueError("either participant_id or number is expected")
        return self


class LostPlace(StrEnum):
    """Why a job place was lost."""

    EMPLOYEE_LEFT = "employee_left"
    DISMISSED = "dismissed"
    CONTRACT_ENDED = "contract_ended"
    ENTERPRISE_CLOSED = "enterprise_closed"


class FoundingGap(StrEnum):
    """What a founding group still lacks on a day."""

    FOUNDERS = "founders"
    """More founders are needed."""
    ENTITLED = "entitled"
    """The share of entitled founders is too small."""
    NATURE = "nature"
    """Founders are of the other nature than the cooperative's type."""
    MEMBERS_MAXIMUM = "members_maximum"


class DutyKind(StrEnum):
    EMPLOY_ENTITLED = "employ_entitled"
    """Employ entitled persons within months from the entry in the register."""
    ADMIT_MEMBERS = "admit_members"
    """Reach the least number of members within months from the entry in the register."""
    RESTORE_MEMBERS = "restore_members"
    """Fewer members than the least number: a ground for liquidation when it lasts."""
