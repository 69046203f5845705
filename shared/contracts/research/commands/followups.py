"""Commands on measurements after the exit."""

from datetime import date
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.registry.vocabulary import Situation


class AnswerFollowUp(Published):
    """The participant told of the situation on a day; a case worker of the registry confirms it."""

    follow_up_id: UUID
    observed_on: date
    situation: Situation
