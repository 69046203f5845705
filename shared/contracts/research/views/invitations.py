"""What is told of invitations: how many, and what became of them; tokens stand in documents only."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.model import Published
from shared.contracts.research.vocabulary.samples import RateGroup
from shared.contracts.research.vocabulary.studies import WaveMode


class InvitationIssue(Published):
    """`issued` is None until it is done."""

    id: UUID
    state: Literal["waiting", "running", "done", "failed"]
    issued: int | None = None
    failure: str | None = None


class GetInvitationDocument(Published):
    issue_id: UUID
    kind: Literal["table", "sheets"]


class InvitationDocument(Published):
    """A claim check on the file store."""

    file_id: str
    filename: str


class Reminder(Published):
    day: int
    due_on: date
    sent_on: date | None


class ResponseRates(Published):
    """What became of the invitations of a wave, as a whole and by group of the sample.

    Groups are told where an invitation names a member, and never small ones on their own.
    """

    id: UUID
    study_id: UUID
    mode: WaveMode
    total: RateGroup
    groups: tuple[RateGroup, ...]
    reminders: tuple[Reminder, ...]
