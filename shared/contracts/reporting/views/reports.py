"""What is told of reports, of the difference between two of them, and of what would be."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.model import Published
from shared.contracts.reporting.views.indicators import CountState, LedgerPosition
from shared.contracts.reporting.vocabulary.indicators import (
    Breakdown,
    CellName,
    CountOf,
    IndicatorCode,
    SetCode,
)
from shared.contracts.reporting.vocabulary.reports import Finding, ReportState
from shared.contracts.vocabulary import Reference


class Frozen(Published):
    """What a version was computed from: `positions` are how far each ledger was known, `definition` the
    version of the set, `digest` that of the frozen dataset.
    """

    as_of: date
    known_at: date
    positions: tuple[LedgerPosition, ...]
    definition: str
    digest: str
    facts: int
    computed_by: str


class ReportVersion(Published):
    number: int
    state: ReportState
    frozen: Frozen | None
    submitted_on: date | None
    submitted_by: str | None
    decided_on: date | None
    document: Reference | None
    findings: tuple[Finding, ...]


class Report(Published):
    """`state` is that of the latest version."""

    id: UUID
    version: int
    number: Reference
    set_code: SetCode
    first_on: date
    last_on: date
    state: ReportState
    versions: tuple[ReportVersion, ...]


class ReportSummary(Published):
    id: UUID
    version: int
    number: Reference
    set_code: SetCode
    first_on: date
    last_on: date
    state: ReportState


class ReportList(Published):
    items: tuple[ReportSummary, ...]


class ReportComputation(Published):
    id: UUID
    state: CountState
    facts_read: int
    facts: int | None
    failure: str | None


class OfReport(Published):
    """A version of a report that was computed; the latest such where none is named."""

    report_id: UUID
    number: int | None = Field(default=None, ge=1)


class GetReportIndicators(OfReport):
    code: IndicatorCode | None = None
    breakdown: Breakdown | None = None


class ReportFile(Published):
    file_id: str
    filename: str


class Recount(Published):
    """The same positions counted again today under the frozen definition.

    `same`: to the last byte. Else keys were destroyed since: `unreadable` says of how many people the
    recount sees nothing any more, and `changed` which indicators that changed.
    """

    report_id: UUID
    number: int
    digest: str
    recounted: str
    same: bool
    unreadable: int
    changed: tuple[IndicatorCode, ...]


class GetDifference(Published):
    """Between two computed reports of the same set, of one indicator or a cell of it."""

    before_id: UUID
    after_id: UUID
    code: IndicatorCode
    cell: CellName | None = None
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=100, ge=1, le=200)


class CauseTotal(Published):
    cause: str
    change: int
    units: int


class Moved(Published):
    """`facts` are `ledger/position` of the events from which the cause was read."""

    unit: str
    change: int
    cause: str
    facts: tuple[str, ...]


class ReportDifference(Published):
    """The causes sum to `after` less `before`, always."""

    code: IndicatorCode
    cell: CellName | None
    before: int
    after: int
    causes: tuple[CauseTotal, ...]
    items: tuple[Moved, ...]
    next_skip: int | None


class AskWhatIf(CountOf):
    """The same facts under another definition: TOML as in the sets that are in use."""

    definition: Annotated[str, StringConstraints(min_length=1, max_length=40_000)]


class WhatIfNumber(Published):
    """None: the set does not have the indicator, or does not count it; or `withheld`."""

    code: IndicatorCode
    now: int | None
    then: int | None
    difference: int | None
    withheld: bool


class WhatIf(Published):
    set_code: SetCode
    version: str
    definition: str
    as_of: date
    known_at: date
    items: tuple[WhatIfNumber, ...]
