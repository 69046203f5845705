"""What is owed on a loan on a day, computed anew from all facts of its life.

`settle` is a pure function: a payment that becomes known late, or is taken back, gives the result
that there would have been had it been known, or not been, from the start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from services.kasa.domain.changes import draw, remit, reprice, restructure, write_off
from services.kasa.domain.classification import days_past_due
from services.kasa.domain.debt import Debt
from services.kasa.domain.dues import Allocation, Lost, Plan
from services.kasa.domain.loan_facts import (
    Contract,
    Cost,
    CreditReturn,
    Fact,
    Payment,
    Remission,
    Repricing,
    Restructuring,
    Tranche,
    in_order,
)
from services.kasa.domain.payments import INTEREST, advance, give_back, receive
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING, Row
from shared.contracts.kasa.vocabulary.loans import Tier

PRINCIPAL: Final = frozenset({Tier.OVERDUE_PRINCIPAL, Tier.CURRENT_PRINCIPAL, Tier.PREPAYMENT})


class SettledRow(NamedTuple):
    row: Row
    paid_principal: Decimal
    paid_interest: Decimal
    remitted: Decimal
    settled_on: date | None

    @property
    def owed(self) -> Decimal:
        """Due or not."""
        settled = self.paid_principal + self.paid_interest + self.remitted
        return self.row.principal + self.row.interest - settled


@dataclass(frozen=True)
class Balances:
    """Amounts of the loan's currency at the end of a day; a written-off loan owes nothing."""

    disbursed: Decimal
    capitalised: Decimal
    principal: Decimal
    """Still owed; what is overdue of it is part of it."""
    overdue_principal: Decimal
    overdue_interest: Decimal
    accrued_interest: Decimal
    """Earned, and not overdue."""
    penalty: Decimal
    costs: Decimal
    credit: Decimal
    """Held for the debtor."""
    paid_principal: Decimal
    paid_interest: Decimal
    paid_penalty: Decimal
    paid_costs: Decimal
    remitted: Decimal
    given_up: Decimal
    """Of the principal: remitted, or lost when the loan was written off."""
    recovered: Decimal

    @property
    def overdue(self) -> Decimal:
        return self.overdue_principal + self.overdue_interest + self.penalty + self.costs

    @property
    def payoff(self) -> Decimal:
        """What ends the loan when it is paid on the day, meant as a prepayment."""
        return (
            self.principal
            + self.overdue_interest
            + self.accrued_interest
            + (self.penalty + self.costs)
        )


@dataclass(frozen=True)
class Settlement:
    as_of: date
    rows: tuple[SettledRow, ...]
    allocations: tuple[Allocation, ...]
    plans: tuple[Plan, ...]
    """Every schedule there was, the one in force last."""
    balances: Balances
    oldest_unpaid: date | None
    """Due day of the oldest row that is overdue."""
    lost: Lost | None

    @property
    def days_past_due(self) -> int:
        return days_past_due(self.oldest_unpaid, self.as_of)

    @property
    def is_repaid(self) -> bool:
        """Nothing of what was paid out is owed any more."""
        drawn = bool(self.balances.disbursed) and self.lost is None
        return drawn and not self.balances.payoff and not any(each.owed for each in self.rows)


def settle(contract: Contract, facts: Iterable[Fact], as_of: date, rules: LoanRules) -> Settlement:
    """The state at the end of a day, from the facts that count by then."""
    debt = Debt(contract, rules)
    for fact in sorted((each for each in facts if each.on <= as_of), key=in_order):
        advance(debt, fact.on)
        _apply(debt, fact)
    advance(debt, as_of)
    return _state(debt, as_of)


def _apply(debt: Debt, fact: Fact) -> None:
    """After a write-off payments alone still count, and what of them is paid back."""
    if isinstance(fact, Payment):
        receive(debt, fact)
    elif isinstance(fact, CreditReturn):
        give_back(debt, fact)
    elif debt.lost is not None:
        return
    elif isinstance(fact, Tranche):
        draw(debt, fact)
    elif isinstance(fact, Repricing):
        reprice(debt, fact)
    elif isinstance(fact, Cost):
        debt.costs += fact.amount
    elif isinstance(fact, Remission):
        remit(debt, fact)
    elif isinstance(fact, Restructuring):
        restructure(debt, fact)
    else:
        write_off(debt, fact)


def _state(debt: Debt, as_of: date) -> Settlement:
    overdue = [] if debt.lost else list(debt.overdue(as_of))
    return Settlement(
        as_of=as_of,
        rows=tuple(
            SettledRow(
                due.row,
                due.paid_principal,
                due.paid_interest,
                due.remitted_principal + due.remitted_interest,
                due.settled_on,
            )
            for due in debt.dues
        ),
        allocations=tuple(debt.allocations),
        plans=tuple(debt.plans),
        balances=_balances(debt, as_of),
        oldest_unpaid=overdue[0].row.due_on if overdue else None,
        lost=debt.lost,
    )


def _balances(debt: Debt, as_of: date) -> Balances:
    owing = debt.lost is None
    overdue = list(debt.overdue(as_of)) if owing else []
    overdue_interest = sum((due.owed_interest for due in overdue), NOTHING)
    return Balances(
        disbursed=debt.disbursed,
        capitalised=debt.capitalised_on(as_of if debt.lost is None else debt.lost.on),
        principal=debt.principal_on(as_of) if owing else NOTHING,
        overdue_principal=sum((due.owed_principal for due in overdue), NOTHING),
        overdue_interest=overdue_interest,
        accrued_interest=debt.interest_on(as_of) - overdue_interest if owing else NOTHING,
        penalty=debt.penalty if owing else NOTHING,
        costs=debt.costs if owing else NOTHING,
        credit=debt.credit,
        paid_principal=_allocated(debt.allocations, PRINCIPAL),
        paid_interest=_allocated(debt.allocations, INTEREST),
        paid_penalty=_allocated(debt.allocations, frozenset({Tier.PENALTY_INTEREST})),
        paid_costs=_allocated(debt.allocations, frozenset({Tier.COSTS})),
        remitted=debt.remitted,
        given_up=debt.given_up,
        recovered=debt.recovered,
    )


def _allocated(allocations: Sequence[Allocation], tiers: frozenset[Tier]) -> Decimal:
    return sum((each.amount for each in allocations if each.tier in tiers), NOTHING)
