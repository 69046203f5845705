"""Commands on cases of advice."""

from datetime import date
from uuid import UUID

from shared.contracts.kasa.vocabulary.advice import (
    AdviceEnd,
    AdviserId,
    ConsultationMinutes,
    ConsultationOutcome,
    ItemCode,
    Topic,
)
from shared.contracts.model import Published
from shared.contracts.vocabulary import LocalTime, Reference


class OpenAdviceCase(Published):
    enterprise_id: UUID
    opened_on: date


class AdviceCommand(Published):
    """A command to one case; `If-Match` names the version the caller has seen."""

    case_id: UUID


class HoldConsultation(AdviceCommand):
    held_on: date
    starts: LocalTime
    minutes: ConsultationMinutes
    topic: Topic
    adviser: AdviserId
    outcome: ConsultationOutcome
    evidence: Reference
    """File number of the signed sheet."""


class MeetChecklistItem(AdviceCommand):
    item: ItemCode
    evidence: Reference
    met_on: date


class CloseAdviceCase(AdviceCommand):
    end: AdviceEnd
    closed_on: date
