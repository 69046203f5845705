"""Views of cases of advice."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.views import Page
from shared.contracts.kasa.vocabulary.advice import (
    AdviceEnd,
    AdviserId,
    ConsultationOutcome,
    ReadyItem,
    Topic,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import LocalTime, PartnerId, Reference


class Consultation(Published):
    consultation_id: UUID
    held_on: date
    starts: LocalTime
    minutes: int
    topic: Topic
    adviser: AdviserId
    outcome: ConsultationOutcome
    evidence: Reference


class Readiness(Published):
    """By the checklist in force since `list_from`."""

    ready: bool
    list_from: date
    minutes: int
    minutes_required: int
    items: tuple[ReadyItem, ...]


class AdviceCase(Published):
    id: UUID
    version: int
    enterprise_id: UUID
    partner: PartnerId
    opened_on: date
    closed_on: date | None
    end: AdviceEnd | None
    consultations: tuple[Consultation, ...]
    readiness: Readiness


class GetAdviceCase(Published):
    """With its readiness as of a day; today's when none is named."""

    id: UUID
    day: date | None = None


class ListAdviceCases(Page):
    enterprise_id: UUID | None = None


class AdviceCaseRow(Published):
    id: UUID
    version: int
    enterprise_id: UUID
    opened_on: date
    closed_on: date | None
    consultations: int
    minutes: int


class AdviceCasePage(Published):
    items: tuple[AdviceCaseRow, ...]
    next_cursor: str | None
    position: int
