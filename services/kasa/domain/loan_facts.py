"""What happens to a loan, each fact with the day on which it counts (its value day).

A loan's state on a day follows from these alone, whatever the order in which they became known.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.kasa.domain.schedule import NOTHING, Terms
from shared.contracts.kasa.vocabulary.loans import ApprovalKind, PaymentPurpose, PrepaymentEffect


@dataclass(frozen=True)
class Tranche:
    """Paid out to the borrower."""

    on: date
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Repricing:
    """From this day on the contract's rate is another one."""

    on: date
    reference: str
    percent: Decimal


@dataclass(frozen=True)
class Cost:
    """Of collection, charged to the borrower."""

    on: date
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Payment:
    on: date
    reference: str
    amount: Decimal
    purpose: PaymentPurpose = PaymentPurpose.INSTALMENT


@dataclass(frozen=True)
class Remission:
    """Debt that the fund gives up."""

    on: date
    reference: str
    principal: Decimal = NOTHING
    interest: Decimal = NOTHING
    penalty: Decimal = NOTHING


@dataclass(frozen=True)
class Restructuring:
    """All principal still owed is spread anew over `terms`, which number their rows from 1.

    Interest owed until then becomes principal, or is due with the first new row.
    """

    on: date
    reference: str
    terms: Terms
    capitalise: bool


@dataclass(frozen=True)
class WriteOff:
    """What is owed is given up for lost; what comes in later is a recovery."""

    on: date
    reference: str


@dataclass(frozen=True)
class CreditReturn:
    """Money that was held for the debtor was paid back."""

    on: date
    reference: str
    amount: Decimal


Fact = Tranche | Repricing | Cost | Payment | Remission | Restructuring | WriteOff | CreditReturn
_ORDER: Final = (
    Tranche,
    Repricing,
    Cost,
    Payment,
    Remission,
    Restructuring,
    WriteOff,
    CreditReturn,
)


def in_order(fact: Fact) -> tuple[date, int, str]:
    """The order in which facts count: by day, within a day by kind, then by reference, so that it
    never depends on when a fact was recorded.
    """
    return fact.on, _ORDER.index(type(fact)), fact.reference


PAID_BY_BANK: Final = frozenset({ApprovalKind.DISBURSEMENT, ApprovalKind.CREDIT_RETURN})
"""What was approved is done once the bank paid it."""


@dataclass(frozen=True)
class Contract:
    """What was agreed, as far as it decides what is owed. `late_percent` above the maximum of the
    law, or None, means the maximum.
    """

    terms: Terms
    percent: Decimal
    late_percent: Decimal | None
    waterfall: str
    prepayment_effect: PrepaymentEffect
    contracted_on: date


@dataclass(frozen=True)
class Approval:
    """Something that one person asked for and another decides."""

    id: UUID
    kind: ApprovalKind
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    requested_by: str
    requested_on: date
    approved: bool | None = None
    decided_by: str | None = None
    done: bool = False
