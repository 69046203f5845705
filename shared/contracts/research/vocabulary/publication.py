"""A table as it goes out: after disclosure control, in figures that are rounded once for every format."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.tables import CategoryCode, Filter, Label, VariableName

TOTAL: Final = ":total"
"""The category that holds all others of its axis."""


class Measure(StrEnum):
    """What the figures of a table are."""

    COUNT = "count"
    """Respondents, weighted."""
    SHARE = "share"
    """Per cent of the respondents of the same categories of the axes but the last, weighted."""
    MEAN = "mean"
    MEDIAN = "median"
    TOTAL = "total"


class CellStatus(StrEnum):
    """The letter is that of SDMX (CL_CONF_STATUS, CL_OBS_STATUS)."""

    SHOWN = "F"
    SUPPRESSED = "C"
    """Confidential; whether by itself or to protect another cell is not told."""
    EMPTY = "M"
    """There is nobody to have a figure."""


class TableCategory(Published):
    code: CategoryCode
    label: Label


class TableAxis(Published):
    name: Annotated[str, Field(min_length=1, max_length=130)]
    label: Label
    categories: Annotated[tuple[TableCategory, ...], Field(min_length=1, max_length=200)]


class TableCell(Published):
    """`n` is how many answers stand behind the figure; `low` and `high` bound its interval."""

    at: tuple[CategoryCode, ...]
    status: CellStatus
    n: NonNegativeInt | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @model_validator(mode="after")
    def _tells_only_what_is_shown(self) -> Self:
        figures = (self.n, self.value, self.low, self.high)
        if self.status is CellStatus.SUPPRESSED and any(each is not None for each in figures):
            raise ValueError("a suppressed cell tells a figure")
        if self.status is CellStatus.SHOWN and self.value is None:
            raise ValueError("a shown cell tells nothing")
        return self


class PublishedTable(Published):
    """Every combination of categories once; margins are categories with the code `:total`."""

    number: PositiveInt
    title: Label
    measure: Measure
    variable: VariableName | None = None
    """What means, medians and sums are of."""
    unit: Label
    axes: Annotated[tuple[TableAxis, ...], Field(min_length=1, max_length=5)]
    cells: tuple[TableCell, ...]
    filters: tuple[Filter, ...] = ()
    level: Decimal | None = None
    """Of the confidence intervals, per cent."""

    @property
    def by_place(self) -> dict[tuple[str, ...], TableCell]:
        return {cell.at: cell for cell in self.cells}

    @property
    def suppressed(self) -> int:
        return sum(cell.status is CellStatus.SUPPRESSED for cell in self.cells)

    @model_validator(mode="after")
    def _every_cell_once(self) -> Self:
        size = 1
        for axis in self.axes:
            size *= len(axis.categories)
        codes = [{each.code for each in axis.categories} for axis in self.axes]
        fits = all(
            len(cell.at) == len(codes)
            and all(code in known for code, known in zip(cell.at, codes, strict=True))
            for cell in self.cells
        )
        if not fits or len({cell.at for cell in self.cells}) != size or len(self.cells) != size:
            raise ValueError("the cells are not those of the axes")
        return self
