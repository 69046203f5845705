"""What is told of numbers: counted, broken down, and who and what stands behind them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import (
    Breakdown,
    CellName,
    CountOf,
    IndicatorCode,
    SetCode,
)
from shared.contracts.vocabulary import PersonName


class SetSummary(Published):
    set_code: SetCode
    name_pl: str
    name_en: str
    version: str
    indicators: int


class SetList(Published):
    items: tuple[SetSummary, ...]


class CountIndicators(CountOf):
    """All indicators of a set, or one; without cells unless a breakdown is asked for."""

    code: IndicatorCode | None = None
    breakdown: Breakdown | None = None


class CellLabel(Published):
    dimension: str
    value: str


class IndicatorCell(Published):
    """`value` None: it is of too few people to be told to the caller."""

    labels: tuple[CellLabel, ...]
    value: int | None


class IndicatorNumber(Published):
    """`value` None: not counted, for the `reason`; or `withheld`, because it is of too few people.

    Minutes, grosze and hundredths of full-time jobs are told as such. `incomplete` records are in the
    grand total only; `unreadable` ones were erased; `refused` and `unasked` are about sensitive
    questions.
    """

    code: IndicatorCode
    name_pl: str
    name_en: str
    unit: str
    value: int | None
    withheld: bool
    reason: str | None
    incomplete: int | None
    unreadable: int | None
    refused: int | None
    unasked: int | None
    breakdowns: tuple[Breakdown, ...]
    cells: tuple[IndicatorCell, ...]
    source: str
    verified: bool


class LedgerPosition(Published):
    ledger: str
    position: int


class Indicators(Published):
    """`version` is the digest of the definitions; `positions`, how far each ledger was known."""

    set_code: SetCode
    name_pl: str
    name_en: str
    version: str
    as_of: date
    known_at: date
    positions: tuple[LedgerPosition, ...]
    facts: int
    items: tuple[IndicatorNumber, ...]


class GetUnits(CountOf):
    """Who or what a number, or a cell of it, counts."""

    code: IndicatorCode
    cell: CellName | None = None
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=100, ge=1, le=200)


class IndicatorUnit(Published):
    """`amount` sums to the number. `unit` is the participant, or what else is counted."""

    unit: str
    amount: int
    facts: int
    """On how many events it rests."""
    participant_id: UUID | None
    participant_name: PersonName | None = None


class IndicatorUnits(Published):
    """`evidence` is the digest of all units with their events."""

    code: IndicatorCode
    version: str
    as_of: date
    known_at: date
    value: int
    evidence: str | None
    items: tuple[IndicatorUnit, ...]
    next_skip: int | None


class GetUnitEvidence(CountOf):
    code: IndicatorCode
    cell: CellName | None = None
    unit: str = Field(min_length=1, max_length=200)


class EvidenceEvent(Published):
    """An event that decided that the unit counts: its place in its publisher's ledger."""

    kind: str
    ledger: str
    position: int
    event_id: UUID
    about: UUID
    occurred_on: date
    recorded_at: datetime


class UnitEvidence(Published):
    code: IndicatorCode
    version: str
    unit: str
    amount: int
    items: tuple[EvidenceEvent, ...]


class CountState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class CountStarted(Published):
    id: UUID


class GetCount(Published):
    id: UUID
    code: IndicatorCode | None = None
    breakdown: Breakdown | None = None


class CountProgress(Published):
    """`facts_read` of `facts`; `indicators` once it is done."""

    id: UUID
    state: CountState
    facts_read: int
    facts: int | None
    failure: str | None
    indicators: Indicators | None
