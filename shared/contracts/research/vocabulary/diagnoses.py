"""The words of facts, indicators, the need index and diagnoses. Nothing here is about a person."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AnyHttpUrl,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.tables import Label
from shared.contracts.vocabulary import FreeText, ShortText, Teryt

RuleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""An input or an indicator by its name in the rules."""
IndexCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{0,29}$")]
DiagnosisCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9/-]{0,29}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file's bytes or of the canonical JSON (RFC 8785) of a content."""
Year = Annotated[int, Field(ge=1990, le=2100)]
FactValue = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
"""0: the least need among the communes compared; 100: the most."""
CommuneName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
MOST_COMMUNES = 500
"""So many needs fit into one message."""


class Fact(Published):
    """One input of one commune in one year, and who says so."""

    teryt: Teryt
    input: RuleCode
    year: Year
    value: FactValue
    source: ShortText


class Contribution(Published):
    """What one indicator adds to the index: the normalised value (0 to 100) by the share of the weight
    that is present in this commune.
    """

    indicator: RuleCode
    value: Decimal
    points: Points


class CommuneNeed(Published):
    """The contributions sum to the index exactly. `index` is None where too little is known."""

    teryt: Teryt
    index: Points | None
    rank: PositiveInt | None
    """1 is the greatest need; equal needs share the rank."""
    contributions: tuple[Contribution, ...]
    missing: tuple[RuleCode, ...] = ()


class NeedIndex(Published):
    """By which definition, of which year, and what came out, by commune."""

    definition: IndexCode
    version: PositiveInt
    year: Year
    communes: Annotated[tuple[CommuneNeed, ...], Field(min_length=1, max_length=MOST_COMMUNES)]


class Licence(StrEnum):
    CC_BY_4_0 = "CC-BY-4.0"


class DiagnosisState(StrEnum):
    COMPOSED = "composed"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Contents(Published):
    """What a diagnosis says: tables that disclosure control released, and the need index."""

    code: DiagnosisCode
    report_version: PositiveInt
    study_id: UUID
    title: Label
    summary_pl: FreeText
    summary_en: FreeText
    territory: Annotated[tuple[Teryt, ...], Field(min_length=1, max_length=MOST_COMMUNES)]
    as_of: NonNegativeInt
    """The position of the ledger up to which answers are counted."""
    releases: Annotated[tuple[UUID, ...], Field(max_length=100)]
    need: NeedIndex

    @model_validator(mode="after")
    def _need_of_the_territory(self) -> Self:
        if len(set(self.releases)) < len(self.releases):
            raise ValueError("a release stands here twice")
        if {each.teryt for each in self.need.communes} != set(self.territory):
            raise ValueError("the need index is not that of the territory")
        return self


class Publisher(Published):
    name: Label
    homepage: AnyHttpUrl
    contact_name: ShortText
    contact_email: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}$")
    ]


class PublishedFile(Published):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,60}$")]
    digest: Digest
    size: PositiveInt


class Imprint(Published):
    """What is said of a diagnosis when it goes out; `address` is where the public will find it."""

    licence: Licence
    publisher: Publisher
    keywords_pl: Annotated[tuple[ShortText, ...], Field(max_length=20)]
    keywords_en: Annotated[tuple[ShortText, ...], Field(max_length=20)]
    first_day: date
    last_day: date
    """The days that the answers tell of."""
    method_pl: FreeText
    method_en: FreeText
    project: ShortText
    funding: Label
    communes: dict[Teryt, CommuneName] = Field(
        default_factory=dict,
        max_length=MOST_COMMUNES,
        json_schema_extra={"additionalProperties": False},
    )
    """What communes are called; a code stands for those that are not named."""
    address: AnyHttpUrl

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("the last day lies before the first")
        return self


class Edition(Imprint):
    """How a diagnosis went out."""

    files: Annotated[tuple[PublishedFile, ...], Field(min_length=1, max_length=500)]
