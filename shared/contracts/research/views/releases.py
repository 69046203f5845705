"""What is told of datasets and of what was released from them. A hidden number is nowhere."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field, NonNegativeInt, PositiveInt

from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.disclosure import Audience, Rounding
from shared.contracts.research.vocabulary.publication import Measure, TableAxis, TableCell
from shared.contracts.research.vocabulary.releases import AnalysisKind
from shared.contracts.research.vocabulary.tables import Filter, Label, VariableName


class AnalysisJob(Published):
    """`failure` is the code of the refusal; the result itself tells all of it."""

    id: UUID
    kind: AnalysisKind
    state: Literal["waiting", "running", "done", "failed"]
    dataset_id: UUID
    release_id: UUID | None = None
    files: tuple[str, ...] = ()
    failure: str | None = None


class RequestedRelease(Published):
    dataset_id: UUID
    release_id: UUID


class Dataset(Published):
    """The answers of one wave; `position` is that of the edition in force."""

    id: UUID
    version: int
    study_id: UUID
    wave_id: UUID
    position: int
    pinned_on: date
    releases: NonNegativeInt


class DatasetPage(Published):
    items: tuple[Dataset, ...]
    next_cursor: str | None
    position: int


class ListDatasets(Page):
    """Datasets in the order in which they changed."""

    study_id: UUID | None = None


class TableSummary(Published):
    number: PositiveInt
    title: Label
    measure: Measure
    axes: tuple[str, ...]
    cells: PositiveInt
    suppressed: NonNegativeInt


class Release(Published):
    """`as_of` is the position up to which answers are counted; `rule` the digest of the parameters of
    disclosure control.
    """

    id: UUID
    dataset_id: UUID
    study_id: UUID
    audience: Audience
    as_of: int
    rounding: Rounding
    filters: tuple[Filter, ...]
    tables: tuple[TableSummary, ...]
    rule: str
    released_on: date


class ReleasePage(Published):
    items: tuple[Release, ...]
    next_cursor: str | None
    position: int


class ListReleases(Page):
    """Releases of a dataset, in the order in which they were made."""

    dataset_id: UUID
    audience: Audience | None = None


class GetRelease(Published):
    dataset_id: UUID
    release_id: UUID


class GetReleaseTable(GetRelease):
    """`cell` is the first that is wanted: a large table comes in several answers."""

    number: int = Field(ge=1, le=10)
    cell: int = Field(default=0, ge=0, le=100_000)


class ReleaseTable(Published):
    """A suppressed cell says so, and nothing else. `next_cell` is None with the last one."""

    release_id: UUID
    number: PositiveInt
    title: Label
    measure: Measure
    variable: VariableName | None
    unit: Label
    axes: tuple[TableAxis, ...]
    filters: tuple[Filter, ...]
    cells: tuple[TableCell, ...]
    next_cell: int | None


class FetchReleaseTable(GetRelease):
    number: int = Field(ge=1, le=10)


class FetchAnalysisFile(Published):
    job_id: UUID
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")


class AnalysisFile(Published):
    """A claim check on the file store."""

    file_id: str
    filename: str
    media_type: str
