"""Commands on diagnoses."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, PositiveInt

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.diagnoses import (
    MOST_COMMUNES,
    DiagnosisCode,
    Imprint,
    Year,
)
from shared.contracts.research.vocabulary.tables import Label
from shared.contracts.vocabulary import FreeText, Teryt


class ComposeDiagnosis(Published):
    """Put a version of a report together from tables released for the public and the need index of the
    territory in a year, by the definition in force.
    """

    code: DiagnosisCode
    report_version: PositiveInt
    study_id: UUID
    title: Label
    summary_pl: FreeText
    summary_en: FreeText
    territory: Annotated[tuple[Teryt, ...], Field(min_length=1, max_length=MOST_COMMUNES)]
    year: Year
    releases: Annotated[tuple[UUID, ...], Field(max_length=20)]
    composed_on: date


class ApproveDiagnosis(Published):
    """By another person than who composed it."""

    diagnosis_id: UUID
    approved_on: date


class PublishDiagnosis(Published):
    """Make the files and let the diagnosis out, today; an earlier version of the report is superseded."""

    diagnosis_id: UUID
    imprint: Imprint
