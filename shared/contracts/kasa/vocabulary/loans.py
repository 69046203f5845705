"""The words of loans."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.contracts.kasa.vocabulary.bank import BankReference
from shared.contracts.kasa.vocabulary.undertakings import RegulationNumber
from shared.contracts.model import Published
from shared.contracts.vocabulary import ShortText
from shared.kernel.days import months_after
from shared.kernel.money import Amount, Money

RATE: Final = r"^(1000(\.0{1,4})?|\d{1,3}(\.\d{1,4})?)$"


def _exact_percent(value: Any) -> Decimal:
    """Floats are never exact; four places are more than any rate has."""
    text = f"{value:f}" if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not re.fullmatch(RATE, text, re.ASCII):
        raise PydanticCustomError(
            "decimal_type", "a rate is text: from 0 to 1000 with at most 4 places"
        )
    return Decimal(text)


Percent = Annotated[
    Decimal,
    BeforeValidator(_exact_percent),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": RATE, "examples": ["2.5"]}),
]
"""Per cent a year where it is a rate; written as text."""
ProductCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""A name under which a rule is kept among the dated parameters."""


class ScheduleKind(StrEnum):
    ANNUITY = "annuity"
    """Equal instalments of principal and interest together."""
    EQUAL_PRINCIPAL = "equal_principal"


class GraceKind(StrEnum):
    """What happens to interest in the months in which no principal is repaid."""

    INTEREST_ONLY = "interest_only"
    CAPITALISED = "capitalised"
    """It is added to the principal when its period ends."""


class DayCount(StrEnum):
    """Days of an interest period over days of a year, fixed for the life of a contract."""

    THIRTY_360 = "30/360"
    """Every month from one due day to the next is a twelfth of a year."""
    ACT_365 = "ACT/365"
    ACT_360 = "ACT/360"


class RowKind(StrEnum):
    INSTALMENT = "instalment"
    PREPAYMENT = "prepayment"
    REMISSION = "remission"
    CAPITALISATION = "capitalisation"
    """Interest that became principal when the loan was restructured."""


class PrepaymentEffect(StrEnum):
    REDUCE_INSTALMENTS = "reduce_instalments"
    """As many instalments as before, lower ones."""
    SHORTEN_TERM = "shorten_term"
    """Instalments as high as before, fewer ones."""


class PaymentPurpose(StrEnum):
    """What the debtor indicated (art. 451 § 1 KC)."""

    INSTALMENT = "instalment"
    PREPAYMENT = "prepayment"


class Tier(StrEnum):
    """What a payment can go to; a waterfall is an order of these (art. 451 KC)."""

    COSTS = "costs"
    PENALTY_INTEREST = "penalty_interest"
    OVERDUE_INTEREST = "overdue_interest"
    OVERDUE_PRINCIPAL = "overdue_principal"
    CURRENT_INTEREST = "current_interest"
    CURRENT_PRINCIPAL = "current_principal"
    PREPAYMENT = "prepayment"
    RECOVERY = "recovery"
    """Of a loan that was written off; in no waterfall."""
    CREDIT = "credit"
    """Held for the debtor, because nothing was left to pay; in no waterfall."""
    RETURNED = "returned"
    """Held for the debtor, and paid back; in no waterfall."""


class PlanCause(StrEnum):
    """Why a schedule was replaced by the next version."""

    CONTRACT = "contract"
    DISBURSEMENT = "disbursement"
    PREPAYMENT = "prepayment"
    RESTRUCTURING = "restructuring"
    JOB_DISCOUNT = "job_discount"
    REMISSION = "remission"
    BACKDATED_FACT = "backdated_fact"
    """What was recorded later had happened earlier, or had not happened: computed anew."""
    RATE_CAP = "rate_cap"
    """The maximum interest of the law changed."""


class LoanState(StrEnum):
    CONTRACTED = "contracted"
    RUNNING = "running"
    RESTRUCTURED = "restructured"
    REPAID = "repaid"
    WRITTEN_OFF = "written_off"


class ArrearsClass(StrEnum):
    """Of a receivable, from the best to the worst."""

    NORMAL = "normal"
    WATCH = "watch"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOST = "lost"


class ApprovalKind(StrEnum):
    """What takes a second person."""

    DISBURSEMENT = "disbursement"
    WRITE_OFF = "write_off"
    REMISSION = "remission"
    CREDIT_RETURN = "credit_return"
    """Of money that is held for the debtor."""


class Collateral(StrEnum):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Rating(StrEnum):
    """Of the borrower, in the words of the Commission's communication 2008/C 14/02."""

    STRONG = "strong"
    GOOD = "good"
    SATISFACTORY = "satisfactory"
    WEAK = "weak"
    BAD = "bad"
    NONE = "none"
    """No rating and no history."""


class Instalment(Published):
    """One row of a schedule, in the currency of its loan.

    `due_on` is the day by which to pay; interest is counted to `ends`, the contract's own day, which
    may lie before it when that is a holiday. `balance` is the principal after the row.
    """

    number: int = Field(ge=1)
    kind: RowKind = RowKind.INSTALMENT
    starts: date
    ends: date
    due_on: date
    principal: Amount
    interest: Amount
    capitalised: Amount
    balance: Amount


class LoanTerms(Published):
    """How a principal is repaid: as agreed, or as restructured.

    `day_of_month` is that of every due day, the last day of the month where it is shorter; without
    it that of `first_due_on`.
    """

    kind: ScheduleKind
    months: int = Field(ge=1, le=120)
    first_due_on: date
    day_of_month: int | None = Field(default=None, ge=1, le=31)
    grace_months: int = Field(default=0, ge=0)
    grace_kind: GraceKind = GraceKind.INTEREST_ONLY

    @property
    def due_day(self) -> int:
        return self.day_of_month or self.first_due_on.day

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.grace_months >= self.months:
            raise ValueError("principal is repaid in at least one month after the grace")
        if months_after(self.first_due_on, 0, self.due_day) != self.first_due_on:
            raise ValueError("the first due day is not on the day of the month")
        return self


class Condition(Published):
    """What must be done before money is paid out: a security, a document, a permit."""

    code: RuleName
    text: ShortText


class LoanAid(Published):
    """The de minimis aid that is in a loan, and all that its gross grant equivalent follows from
    beside the schedule and the rate; points are hundredths of a per cent.
    """

    aid_id: UUID
    regulation: RegulationNumber
    equivalent: Money
    convention: ShortText
    rating: Rating
    collateral: Collateral
    base_percent: Percent
    margin_points: int
    discount_points: int


class Allocated(Published):
    """Where one payment went, in the currency of the loan; the parts sum to the payment."""

    reference: BankReference
    costs: Amount
    penalty: Amount
    interest: Amount
    principal: Amount
    """Including what was prepaid."""
    recovered: Amount
    credit: Amount
    """Held for the debtor."""
    returned: Amount = Decimal("0.00")
    """Held, and paid back."""
