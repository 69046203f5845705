"""What is owed on a loan, row by row, while the facts of its life go by in order of their days."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from services.kasa.domain.dues import Allocation, Due, Lost, Plan
from services.kasa.domain.interest import Count, Rates, constant
from services.kasa.domain.loan_facts import Contract
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING, Row, plan
from shared.contracts.kasa.vocabulary.loans import DayCount, PlanCause, RowKind

LATE: Final = Count(DayCount.ACT_365, 1)
"""Interest for late payment counts days of a year of 365."""


class Debt:
    """Mutable, and used for one computation only; see `settlement.settle`."""

    def __init__(self, contract: Contract, rules: LoanRules) -> None:
        self.contract, self.rules, self.terms = contract, rules, contract.terms
        self._agreed = constant(contract.contracted_on, contract.percent)
        self.rates = self._agreed.capped(rules.contractual_cap)
        self._late = _late_rates(contract, rules)
        self.waterfall = rules.waterfalls[contract.waterfall].on(contract.contracted_on)
        self.clock = contract.contracted_on
        self.dues: list[Due] = []
        self.disbursed = NOTHING
        self.costs = NOTHING
        self.remitted_penalty = NOTHING
        self.settled_penalty = NOTHING
        self.credits: list[tuple[str, Decimal]] = []
        self.allocations: list[Allocation] = []
        self.plans: list[Plan] = []
        self.lost: Lost | None = None
        self.recovered = NOTHING
        self._penalty_accrual = Decimal(0)
        self._first_open = 0
        self._current = 0

    @property
    def remitted(self) -> Decimal:
        rows = sum((due.remitted_principal + due.remitted_interest for due in self.dues), NOTHING)
        return rows + self.remitted_penalty

    @property
    def given_up(self) -> Decimal:
        """Of the principal."""
        lost = NOTHING if self.lost is None else self.lost.principal
        return sum((due.remitted_principal for due in self.dues), lost)

    @property
    def credit(self) -> Decimal:
        """Held for the debtor."""
        return sum((amount for _, amount in self.credits), NOTHING)

    @property
    def penalty(self) -> Decimal:
        return LATE.interest(self._penalty_accrual) - self.settled_penalty

    def principal_on(self, day: date) -> Decimal:
        """Owed, due or not."""
        settled = sum((due.settled_principal for due in self.dues), NOTHING)
        return self.disbursed + self.capitalised_on(day) - settled

    def capitalised_on(self, day: date) -> Decimal:
        """Interest that became principal by a day."""
        return sum((due.row.capitalised for due in self.dues if due.row.ends <= day), NOTHING)

    def accrued(self, row: Row, day: date) -> Decimal:
        """The accrual of a row until a day within its period, or its end."""
        until = min(day, row.ends)
        return row.carried + self.terms.count.accrued(row.opening, self.rates, row.starts, until)

    def interest_on(self, day: date) -> Decimal:
        """Owed for the days gone by, due or not, of rows that have begun."""
        return sum((self._interest_of(due, day) for due in self.dues), NOTHING)

    def _interest_of(self, due: Due, day: date) -> Decimal:
        if due.row.ends <= day:
            return due.owed_interest
        if due.row.starts > day:
            return NOTHING
        earned = self.terms.count.interest(self.accrued(due.row, day))
        return max(NOTHING, earned - due.settled_interest)

    def overdue(self, day: date) -> Iterator[Due]:
        """Rows that should have been paid before a day, the oldest first."""
        while self._first_open < len(self.dues) and not self.dues[self._first_open].is_open:
            self._first_open += 1
        for due in self.dues[self._first_open :]:
            if due.row.due_on >= day:
                return
            if due.is_open:
                yield due

    def next_due_day(self, to: date) -> date | None:
        """On which something open falls due, or has fallen due, by a day."""
        days = (due.row.due_on for due in self.dues if due.is_open and due.row.due_on <= to)
        day = next(days, None)
        return None if day is None else max(day, self.clock)

    def accrue_penalty(self, to: date) -> None:
        if self.lost is None:
            for due in self.overdue(to):
                since = max(self.clock, due.row.due_on)
                self._penalty_accrual += LATE.accrued(due.owed_principal, self._late, since, to)
        self.clock = to

    def current_index(self, on: date) -> int | None:
        """Of the instalment that is the next to fall due, paid or not; days only go forward.

        Where a late tranche put a second row on a due day whose first is paid, it is the second.
        """
        while self._current < len(self.dues):
            due = self.dues[self._current]
            coming = due.row.due_on >= on and due.row.kind is RowKind.INSTALMENT
            if coming and (due.is_open or not self._shares_due_day(self._current)):
                return self._current
            self._current += 1
        return None

    def _shares_due_day(self, index: int) -> bool:
        later = (due.row for due in self.dues[index + 1 : index + 3])
        day = self.dues[index].row.due_on
        return any(row.kind is RowKind.INSTALMENT and row.due_on == day for row in later)

    def replan(
        self,
        index: int,
        principal: Decimal,
        since: date,
        carried: Decimal,
        *,
        first: int | None = None,
        level: Decimal | None = None,
    ) -> None:
        """Replace the rows from `index` on; they begin with the number of the first of them."""
        if first is None:
            first = self.dues[index].row.number
        rows = plan(
            self.terms,
            self.rates,
            self.rules.due_days,
            principal=principal,
            since=since,
            first=first,
            carried=carried,
            level=level,
        )
        self.dues[index:] = map(Due, rows)
        self._first_open = min(self._first_open, index)

    def agree(self, since: date, percent: Decimal) -> None:
        """Another rate from a day on, up to the maximum of the law (art. 359 § 2(1) KC)."""
        self._agreed = self._agreed.from_day(since, percent)
        self.rates = self._agreed.capped(self.rules.contractual_cap)

    def restart(self) -> None:
        """Rows before the ones looked at were replaced."""
        self._first_open = self._current = 0

    def note_plan(self, on: date, cause: PlanCause, reference: str) -> None:
        self.plans.append(Plan(on, cause, reference, tuple(due.row for due in self.dues)))

    def open_index(self, on: date) -> int | None:
        """Of the first instalment that ends after a day; nothing of it was paid, and nothing of
        what follows: that can be planned anew.
        """
        found = None
        for index in range(len(self.dues) - 1, -1, -1):
            due = self.dues[index]
            if due.is_touched or due.row.ends <= on:
                return found
            if due.row.kind is RowKind.INSTALMENT:
                found = index
        return found

    def split(self, index: int, on: date) -> tuple[date, Decimal]:
        """From when the row at `index` counts anew after a change on a day, and what it carries."""
        row = self.dues[index].row
        return (on, self.accrued(row, on)) if row.starts <= on else (row.starts, row.carried)


def _late_rates(contract: Contract, rules: LoanRules) -> Rates:
    """Of interest for late payment, never above the maximum of the law (art. 481 § 2(1) KC)."""
    if contract.late_percent is None:
        return rules.late_cap
    return constant(contract.contracted_on, contract.late_percent).capped(rules.late_cap)
