"""The words of tables: what is counted by what, and among whom."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, WithJsonSchema, model_validator

from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText

VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")]
"""A question by its name in the instrument."""
CategoryCode = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f-\x9f]{1,64}$")]
"""A choice, a band (`18..30`: from 18, below 30) or a period (`2026`, `2026-Q1`, `2026-03`)."""
MISSING: Final = ":missing"
"""The category of those who were asked and did not answer."""
HIDDEN: Final = ":hidden"
"""The category of those whom skip logic did not ask."""


class Label(Published):
    pl: ShortText
    en: ShortText


class Span(StrEnum):
    """What dates are gathered into."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


Edge = Annotated[
    Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$"})
]


class Dimension(Published):
    """One axis of a table. A question of many answers gives an axis for each `option`: chosen or not;
    a number is cut at `edges` (each band from its edge, below the next); a date is gathered by `span`.
    """

    variable: VariableName
    option: CategoryCode | None = None
    edges: Annotated[tuple[Edge, ...], Field(max_length=30)] = ()
    span: Span | None = None

    @property
    def name(self) -> str:
        return self.variable if self.option is None else f"{self.variable}/{self.option}"

    @model_validator(mode="after")
    def _edges_ascend(self) -> Self:
        if any(low >= high for low, high in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("edges do not ascend")
        return self


class Filter(Published):
    """Only those who are in one of the categories of a dimension."""

    dimension: Dimension
    any_of: Annotated[tuple[CategoryCode, ...], Field(min_length=1, max_length=100)]
