"""Where a payment goes.

Rules of the fund, beside those of the law:
- what is overdue bears interest for late payment on its principal only (art. 482 KC: no interest on
  interest), and no contractual interest beside it;
- who pays the current instalment before its day pays it as planned;
- what is paid beyond it reduces the principal at the end of the current interest period, unless the
  contract's waterfall holds it for the instalments to come;
- a payment meant as a prepayment pays the interest of the days gone by and reduces the principal at
  once, unless something of the current instalment or of what follows it was paid already.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from services.kasa.domain.debt import Debt
from services.kasa.domain.dues import Allocation, Due
from services.kasa.domain.loan_facts import CreditReturn, Payment
from services.kasa.domain.schedule import NOTHING, Row
from shared.contracts.kasa.vocabulary.loans import (
    PaymentPurpose,
    PlanCause,
    PrepaymentEffect,
    RowKind,
    ScheduleKind,
    Tier,
)
from shared.kernel.errors import Rejected

INTEREST: Final = frozenset({Tier.OVERDUE_INTEREST, Tier.CURRENT_INTEREST})


def advance(debt: Debt, to: date) -> None:
    """Let the days pass: held credit pays instalments as they fall due, arrears bear interest."""
    while debt.credits and debt.lost is None and (day := debt.next_due_day(to)) is not None:
        debt.accrue_penalty(day)
        held, debt.credits = debt.credits, []
        for reference, amount in held:
            debt.allocations.append(Allocation(day, reference, Tier.CREDIT, -amount))
            _distribute(debt, Payment(day, reference, amount))
        if debt.credits == held:
            raise AssertionError(f"held money pays nothing of what is due by {day}")
    debt.accrue_penalty(to)


def receive(debt: Debt, payment: Payment) -> None:
    """Of a loan that was written off everything that comes in is a recovery."""
    if debt.lost is None:
        _distribute(debt, payment)
        return
    recovery = min(payment.amount, debt.lost.whole - debt.recovered)
    debt.recovered += recovery
    _allocate(debt, payment, Tier.RECOVERY, recovery)
    _hold(debt, payment, payment.amount - recovery)


def give_back(debt: Debt, fact: CreditReturn) -> None:
    """Held money went back to its payer, the oldest first. Raises `kasa.credit_short`: no more than
    was held on the day, also when something becomes known of the days before.
    """
    require_held(debt.credit, fact.amount)
    held, debt.credits, left = debt.credits, [], fact.amount
    for reference, amount in held:
        taken = min(left, amount)
        left -= taken
        payment = Payment(fact.on, reference, taken)
        _allocate(debt, payment, Tier.CREDIT, -taken)
        _allocate(debt, payment, Tier.RETURNED, taken)
        if amount > taken:
            debt.credits.append((reference, amount - taken))


def require_held(held: Decimal, asked: Decimal) -> None:
    if asked > held:
        details = {"held": str(held), "asked": str(asked)}
        raise Rejected("kasa.credit_short", details, "/amount")


def _distribute(debt: Debt, payment: Payment) -> None:
    """Down the contract's waterfall; what is left is held for the debtor."""
    tiers = debt.waterfall
    if payment.purpose is PaymentPurpose.PREPAYMENT and Tier.PREPAYMENT not in tiers:
        tiers = (*tiers, Tier.PREPAYMENT)
    left = payment.amount
    for tier in tiers:
        if not left:
            return
        left -= _TAKERS[tier](debt, _Share(payment, tier, left))
    _hold(debt, payment, left)


class _Share(NamedTuple):
    """What is left of a payment when its tier has its turn."""

    payment: Payment
    tier: Tier
    amount: Decimal


def _to_costs(debt: Debt, share: _Share) -> Decimal:
    taken = min(share.amount, debt.costs)
    debt.costs -= taken
    _allocate(debt, share.payment, share.tier, taken)
    return taken


def _to_penalty(debt: Debt, share: _Share) -> Decimal:
    taken = min(share.amount, debt.penalty)
    debt.settled_penalty += taken
    _allocate(debt, share.payment, share.tier, taken)
    return taken


def _to_overdue(debt: Debt, share: _Share) -> Decimal:
    """The oldest row first."""
    left = share.amount
    for due in debt.overdue(share.payment.on):
        if not left:
            break
        left -= _to_row(debt, due, share._replace(amount=left))
    return share.amount - left


def _to_current(debt: Debt, share: _Share) -> Decimal:
    index = debt.current_index(share.payment.on)
    if index is None or _divides(debt, index, share.payment):
        return NOTHING
    return _to_row(debt, debt.dues[index], share)


def _to_row(debt: Debt, due: Due, share: _Share) -> Decimal:
    if share.tier in INTEREST:
        taken = min(share.amount, due.owed_interest)
        due.paid_interest += taken
    else:
        taken = min(share.amount, due.owed_principal)
        due.paid_principal += taken
    if taken:
        due.note(share.payment.on)
        _allocate(debt, share.payment, share.tier, taken, due.row.number)
    return taken


def _to_prepayment(debt: Debt, share: _Share) -> Decimal:
    index = debt.current_index(share.payment.on)
    if index is None:
        return NOTHING
    if _divides(debt, index, share.payment):
        return _prepay_at_once(debt, index, share)
    return _prepay_at_the_end(debt, index, share)


_TAKERS: Final[Mapping[Tier, Callable[[Debt, _Share], Decimal]]] = {
    Tier.COSTS: _to_costs,
    Tier.PENALTY_INTEREST: _to_penalty,
    Tier.OVERDUE_INTEREST: _to_overdue,
    Tier.OVERDUE_PRINCIPAL: _to_overdue,
    Tier.CURRENT_INTEREST: _to_current,
    Tier.CURRENT_PRINCIPAL: _to_current,
    Tier.PREPAYMENT: _to_prepayment,
}


def _divides(debt: Debt, index: int, payment: Payment) -> bool:
    """Whether a prepayment may end the current interest period on its day: nothing of it was paid,
    and nothing of what follows.
    """
    if payment.purpose is not PaymentPurpose.PREPAYMENT or debt.open_index(payment.on) != index:
        return False
    return debt.dues[index].row.starts <= payment.on


def _prepay_at_once(debt: Debt, index: int, share: _Share) -> Decimal:
    due, on = debt.dues[index], share.payment.on
    interest = debt.terms.count.interest(debt.accrued(due.row, on))
    if share.amount <= interest:
        return _to_row(debt, due, share._replace(tier=Tier.CURRENT_INTEREST))
    principal = min(share.amount - interest, due.row.opening)
    _allocate(debt, share.payment, Tier.CURRENT_INTEREST, interest, due.row.number)
    _allocate(debt, share.payment, Tier.PREPAYMENT, principal, due.row.number)
    row = due.row._replace(ends=on, due_on=on, principal=principal, interest=interest)
    _prepaid(debt, index, row, share.payment, since=on, carried=NOTHING)
    return interest + principal


def _prepay_at_the_end(debt: Debt, index: int, share: _Share) -> Decimal:
    """The current instalment is paid; the principal of the next period is reduced."""
    later = (
        place
        for place in range(index + 1, len(debt.dues))
        if debt.dues[place].row.kind is RowKind.INSTALMENT
    )
    place = next(later, None)
    if place is None:
        return NOTHING
    following, due_on = debt.dues[place].row, debt.dues[index].row.due_on
    principal = min(share.amount, following.opening, debt.principal_on(share.payment.on))
    if not principal:
        return NOTHING
    _allocate(debt, share.payment, Tier.PREPAYMENT, principal, following.number)
    row = following._replace(
        ends=following.starts, due_on=due_on, principal=principal, interest=NOTHING
    )
    _prepaid(debt, place, row, share.payment, since=following.starts, carried=following.carried)
    return principal


def _prepaid(
    debt: Debt, index: int, row: Row, payment: Payment, *, since: date, carried: Decimal
) -> None:
    """Put the paid row before the one at `index`, and plan the rest anew."""
    due = Due(row._replace(kind=RowKind.PREPAYMENT, capitalised=NOTHING))
    due.paid_principal, due.paid_interest = row.principal, row.interest
    due.note(payment.on)
    level = _level(debt, index)
    debt.dues.insert(index, due)
    debt.replan(index + 1, due.row.balance, since, carried, level=level)
    debt.note_plan(payment.on, PlanCause.PREPAYMENT, payment.reference)


def _level(debt: Debt, index: int) -> Decimal | None:
    """What the instalments keep when a prepayment shortens the term."""
    if debt.contract.prepayment_effect is PrepaymentEffect.REDUCE_INSTALMENTS:
        return None
    for due in debt.dues[index:-1]:
        row = due.row
        if row.number > debt.terms.grace_until:
            annuity = debt.terms.kind is ScheduleKind.ANNUITY
            return row.principal + row.interest if annuity else row.principal
    return None


def _allocate(
    debt: Debt, payment: Payment, tier: Tier, amount: Decimal, number: int | None = None
) -> None:
    if amount:
        debt.allocations.append(Allocation(payment.on, payment.reference, tier, amount, number))


def _hold(debt: Debt, payment: Payment, amount: Decimal) -> None:
    if amount:
        debt.credits.append((payment.reference, amount))
        _allocate(debt, payment, Tier.CREDIT, amount)
