"""What is told of studies, and what waits for the caller."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.studies import (
    StudyCode,
    StudyPlan,
    StudyState,
    Verdict,
    WavePlan,
    WaveState,
)
from shared.contracts.vocabulary import FreeText, PartnerId, Reference, ShortText


class EthicsReview(Published):
    verdict: Verdict
    reference: Reference
    conditions: FreeText | None
    reviewed_on: date
    reviewed_by: str
    void: bool
    """The plan was revised afterwards."""


class Wave(Published):
    wave_id: UUID
    number: int
    state: WaveState
    plan: WavePlan
    opened_on: date | None
    closed_on: date | None
    anonymisation_proposed_on: date | None
    anonymised_on: date | None


class WaveAnonymisation(Published):
    """`responses` are those that were made nobody's so far."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    wave_id: UUID
    responses: int
    failure: str | None = None


class Study(Published):
    id: UUID
    version: int
    code: StudyCode
    partner: PartnerId
    state: StudyState
    plan: StudyPlan
    planned_on: date
    reviews: tuple[EthicsReview, ...]
    opened_on: date | None
    concluded_on: date | None
    waves: tuple[Wave, ...]


class ListStudies(Page):
    state: StudyState | None = None


class StudySummary(Published):
    id: UUID
    version: int
    code: StudyCode
    partner: PartnerId
    state: StudyState
    title_pl: ShortText
    title_en: ShortText
    waves: int


class StudyPage(Published):
    items: tuple[StudySummary, ...]
    next_cursor: str | None
    position: int


class ResearchWork(StrEnum):
    REVIEW_ETHICS = "review_ethics"
    OPEN_STUDY = "open_study"
    OPEN_WAVE = "open_wave"
    CLOSE_WAVE = "close_wave"
    SEND_REMINDER = "send_reminder"
    REVIEW_RESPONSES = "review_responses"


class ResearchTask(Published):
    """Something that the caller may do now."""

    work: ResearchWork
    study_id: UUID
    study: StudyCode
    wave_id: UUID | None
    due_on: date | None


class ResearchTasks(Published):
    """The most pressing first, as many as fit into one answer."""

    items: tuple[ResearchTask, ...]
