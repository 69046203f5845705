"""The words of releases: which tables are asked for."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.publication import Measure
from shared.contracts.research.vocabulary.tables import Dimension, Label

ReleasedMeasure = Literal[Measure.COUNT, Measure.SHARE]
"""Means, medians, sums and changes between waves are not released: no rule of disclosure control covers
them yet.
"""


class RequestedTable(Published):
    """The axes in the order of reading; the last one's categories are the parts of a share."""

    title: Label
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=5)]
    measure: ReleasedMeasure = Measure.COUNT


class AnalysisKind(StrEnum):
    """What computes for longer than a request."""

    PINNING = "dataset_pinning"
    RELEASE = "release"
    DRAWING = "drawing"
    EXPORT = "responses_export"


class ExportColumn(Published):
    """`key`: others may know of a person what it says (a quasi-identifier); what is sensitive is nobody's
    key. Keys stand in order of importance: the last one is withheld first.
    """

    dimension: Dimension
    key: bool = True
