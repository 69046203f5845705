"""A correction: a recorded fact was wrong from the start, and another person agreed that it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registry.domain.personal_record import Fact, Parts
from shared.kernel.personal import Unreadable


class CorrectionState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Correction:
    id: UUID
    requested_on: date
    requested_by: str
    in_force_on: date
    fields: tuple[str, ...]
    proposed: Parts
    replaced: Mapping[str, Fact | None]
    """What was recorded when the correction was requested; when that changes, it is overtaken."""
    reason: str | Unreadable
    source_document: str
    state: CorrectionState = CorrectionState.REQUESTED
    decided_on: date | None = None
    decided_by: str | None = None
