"""What is asked of a dataset. Needs no arrays: whoever reads releases can read their queries."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.research.vocabulary.disclosure import Audience, Rounding, UnitKind

Name = Annotated[str, Field(min_length=1, max_length=600)]


class Filter(BaseModel):
    """Units of any of these categories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimension: Name
    categories: Annotated[tuple[Name, ...], Field(min_length=1)]


class Query(BaseModel):
    """Tables that are published together: each by the names of its dimensions.

    Written in one way only (sorted, each filter once), so that the same question is the same query.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tables: Annotated[tuple[tuple[Name, ...], ...], Field(min_length=1)]
    audience: Audience
    kind: UnitKind = UnitKind.PERSONS
    filters: tuple[Filter, ...] = ()
    amount: Name | None = None
    weighted: bool = False
    rounding: Rounding = Rounding.NONE

    @model_validator(mode="after")
    def _written_in_one_way(self) -> Self:
        tables = tuple(sorted({tuple(sorted(set(each))) for each in self.tables}))
        filters = tuple(
            Filter(dimension=each.dimension, categories=tuple(sorted(set(each.categories))))
            for each in sorted(self.filters, key=lambda each: each.dimension)
        )
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "filters", filters)
        return self

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(sorted({name for table in self.tables for name in table}))
