"""What is told of measurements after the exit: when they are due, never what was answered."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.views import Page
from shared.contracts.research.vocabulary.followups import (
    Cancellation,
    FollowUpKind,
    FollowUpState,
)
from shared.contracts.vocabulary import PartnerId, PersonName


class FollowUp(Published):
    id: UUID
    version: int
    participant_id: UUID
    participant_name: PersonName | None = None
    partner: PartnerId
    kind: FollowUpKind
    state: FollowUpState
    exited_on: date
    due_from: date
    due_on: date
    rule: str
    """The source of the window."""
    overdue: bool
    """Still open when the last day was over: the observation of a day within can be recorded."""
    observed_on: date | None
    cancelled: Cancellation | None


class ListFollowUps(Page):
    state: FollowUpState | None = None
    kind: FollowUpKind | None = None
    due_by: date | None = Field(default=None, description="Whose first day is not after this day")


class FollowUpPage(Published):
    items: tuple[FollowUp, ...]
    next_cursor: str | None
    position: int
