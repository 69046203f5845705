"""Dated parameters: every number a law or a contract sets, with its validity and its source.

A rule changes and the history stays: what happened on a day is judged by what was in force on it.
The values live in data files; this module gives them their days.
"""

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from shared.kernel.errors import Rejected

T = TypeVar("T")


class Period(BaseModel, Generic[T]):
    """A value and the days on which it is in force, both ends included.

    `verified` is False when the value was written from knowledge and not yet checked against
    `source`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool
    value: T

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self


class Dated(RootModel[tuple[Period[T], ...]], Generic[T]):
    """The values of one parameter in order of their days; days between two periods have none."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _periods_do_not_overlap(self) -> Self:
        for earlier, later in zip(self.root, self.root[1:], strict=False):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise ValueError(f"the period from {later.valid_from} overlaps the one before it")
        return self

    def period_on(self, day: date, pointer: str | None = None) -> Period[T]:
        """The period in force on a day. Raises `Rejected("rules.none_in_force")` at `pointer`."""
        for period in self.root:
            if period.covers(day):
                return period
        raise Rejected("rules.none_in_force", {"day": day.isoformat()}, pointer)

    def on(self, day: date, pointer: str | None = None) -> T:
        """The value in force on a day. Raises `Rejected("rules.none_in_force")` at `pointer`."""
        return self.period_on(day, pointer).value

    def spans(self, first: date, last: date | None) -> bool:
        """Whether there is a value on every day from `first` to `last`, or for ever."""
        day = first
        for period in self.root:
            if period.covers(day):
                if period.valid_to is None or (last is not None and last <= period.valid_to):
                    return True
                day = period.valid_to + timedelta(1)
        return False


def read_toml(texts: Iterable[str]) -> dict[str, Any]:
    """The parameters of several TOML texts as one mapping; a name given twice is an error."""
    parameters: dict[str, Any] = {}
    for text in texts:
        for name, periods in tomllib.loads(text).items():
            if name in parameters:
                raise ValueError(f"parameter {name} is given twice")
            parameters[name] = periods
    return parameters
