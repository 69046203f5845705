"""What is told of the quality of the data behind the numbers, and of risks that steer checks."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.access import Role
from shared.contracts.model import Published
from shared.contracts.reporting.vocabulary.indicators import CountOf
from shared.contracts.vocabulary import PartnerId, PersonName


class DataProblem(StrEnum):
    INCOMPLETE = "incomplete"
    NOT_ASKED = "not_asked"
    CONTRADICTORY = "contradictory"
    OVERDUE = "overdue"
    UNREADABLE = "unreadable"


class CheckData(CountOf):
    """`set_code`: whose windows say what is overdue."""

    problem: DataProblem | None = None
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=100, ge=1, le=200)


class DataFinding(Published):
    """`detail` names a field or a rule. `mended_by` None: nobody can mend it."""

    participant_id: UUID
    participant_name: PersonName | None = None
    partner: PartnerId | None
    problem: DataProblem
    detail: str
    mended_by: Role | None


class ProblemTotal(Published):
    problem: DataProblem
    findings: int


class DataFindings(Published):
    as_of: date
    known_at: date
    totals: tuple[ProblemTotal, ...]
    items: tuple[DataFinding, ...]
    next_skip: int | None


class RiskKind(StrEnum):
    OVERLAPPING_SESSIONS = "overlapping_sessions"
    TOO_LONG_A_DAY = "too_long_a_day"
    LATE_ENTRY = "late_entry"


class CheckRisks(Published):
    """`late_days`: an entry is late when it was recorded more days after it was true."""

    risk: RiskKind | None = None
    known_at: date | None = None
    late_days: int = Field(default=30, ge=0, le=3650)
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=100, ge=1, le=200)


class RiskAlert(Published):
    """`whom` is a pseudonym; `facts` are `ledger/position` of the events to look at."""

    risk: RiskKind
    whom: str
    on: date
    facts: tuple[str, ...]


class RiskAlerts(Published):
    """They steer checks and prove nothing."""

    known_at: date
    items: tuple[RiskAlert, ...]
    next_skip: int | None
