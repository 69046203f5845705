"""The words of de minimis aid: single undertakings, links, aid."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, WithJsonSchema, model_validator

from shared.contracts.kasa.vocabulary.enterprises import Nip
from shared.contracts.model import Published
from shared.contracts.vocabulary import Reference, ShortText
from shared.kernel.money import Money

RegulationNumber = Annotated[
    str, StringConstraints(pattern=r"^\d{1,4}/\d{1,4}$"), Field(examples=["2023/2831"])
]
"""As cited: `2023/2831`, `1407/2013`."""
Rate = Annotated[
    Decimal,
    Field(gt=0, max_digits=10, decimal_places=6),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^[1-9][0-9]{0,3}(\.[0-9]{1,6})?$"}),
]
TableNumber = Annotated[str, StringConstraints(pattern=r"^\d{1,3}/[A-C]/NBP/\d{4}$")]
"""Of a table of exchange rates: `252/A/NBP/2024`."""


class AidKind(StrEnum):
    """Which ceilings aid counts against; aid for services of general economic interest has its own."""

    GENERAL = "general"
    SGEI = "sgei"


class AidBasis(StrEnum):
    """What the aid is; its amount is that of the grant, or the gross grant equivalent."""

    GRANT = "grant"
    LOAN = "loan"
    SERVICE = "service"


class AidOrigin(StrEnum):
    GRANTED = "granted"
    """By kasa."""
    DECLARED = "declared"
    """By others, as the applicant declared."""


class LinkKind(StrEnum):
    """What makes one undertaking of two enterprises (Reg. (EU) 2023/2831 art. 2(2))."""

    MAJORITY_OF_VOTES = "majority_of_votes"
    BOARD_MAJORITY = "board_majority"
    """The right to appoint or remove most of the board."""
    DOMINANT_INFLUENCE = "dominant_influence"
    """By contract or statute."""
    SOLE_CONTROL_BY_AGREEMENT = "sole_control_by_agreement"
    """Of most votes, by an agreement with other shareholders."""
    MERGER = "merger"
    """Merged or acquired: what either received is the history of both, for good."""


class LinkedThrough(StrEnum):
    """Links through natural persons and public bodies do not count."""

    ENTERPRISE = "enterprise"
    NATURAL_PERSON = "natural_person"
    PUBLIC_BODY = "public_body"


class RecoveryReason(StrEnum):
    RECOVERED = "recovered"
    REDUCED = "reduced"
    CANCELLED = "cancelled"


class Party(Published):
    """An enterprise of kasa, or one outside of it by its tax number."""

    enterprise_id: UUID | None = None
    nip: Nip | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.enterprise_id is None) == (self.nip is None):
            raise ValueError("either enterprise_id or nip is expected")
        return self


class Link(Published):
    link_id: UUID
    kind: LinkKind
    one: UUID
    other: UUID
    since: date
    reference: Reference


class DeclaredAid(Published):
    """Aid that the applicant had from others; `reference` is that of its certificate."""

    granted_on: date
    amount: Money
    granted_by: ShortText
    regulation: RegulationNumber
    reference: Reference
    road_transport: bool = False


class ExchangeRate(Published):
    """The average rate that NBP announced on a day: zlotys for one euro."""

    announced_on: date
    table: TableNumber
    rate: Rate
