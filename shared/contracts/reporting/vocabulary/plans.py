"""What was promised: targets by indicator, cell and period."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import CellName, IndicatorCode


class Target(Published):
    """`value` is to be reached within the period, both days included, in the indicator's own unit."""

    code: IndicatorCode
    cell: CellName | None = None
    first_on: date
    last_on: date
    value: int = Field(ge=0, le=10**15)


Targets = Annotated[tuple[Target, ...], Field(min_length=1, max_length=200)]
