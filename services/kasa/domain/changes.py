"""What changes a loan's schedule, beside payments: tranches, another rate, remission, restructuring,
write-off.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.kasa.domain.debt import Debt
from services.kasa.domain.dues import Due, Lost
from services.kasa.domain.loan_facts import Remission, Repricing, Restructuring, Tranche, WriteOff
from services.kasa.domain.schedule import NOTHING, Row
from shared.contracts.kasa.vocabulary.loans import PlanCause, RowKind


def draw(debt: Debt, fact: Tranche) -> None:
    """Paid out: the instalments to come repay it too. Its interest begins on its day."""
    debt.disbursed += fact.amount
    index = debt.open_index(fact.on)
    if index is None:
        last = debt.dues[-1].row.number if debt.dues else 0
        first = debt.terms.next_number(fact.on, after=last)
        debt.replan(len(debt.dues), fact.amount, fact.on, NOTHING, first=first)
    else:
        since, carried = debt.split(index, fact.on)
        carried += debt.terms.count.accrued(fact.amount, debt.rates, fact.on, since)
        debt.replan(index, debt.dues[index].row.opening + fact.amount, since, carried)
    debt.note_plan(fact.on, PlanCause.DISBURSEMENT, fact.reference)


def reprice(debt: Debt, fact: Repricing) -> None:
    """From a day on the contract's rate is another one."""
    debt.agree(fact.on, fact.percent)
    index = debt.open_index(fact.on)
    if index is not None:
        since, carried = debt.split(index, fact.on)
        debt.replan(index, debt.dues[index].row.opening, since, carried)
        debt.note_plan(fact.on, PlanCause.JOB_DISCOUNT, fact.reference)


def remit(debt: Debt, fact: Remission) -> None:
    """What is overdue first, the oldest row first, then principal to come; never more than is owed."""
    penalty = min(fact.penalty, debt.penalty)
    debt.settled_penalty += penalty
    interest, principal = fact.interest, fact.principal
    for due in list(debt.overdue(fact.on)):
        given_interest = min(interest, due.owed_interest)
        given_principal = min(principal, due.owed_principal)
        due.remitted_interest += given_interest
        due.remitted_principal += given_principal
        due.note(fact.on)
        interest, principal = interest - given_interest, principal - given_principal
    debt.remitted_penalty += penalty
    if principal:
        _remit_to_come(debt, fact, principal)


def _remit_to_come(debt: Debt, fact: Remission, amount: Decimal) -> None:
    """Interest that is principal from the end of its period on is none before."""
    index, owed = debt.open_index(fact.on), debt.principal_on(fact.on)
    if index is None or not owed:
        return
    since, carried = debt.split(index, fact.on)
    row = debt.dues[index].row
    given = Due(
        row._replace(
            kind=RowKind.REMISSION,
            ends=since,
            due_on=since,
            principal=min(amount, row.opening, owed),
            interest=NOTHING,
            capitalised=NOTHING,
        )
    )
    given.remitted_principal = given.row.principal
    given.note(fact.on)
    debt.dues.insert(index, given)
    debt.replan(index + 1, given.row.balance, since, carried)
    debt.note_plan(fact.on, PlanCause.REMISSION, fact.reference)


def restructure(debt: Debt, fact: Restructuring) -> None:
    """All principal still owed, overdue or not, is spread anew; interest owed becomes principal, or
    is due with the first new row.
    """
    on, count = fact.on, debt.terms.count
    principal, interest = debt.principal_on(on), debt.interest_on(on)
    _cut(debt, on)
    skipped = debt.dues[-1].row.number if debt.dues else 0
    debt.terms = replace(fact.terms, skipped=skipped, day_count=debt.terms.day_count)
    if fact.capitalise and interest:
        debt.dues.append(_capitalisation(skipped + 1, on, principal, interest))
        principal, interest = principal + interest, NOTHING
    carried = count.accrual_of(interest)
    debt.replan(len(debt.dues), principal, on, carried, first=skipped + 1)
    debt.restart()
    debt.note_plan(on, PlanCause.RESTRUCTURING, fact.reference)


def _capitalisation(number: int, on: date, principal: Decimal, interest: Decimal) -> Due:
    row = Row(
        number=number,
        kind=RowKind.CAPITALISATION,
        starts=on,
        ends=on,
        due_on=on,
        opening=principal,
        carried=NOTHING,
        principal=NOTHING,
        interest=NOTHING,
        capitalised=interest,
    )
    due = Due(row)
    due.note(on)
    return due


def _cut(debt: Debt, on: date) -> None:
    """Leave of every row what was settled of it, and what was capitalised by the day; what was
    settled of rows to come was due at the latest then.
    """
    kept: list[Due] = []
    moved = NOTHING
    for due in debt.dues:
        row = due.row
        capitalised = row.capitalised if row.ends <= on else NOTHING
        due.row = row._replace(
            starts=min(row.starts, on),
            ends=min(row.ends, on),
            due_on=min(row.due_on, on),
            opening=row.opening + moved,
            principal=due.settled_principal,
            interest=due.settled_interest,
            capitalised=capitalised,
        )
        due.note(on)
        moved += row.principal - due.settled_principal
        if due.is_touched or capitalised or row.kind is not RowKind.INSTALMENT:
            kept.append(due)
    debt.dues = kept


def write_off(debt: Debt, fact: WriteOff) -> None:
    """What is owed is lost; it bears no more interest."""
    debt.lost = Lost(
        fact.on,
        debt.principal_on(fact.on),
        debt.interest_on(fact.on),
        debt.penalty,
        debt.costs,
    )
