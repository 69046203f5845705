"""Schedules of repayment: a pure function of the terms.

Every row is rounded to the grosz and the last one absorbs the remainder, so that the principal of
all rows is what was lent (and capitalised) exactly. Interest is counted between the contract's own
due days; that a due day moves off a holiday changes no interest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from services.kasa.domain.calendar import DueDays, nominal_due_day
from services.kasa.domain.interest import Count, Rates
from shared.contracts.kasa.vocabulary.loans import (
    DayCount,
    GraceKind,
    Instalment,
    LoanTerms,
    RowKind,
    ScheduleKind,
)
from shared.kernel.money import rounded_amount

NOTHING: Final = Decimal("0.00")


class Row(NamedTuple):
    """An instalment, a prepayment or a remission, as planned.

    Interest is counted from `starts` to `ends` on `opening`, plus `carried`, the accrual of the
    same period from before `starts` (when the principal or the rate changed within it).
    """

    number: int
    kind: RowKind
    starts: date
    ends: date
    due_on: date
    opening: Decimal
    carried: Decimal
    principal: Decimal
    interest: Decimal
    capitalised: Decimal

    @property
    def balance(self) -> Decimal:
        """Principal after the row."""
        return self.opening + self.capitalised - self.principal

    def told(self) -> Instalment:
        return Instalment(
            number=self.number,
            kind=self.kind,
            starts=self.starts,
            ends=self.ends,
            due_on=self.due_on,
            principal=self.principal,
            interest=self.interest,
            capitalised=self.capitalised,
            balance=self.balance,
        )


@dataclass(frozen=True)
class Terms:
    """What a schedule follows from, beside the principal and the rates.

    Rows are numbered `skipped` + 1 to `skipped` + `months`; in the first `grace_months` of them no
    principal is repaid. `day_of_month` is that of the due days.
    """

    kind: ScheduleKind
    months: int
    first_due_on: date
    day_of_month: int
    day_count: DayCount
    grace_months: int = 0
    grace_kind: GraceKind = GraceKind.INTEREST_ONLY
    skipped: int = 0

    @cached_property
    def count(self) -> Count:
        return Count(self.day_count, self.day_of_month)

    @property
    def last(self) -> int:
        return self.skipped + self.months

    @property
    def grace_until(self) -> int:
        return self.skipped + self.grace_months

    def due(self, number: int) -> date:
        """The contract's own due day of a row."""
        return nominal_due_day(self.first_due_on, self.day_of_month, number - self.skipped - 1)

    def next_number(self, day: date, after: int = 0) -> int:
        """Of the first row that is due after a day and after a row; the last row at the latest."""
        number = max(after, self.skipped) + 1
        while number < self.last and self.due(number) <= day:
            number += 1
        return min(number, self.last)


def terms_of(terms: LoanTerms, day_count: DayCount) -> Terms:
    return Terms(
        kind=terms.kind,
        months=terms.months,
        first_due_on=terms.first_due_on,
        day_of_month=terms.due_day,
        day_count=day_count,
        grace_months=terms.grace_months,
        grace_kind=terms.grace_kind,
    )


def plan(
    terms: Terms,
    rates: Rates,
    due_days: DueDays,
    *,
    principal: Decimal,
    since: date,
    first: int | None = None,
    carried: Decimal = NOTHING,
    level: Decimal | None = None,
) -> list[Row]:
    """The rows from number `first` on that repay a principal outstanding from a day.

    `level` keeps the instalments of an earlier plan (annuity: principal and interest; equal
    principal: principal), so that the term shortens; without it the remaining rows share evenly.
    """
    rows: list[Row] = []
    number = terms.skipped + 1 if first is None else first
    balance, starts, count = principal, since, terms.count
    while number <= terms.last and (balance or carried):
        ends = terms.due(number)
        accrual = carried + count.accrued(balance, rates, starts, ends)
        interest, capitalised, part = count.interest(accrual), NOTHING, NOTHING
        if number == terms.last:
            part = balance
        elif number > terms.grace_until:
            if level is None:
                level = level_of(terms, balance, rates.on(starts), number)
            part = min(balance, _part(terms.kind, level, interest))
        elif terms.grace_kind is GraceKind.CAPITALISED:
            interest, capitalised = NOTHING, interest
        rows.append(
            Row(
                number,
                RowKind.INSTALMENT,
                starts,
                ends,
                due_days.moved(ends),
                balance,
                carried,
                part,
                interest,
                capitalised,
            )
        )
        balance = balance + capitalised - part
        number, starts, carried = number + 1, ends, NOTHING
    return rows


def level_of(terms: Terms, balance: Decimal, percent: Decimal, number: int) -> Decimal:
    """What stays the same from row to row, for the rows from `number` to the last.

    Annuity: A = P·i / (1 - (1 + i)^-n) with i a twelfth of the yearly rate, P/n without interest.
    """
    rows = terms.last - number + 1
    if terms.kind is ScheduleKind.EQUAL_PRINCIPAL or not percent:
        return rounded_amount(balance / rows)
    monthly = percent / 1200
    return rounded_amount(balance * monthly / (1 - (1 + monthly) ** -rows))


def _part(kind: ScheduleKind, level: Decimal, interest: Decimal) -> Decimal:
    """The principal within an instalment; none when interest alone takes it up."""
    return level if kind is ScheduleKind.EQUAL_PRINCIPAL else max(NOTHING, level - interest)


class RowChange(NamedTuple):
    """One row in two versions of a schedule; None where a version has no such row."""

    number: int
    kind: RowKind
    before: Instalment | None
    after: Instalment | None


def difference(before: Sequence[Instalment], after: Sequence[Instalment]) -> tuple[RowChange, ...]:
    """The rows in which two versions differ, in order of number; equal rows are left out."""
    old, new = _by_place(before), _by_place(after)
    places = sorted(old.keys() | new.keys())
    return tuple(
        RowChange(place[0], place[1], old.get(place), new.get(place))
        for place in places
        if old.get(place) != new.get(place)
    )


def _by_place(rows: Sequence[Instalment]) -> dict[tuple[int, RowKind, int], Instalment]:
    """Prepayments share the number of the instalment they come before; they are told apart by
    their order.
    """
    found: dict[tuple[int, RowKind, int], Instalment] = {}
    for row in rows:
        turn = 0
        while (row.number, row.kind, turn) in found:
            turn += 1
        found[row.number, row.kind, turn] = row
    return found
