"""What is told of diagnoses: to those who make them, and to the public."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field, PositiveInt

from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.diagnoses import (
    CommuneNeed,
    DiagnosisCode,
    DiagnosisState,
    IndexCode,
    Licence,
    PublishedFile,
    Publisher,
    Year,
)
from shared.contracts.research.vocabulary.tables import Label
from shared.contracts.vocabulary import FreeText, Teryt


class DiagnosisPublication(Published):
    id: UUID
    diagnosis_id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    failure: str | None = None


class Outline(Published):
    id: UUID
    code: DiagnosisCode
    report_version: PositiveInt
    title: Label
    state: DiagnosisState
    published_on: date | None


class DiagnosisPage(Published):
    items: tuple[Outline, ...]
    next_cursor: str | None
    position: int


class ListDiagnoses(Page):
    """In the order in which they changed."""

    state: DiagnosisState | None = None


class ListPublishedDiagnoses(Page):
    """Those that are published, or were superseded since, in the order in which that happened."""


class Told(Published):
    """What a diagnosis says, but for the needs of its communes and its tables. `as_of` is the position of
    the ledger up to which answers are counted.
    """

    id: UUID
    version: int
    code: DiagnosisCode
    report_version: PositiveInt
    state: DiagnosisState
    study_id: UUID
    title: Label
    summary_pl: FreeText
    summary_en: FreeText
    territory: tuple[Teryt, ...]
    as_of: int
    releases: tuple[UUID, ...]
    index_code: IndexCode
    index_version: PositiveInt
    year: Year
    published_on: date | None
    superseded_by: UUID | None
    licence: Licence | None
    publisher: Publisher | None
    files: tuple[PublishedFile, ...]


class Diagnosis(Told):
    composed_on: date
    composed_by: str
    approved_on: date | None
    approved_by: str | None


class PublishedDiagnosis(Told):
    """As anybody may read it."""


class GetNeeds(Published):
    """`first` is the first commune that is wanted: many come in several answers."""

    diagnosis_id: UUID
    first: int = Field(default=0, ge=0, le=5_000)


class DiagnosisNeeds(Published):
    diagnosis_id: UUID
    index_code: IndexCode
    index_version: PositiveInt
    year: Year
    communes: tuple[CommuneNeed, ...]
    next_first: int | None


class FetchPublishedFile(Published):
    diagnosis_id: UUID
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")


class DiagnosisFile(Published):
    """A claim check on the file store."""

    file_id: str
    filename: str
    media_type: str
