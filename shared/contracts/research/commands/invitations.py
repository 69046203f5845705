"""Commands on invitations."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.model import Published
from shared.contracts.research.commands.studies import WaveCommand
from shared.contracts.research.vocabulary.samples import Token
from shared.contracts.research.vocabulary.studies import ReminderDay


class IssueInvitations(Published):
    """A token for each member of a linked wave's sample; for an anonymous wave, so many for nobody."""

    study_id: UUID
    wave_id: UUID
    count: int | None = Field(
        default=None, ge=1, le=2000, description="Of an anonymous wave, and of no other"
    )


class RecordReminder(WaveCommand):
    """The reminder of a day of the plan was sent; in an anonymous wave to all."""

    day: ReminderDay
    sent_on: date


class DeclineInvitation(Published):
    """Somebody gave the invitation back: its token is used up."""

    token: Token
    declined_on: date
