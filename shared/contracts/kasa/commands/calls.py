"""Commands on calls, applications and the committee. Whoever calls is the reviewer, the member."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.kasa.vocabulary.calls import (
    ApplicationContent,
    CallTerms,
    FormalResult,
    Outcome,
    PersonId,
    Points,
    Vote,
)
from shared.contracts.kasa.vocabulary.fund import PositiveMoney
from shared.contracts.kasa.vocabulary.grants import ItemCode
from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText


class OpenCall(Published):
    """Open a call with the criteria in force on the day."""

    terms: CallTerms
    opened_on: date


class CloseCall(Published):
    call_id: UUID
    closed_on: date


class DraftApplication(Published):
    call: ItemCode
    enterprise_id: UUID
    content: ApplicationContent
    drafted_on: date


class ApplicationCommand(Published):
    """A command to one application; `If-Match` names the version the caller has seen."""

    application_id: UUID


class ReviseApplication(ApplicationCommand):
    """A new version of the whole content; the earlier ones stay."""

    content: ApplicationContent
    revised_on: date


class SubmitApplication(ApplicationCommand):
    submitted_on: date


class CheckApplication(ApplicationCommand):
    """The formal check: every item of the call. One that is not met returns the application."""

    results: tuple[FormalResult, ...] = Field(min_length=1, max_length=50)
    checked_on: date


class AssignReviewer(ApplicationCommand):
    reviewer: PersonId
    assigned_on: date


class DeclareInterest(ApplicationCommand):
    """The caller, a reviewer, says whether there is a conflict of interest."""

    conflict: bool
    declared_on: date


class ReviewApplication(ApplicationCommand):
    """The caller's points for every criterion that reviewers judge."""

    points: tuple[Points, ...] = Field(min_length=1, max_length=50)
    scored_on: date


class CountCertificate(ApplicationCommand):
    """A valid certificate of somebody who belongs to the enterprise: the points of the criterion."""

    participant_id: UUID
    certificate_id: UUID
    recorded_on: date


class WithdrawApplication(ApplicationCommand):
    """The reason is the applicant organisation's, never about a person."""

    reason: ShortText
    withdrawn_on: date


class ConveneMeeting(Published):
    call: ItemCode
    members: tuple[PersonId, ...] = Field(min_length=1, max_length=30)
    on: date


class MeetingCommand(Published):
    meeting_id: UUID
    application_id: UUID


class Recuse(MeetingCommand):
    """The caller takes no part in this application."""


class ProposeOutcome(MeetingCommand):
    """Put an outcome to the vote, for the application exactly as it stands."""

    outcome: Outcome
    amount: PositiveMoney | None = Field(
        default=None, description="Required to support, and for nothing else"
    )


class CastVote(MeetingCommand):
    """The caller's one vote."""

    vote: Vote


class ResolveCase(MeetingCommand):
    """Count the votes and sign; a resolution that is carried decides the application in the same
    commit, with its de minimis entry and its share of the call's budget.
    """
