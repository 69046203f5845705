"""What is told of plans, and of actual numbers against them and over time."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import (
    AsOf,
    CellName,
    IndicatorCode,
    SetCode,
)
from shared.contracts.reporting.vocabulary.plans import Target
from shared.contracts.vocabulary import Reference


class PlanSummary(Published):
    id: UUID
    version: int
    set_code: SetCode
    targets: int
    agreed_on: date


class PlanList(Published):
    items: tuple[PlanSummary, ...]


class PlanVersion(Published):
    number: int
    agreed_on: date
    document: Reference
    targets: tuple[Target, ...]


class Plan(Published):
    """The latest version is in force."""

    id: UUID
    version: int
    set_code: SetCode
    versions: tuple[PlanVersion, ...]


class GetPlanProgress(AsOf):
    """Against the latest version, or against an earlier one."""

    plan_id: UUID
    number: int | None = Field(default=None, ge=1)


class TargetProgress(Published):
    """`actual` within the period as far as it has passed by `as_of`; None: not counted, `reason`.

    `withheld`: of too few people to be told to the caller.
    """

    target: Target
    actual: int | None
    withheld: bool
    reason: str | None
    percent: int | None
    """Of the target, cut off: 100 only of one that is reached; None of a target of zero."""


class PlanProgress(Published):
    plan_id: UUID
    number: int
    definition: str
    """Version of the set of indicators that counted."""
    as_of: date
    known_at: date
    items: tuple[TargetProgress, ...]


class GetTrend(Published):
    """The ends of months from the first to the last; `ahead` months are forecast after them."""

    set_code: SetCode
    code: IndicatorCode
    cell: CellName | None = None
    first_on: date
    last_on: date
    known_at: date | None = None
    ahead: Annotated[int, Field(ge=0, le=24)] = 0


class TrendPoint(Published):
    """`value` None: withheld, or not counted on that day."""

    on: date
    value: int | None


class Trend(Published):
    """`forecast` is the straight line through all points by least squares, never below zero, in whole
    units; none while there are fewer than three points.
    """

    set_code: SetCode
    code: IndicatorCode
    cell: CellName | None
    unit: str
    version: str
    known_at: date
    points: tuple[TrendPoint, ...]
    forecast: tuple[TrendPoint, ...]
