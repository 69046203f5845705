"""The words of training: programmes, sessions, attendance, outcomes."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    Field,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from shared.contracts.model import Published
from shared.contracts.vocabulary import LocalTime, Reference, ShortText

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,29}$")]
"""A short code that people print and say: of a programme, an edition, a topic, an outcome."""
TrainerId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
"""The trainer's subject at the identity provider: a pseudonym."""
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]
Percent = Annotated[int, Field(ge=1, le=100)]


class Result(StrEnum):
    """What a programme leads to. A qualification is certified by an authorised body, formally; a
    competence is reached in four dated stages. Only the former counts as CR03 or EECR03.
    """

    QUALIFICATION = "qualification"
    COMPETENCE = "competence"


class Hour(StrEnum):
    """The hour of a programme's plan and certificates. Everything is recorded in minutes."""

    DIDACTIC = "didactic"
    CLOCK = "clock"

    @property
    def minutes(self) -> int:
        return 45 if self is Hour.DIDACTIC else 60


class Mode(StrEnum):
    ON_SITE = "on_site"
    ONLINE = "online"


class EditionState(StrEnum):
    OPEN = "open"
    """Takes enrolments; becomes running by itself on the day of its first session."""
    CLOSED = "closed"


class EnrolmentState(StrEnum):
    RESERVE = "reserve"
    ENROLLED = "enrolled"
    SUBSTITUTED = "substituted"
    """Gave the place to someone from the reserve list before the first session."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Left the project before the edition began."""
    ABANDONED = "abandoned"
    """Left the course after it had begun."""
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


class AbsenceReason(StrEnum):
    """May tell of health, and is sealed as such."""

    ILLNESS = "illness"
    CARE = "care"
    WORK = "work"
    OFFICE = "office"
    """Summoned by a court or an office."""
    OTHER = "other"
    UNEXCUSED = "unexcused"


class TestPhase(StrEnum):
    PRE = "pre"
    POST = "post"


class CompetenceStage(StrEnum):
    """The four stages by which a competence is confirmed, in this order."""

    SCOPE = "scope"
    """The target group and the field were chosen."""
    STANDARD = "standard"
    """The learning outcomes to be reached were laid down, before anybody was assessed."""
    ASSESSMENT = "assessment"
    COMPARISON = "comparison"
    """The assessment was compared with the standard: reached, or not."""


class RevocationReason(StrEnum):
    ISSUED_IN_ERROR = "issued_in_error"
    WRONG_CONTENT = "wrong_content"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    FRAUD = "fraud"


class Outcome(Published):
    """A learning outcome: what who completes the programme knows or can do."""

    code: Code
    text: ShortText


class Topic(Published):
    code: Code
    title: ShortText
    planned_minutes: PositiveInt


class CertifyingBody(Published):
    """Who certifies a qualification, and under which number it stands in the public register."""

    name: ShortText
    register_number: Reference


class ProgrammeContent(Published):
    """What a programme is, in one version. `minimum_attendance` replaces the rule's (per cent)."""

    code: Code
    title_pl: ShortText
    title_en: ShortText
    result: Result
    hour: Hour
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    topics: tuple[Topic, ...] = Field(min_length=1)
    minimum_attendance: Percent | None = None
    certifying_body: CertifyingBody | None = Field(
        default=None, description="Required of a qualification, and of nothing else"
    )
    scope_on: date | None = Field(
        default=None, description="Competence: the day of the first stage, scope"
    )
    standard_on: date | None = Field(
        default=None, description="Competence: the day of the second stage, standard"
    )

    @property
    def planned_minutes(self) -> int:
        return sum(topic.planned_minutes for topic in self.topics)

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        for items in (self.outcomes, self.topics):
            codes = [item.code for item in items]
            if len(codes) > len(set(codes)):
                raise ValueError("a code is used twice")
        return self


class Break(Published):
    """A pause within a session; no training time."""

    starts: LocalTime
    ends: LocalTime


class Session(Published):
    """One meeting of a timetable, in Poland's local time; it ends on the day it starts."""

    id: UUID
    topic: Code
    day: date
    starts: LocalTime
    ends: LocalTime
    breaks: tuple[Break, ...] = ()
    mode: Mode = Mode.ON_SITE
    room: ShortText | None = Field(default=None, description="Required on site")
    link: ShortText | None = Field(
        default=None, description="Online: reference of the meeting, for the log-in report"
    )
    trainer: TrainerId


class TrainerContract(Published):
    trainer: TrainerId
    contract: Reference
    first_day: date
    last_day: date
    agreed_minutes: PositiveInt


class GroupLimits(Published):
    minimum: PositiveInt
    maximum: PositiveInt

    @model_validator(mode="after")
    def _minimum_first(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("the minimum is over the maximum")
        return self


class Mark(Published):
    """Who was present for how long; who was not there at all says why."""

    participant_id: UUID
    minutes: Minutes
    absence: AbsenceReason | None = None
    note: ShortText | None = None


WarningKind = Literal["at_risk", "unreachable"]
"""`at_risk`: of who has missed something already, one more absence of average length makes the
minimum unreachable; `unreachable`: even full attendance from now on does not reach it.
"""
