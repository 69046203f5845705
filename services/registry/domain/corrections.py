"""A correction: a recorded fact was wrong from the start, and another person agreed that it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registry.domain.personal_record import Fact, Parts
from services.registry.domain.steps import Amendment, StepFacts
from shared.kernel.personal import Unreadable


class CorrectionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class PersonalChange:
    """Fields of the personal record that are to hold other values than those in force on a day."""

    in_force_on: date
    fields: tuple[str, ...]
    proposed: Parts
    replaced: Mapping[str, Fact | None]
    """What was recorded when the correction was requested; when that changes, it is overtaken."""


@dataclass(frozen=True)
class StepsChange:
    """Steps of the lifecycle that are to be as the amendment says."""

    amendment: Amendment
    before: tuple[StepFacts, ...]
    """What was recorded when the correction was requested; when that changes, it is overtaken."""
    after: tuple[StepFacts, ...]


@dataclass(frozen=True)
class Correction:
    id: UUID
    requested_on: date
    requested_by: str
    change: PersonalChange | StepsChange
    reason: str | Unreadable
    source_document: str
    state: CorrectionState = CorrectionState.REQUESTED
    decided_on: date | None = None
    decided_by: str | None = None
