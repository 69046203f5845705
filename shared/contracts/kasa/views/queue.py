"""What waits for the caller."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.model import Published


class Work(StrEnum):
    CHECK_APPLICATION = "check_application"
    ASSIGN_REVIEWER = "assign_reviewer"
    DECLARE_INTEREST = "declare_interest"
    REVIEW_APPLICATION = "review_application"
    CAST_VOTE = "cast_vote"
    RESOLVE_CASE = "resolve_case"
    REVIEW_REPORT = "review_report"
    RELEASE_TRANCHE = "release_tranche"
    PAY_TRANCHE = "pay_tranche"
    MEET_LOAN_CONDITION = "meet_loan_condition"
    DECIDE_LOAN_REQUEST = "decide_loan_request"
    CONFIRM_DISBURSEMENT = "confirm_disbursement"
    CARRY_OUT_LOAN_REQUEST = "carry_out_loan_request"
    APPROVE_WITHDRAWAL = "approve_withdrawal"
    MATCH_BANK_LINE = "match_bank_line"


class Waiting(Published):
    """`id` is that of the application, the meeting, the grant, the loan, the source of money or the
    bank line; `about` the call, the contract, the source or the bank reference.
    """

    work: Work
    id: UUID
    about: str
    application_id: UUID | None = None
    item: str | None = None
    """The number of the report or the tranche, the condition, the id of the request or withdrawal; why a
    bank line waits.
    """
    since: date
    due_on: date | None = None


class Queue(Published):
    """The most pressing first, then the oldest; as many as fit into one answer."""

    items: tuple[Waiting, ...]
