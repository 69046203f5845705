"""Rows of a schedule with what was settled of them, and what a computation notes on its way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.kasa.domain.schedule import NOTHING, Row
from shared.contracts.kasa.vocabulary.loans import PlanCause, Tier


class Due:
    """A row of the schedule, and what was settled of it."""

    __slots__ = (
        "paid_interest",
        "paid_principal",
        "remitted_interest",
        "remitted_principal",
        "row",
        "settled_on",
    )

    def __init__(self, row: Row) -> None:
        self.row = row
        self.paid_principal = self.paid_interest = NOTHING
        self.remitted_principal = self.remitted_interest = NOTHING
        self.settled_on: date | None = None

    @property
    def settled_principal(self) -> Decimal:
        return self.paid_principal + self.remitted_principal

    @property
    def settled_interest(self) -> Decimal:
        return self.paid_interest + self.remitted_interest

    @property
    def owed_principal(self) -> Decimal:
        return self.row.principal - self.settled_principal

    @property
    def owed_interest(self) -> Decimal:
        return self.row.interest - self.settled_interest

    @property
    def is_open(self) -> bool:
        row = self.row
        return (
            row.principal != self.paid_principal + self.remitted_principal
            or row.interest != self.paid_interest + self.remitted_interest
        )

    @property
    def is_touched(self) -> bool:
        return bool(self.settled_principal or self.settled_interest)

    def note(self, on: date) -> None:
        """Something of it was settled on a day."""
        if not self.is_open and self.settled_on is None:
            self.settled_on = on


class Allocation(NamedTuple):
    """What of a payment went where, on which day; the amounts of a payment sum to it. Held credit
    that is used later is taken from `CREDIT` with a negative amount.
    """

    on: date
    reference: str
    tier: Tier
    amount: Decimal
    number: int | None = None
    """Of the row, where it went to one."""


class Plan(NamedTuple):
    """A schedule, and why it replaced the one before it."""

    on: date
    cause: PlanCause
    reference: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Lost:
    """What was owed when the loan was written off."""

    on: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    costs: Decimal

    @property
    def whole(self) -> Decimal:
        return self.principal + self.interest + self.penalty + self.costs
