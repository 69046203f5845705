"""What is asked of disclosure control. All of it is done by jobs."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PositiveInt, model_validator

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.disclosure import Audience, Rounding
from shared.contracts.research.vocabulary.releases import ExportColumn, RequestedTable
from shared.contracts.research.vocabulary.tables import Filter
from shared.contracts.vocabulary import PurposeCode


class PinDataset(Published):
    """Make releases from the approved answers of a wave as of a position of the ledger; of now, if none
    is given.
    """

    study_id: UUID
    wave_id: UUID
    position: PositiveInt | None = None


class RequestRelease(Published):
    """Tables that are protected together, of those who pass all filters."""

    dataset_id: UUID
    audience: Audience
    tables: Annotated[tuple[RequestedTable, ...], Field(min_length=1, max_length=10)]
    filters: Annotated[tuple[Filter, ...], Field(max_length=10)] = ()
    rounding: Rounding = Rounding.NONE


class DrawRelease(Published):
    """Each table of a release as a picture, PNG and SVG, in Polish and in English."""

    dataset_id: UUID
    release_id: UUID


class ExportResponses(Published):
    """Approved answers of the edition in force one by one, coarsened until nobody stands alone in them;
    `purpose` is recorded for ever.
    """

    dataset_id: UUID
    purpose: PurposeCode
    columns: Annotated[tuple[ExportColumn, ...], Field(min_length=1, max_length=60)]
    filters: Annotated[tuple[Filter, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _each_column_once(self) -> Self:
        if len({each.dimension.name for each in self.columns}) < len(self.columns):
            raise ValueError("columns name one twice")
        return self
