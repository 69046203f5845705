"""The words of grants: tranches, conditions, reports, job places and how long they last."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, NonNegativeInt, PositiveInt, StringConstraints, model_validator

from shared.contracts.kasa.vocabulary.fund import ContractNumber, PositiveMoney, SourceCode
from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText
from shared.kernel.money import Money, total

ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,29}$")]
"""A short code that people print and say: of a condition, a criterion, a cost."""


class Support(StrEnum):
    """The kind of support, by which the rules tell how long a job place has to last."""

    JOB_PLACE_ESF = "job_place_esf"
    """A job place in a social enterprise, by unit rates (OWES)."""
    JOB_PLACE_LABOUR_FUND = "job_place_labour_fund"
    COOPERATIVE_LABOUR_FUND = "cooperative_labour_fund"
    """Founding or joining a social cooperative."""
    OTHER = "other"


class ReportState(StrEnum):
    DUE = "due"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    """To be submitted again."""


class TrancheState(StrEnum):
    WAITING = "waiting"
    RELEASED = "released"
    PAID = "paid"


class GrantTask(StrEnum):
    MEET_CONDITION = "meet_condition"
    SUBMIT_REPORT = "submit_report"
    REVIEW_REPORT = "review_report"
    RELEASE_TRANCHE = "release_tranche"
    PAY_TRANCHE = "pay_tranche"
    FILL_JOB_PLACE = "fill_job_place"
    CHECK_DURABILITY = "check_durability"
    PAY_CLAWBACK = "pay_clawback"


class Ground(StrEnum):
    """Why money has to come back."""

    NOT_ACCOUNTED_FOR = "not_accounted_for"
    """Paid out, and not accepted as spent on the purpose."""
    PLACE_NOT_FILLED = "place_not_filled"
    PLACE_NOT_KEPT = "place_not_kept"


class Condition(Published):
    """To be met before any money is paid out."""

    code: ItemCode
    text: ShortText


class ReportDue(Published):
    """A report on the days from the first to the last; `number` counts from 1."""

    number: PositiveInt
    first_day: date
    last_day: date
    due_on: date

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if not self.first_day <= self.last_day < self.due_on:
            raise ValueError("a report is due after the last day it is about")
        return self


class Tranche(Published):
    """Paid once the conditions are met and the report it waits for, if any, is accepted."""

    number: PositiveInt
    amount: PositiveMoney
    after_report: PositiveInt | None = None


class GrantTerms(Published):
    """What a grant contract says. Tranches and reports are numbered from 1, in order."""

    number: ContractNumber
    enterprise_id: UUID
    application_id: UUID
    source: SourceCode
    support: Support
    tranches: tuple[Tranche, ...] = Field(min_length=1, max_length=20)
    conditions: tuple[Condition, ...] = Field(default=(), max_length=20)
    reports: tuple[ReportDue, ...] = Field(min_length=1, max_length=20)
    job_places: NonNegativeInt = 0

    @property
    def amount(self) -> Money:
        return total((each.amount for each in self.tranches), self.tranches[0].amount.currency)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for items in (self.tranches, self.reports):
            if [each.number for each in items] != list(range(1, len(items) + 1)):
                raise ValueError("tranches and reports are numbered from 1, in order")
        if len({each.amount.currency for each in self.tranches}) > 1:
            raise ValueError("a contract has one currency")
        if len({each.code for each in self.conditions}) < len(self.conditions):
            raise ValueError("the code of a condition is used twice")
        if any((each.after_report or 1) > len(self.reports) for each in self.tranches):
            raise ValueError("a tranche waits for a report that is not due")
        return self


class PlaceResult(Published):
    """How long one job place lasted: `kept_days` of the `required_days` from the day it was filled.

    `place_id` is None for a place that was contracted and never filled.
    """

    place_id: UUID | None
    required_days: NonNegativeInt
    kept_days: NonNegativeInt

    @property
    def kept(self) -> bool:
        return self.place_id is not None and self.kept_days >= self.required_days


class ClawbackPart(Published):
    ground: Ground
    amount: PositiveMoney
    place_id: UUID | None = None
