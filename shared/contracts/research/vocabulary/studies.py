"""The words of studies and their waves. No text here is about a person."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, PositiveInt, StringConstraints, model_validator

from shared.contracts.model import Published
from shared.contracts.vocabulary import FreeText, ShortText

StudyCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]{0,29}$")]
Area = Annotated[str, StringConstraints(pattern=r"^(\d{2}|\d{4}|\d{7})$")]
"""Voivodeship (WW), county (WWPP) or commune (WWPPGGR) of the TERYT register, as text."""
ReminderDay = Annotated[int, Field(ge=1, le=180)]
"""Days after the opening of a wave."""


class Method(StrEnum):
    SURVEY = "survey"
    INTERVIEWS = "interviews"
    FOCUS_GROUPS = "focus_groups"
    DESK_RESEARCH = "desk_research"
    MIXED = "mixed"


class Topic(StrEnum):
    """Of GDPR art. 9 and 10: what a study asks about these is disclosed with more care."""

    HEALTH = "health"
    DISABILITY = "disability"
    ADDICTION = "addiction"
    CONVICTION = "conviction"
    HOMELESSNESS = "homelessness"
    ORIGIN = "origin"
    BELIEFS = "beliefs"


class StudyState(StrEnum):
    PLANNED = "planned"
    REVIEWED = "reviewed"
    """The plan as it stands has passed the ethics review."""
    OPEN = "open"
    CONCLUDED = "concluded"


class Verdict(StrEnum):
    """Of an ethics review."""

    APPROVED = "approved"
    RETURNED = "returned"


class WavePurpose(StrEnum):
    BASELINE = "baseline"
    ENDLINE = "endline"
    FOLLOW_UP = "follow_up"
    SINGLE = "single"


class WaveMode(StrEnum):
    LINKED = "linked"
    """Answers of one person can be joined over waves, by a pseudonym."""
    ANONYMOUS = "anonymous"
    """No link to anybody anywhere."""


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class StudyPlan(Published):
    """What a study is to find out, how and where."""

    title_pl: ShortText
    title_en: ShortText
    aim: FreeText
    questions: tuple[ShortText, ...] = Field(min_length=1, max_length=30)
    method: Method
    territory: tuple[Area, ...] = Field(min_length=1, max_length=400)
    topics: tuple[Topic, ...] = ()
    """Sensitive ones."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name in ("territory", "topics"):
            given = getattr(self, name)
            if len(set(given)) < len(given):
                raise ValueError(f"{name} names one twice")
        return self


class PinnedInstrument(Published):
    """One version of a questionnaire: what is answered in a wave is read by it for ever."""

    instrument_id: UUID
    version: PositiveInt


class WavePlan(Published):
    """One round of asking."""

    purpose: WavePurpose
    mode: WaveMode
    instrument: PinnedInstrument
    opens_on: date
    closes_on: date
    reminders: tuple[ReminderDay, ...] = Field(default=(), max_length=10)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes_on < self.opens_on:
            raise ValueError("the wave closes before it opens")
        if list(self.reminders) != sorted(set(self.reminders)):
            raise ValueError("reminders are days in order, each once")
        return self
