"""The card of a loan on a day: what was agreed, owed and paid, computed from all that is known."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from services.kasa.domain.classification import is_irregular
from services.kasa.domain.loan import Loan
from services.kasa.domain.loan_state import summed
from services.kasa.domain.rules.loans import LoanRules
from services.kasa.domain.schedule import NOTHING, RowChange, difference
from services.kasa.domain.settlement import PRINCIPAL, Settlement
from shared.contracts.kasa.views import loans as views
from shared.contracts.kasa.vocabulary.loans import Instalment, Tier
from shared.contracts.model import Published
from shared.kernel.days import require_not_before
from shared.messaging.wire import ITEMS_LIMIT

ViewT = TypeVar("ViewT", bound=Published)
INTEREST: Final = frozenset({Tier.OVERDUE_INTEREST, Tier.CURRENT_INTEREST, Tier.PENALTY_INTEREST})


def card_of(loan: Loan, as_of: date, rules: LoanRules) -> views.LoanCard:
    """Raises `date_too_early` for a day before the contract."""
    agreed = loan.agreed
    require_not_before(agreed.occurred_on, as_of, "/as_of")
    settled = loan.settlement(as_of, rules)
    balances = settled.balances
    card = views.LoanCard(
        id=loan.id,
        version=loan.version,
        number=agreed.number,
        enterprise_id=agreed.enterprise_id,
        application_id=agreed.application_id,
        source=agreed.source,
        product=agreed.product,
        product_source=agreed.product_source,
        state=loan.state_on(settled),
        currency=agreed.principal.currency,
        agreed_principal=agreed.principal.amount,
        percent=agreed.percent,
        terms=agreed.terms,
        day_count=agreed.day_count,
        waterfall=agreed.waterfall,
        prepayment_effect=agreed.prepayment_effect,
        signed_on=agreed.occurred_on,
        conditions=agreed.conditions,
        conditions_missing=loan.conditions_missing,
        requests=tuple(_request(loan)),
        as_of=as_of,
        balances=views.LoanBalances(**asdict(balances), payoff=balances.payoff),
        days_past_due=settled.days_past_due,
        arrears_class=loan.class_of(settled, rules),
        is_irregular=is_irregular(settled.oldest_unpaid, as_of, rules),
        aid=agreed.aid,
        schedule=(),
        schedule_left_out=0,
        chart=chart_of(loan, settled),
        payments=(),
        payments_left_out=0,
        versions=(),
        versions_left_out=0,
    )
    return _filled(card, loan, settled)


def version_of(loan: Loan, number: int) -> views.ScheduleVersion:
    version = loan.schedules[number - 1]
    changed = _changes(loan, number)
    new = [each.after for each in changed]
    return views.ScheduleVersion(
        number=number,
        effective_on=version.occurred_on,
        cause=version.cause,
        reference=version.reference,
        unchanged=tuple(row for row in version.rows if row not in new),
        changed=tuple(map(_difference, changed)),
    )


def chart_of(loan: Loan, settled: Settlement) -> views.LoanChart:
    original = loan.schedules[0].rows
    planned = settled.plans[-1].rows if settled.plans else ()
    present = tuple(row.told() for row in planned) or original
    days = sorted({row.due_on for row in (*original, *present)})
    gone = [day for day in days if day <= settled.as_of]
    paid = [(each.on, each.tier, each.amount) for each in settled.allocations]
    principal = [(on, amount) for on, tier, amount in paid if tier in PRINCIPAL]
    interest = [(on, amount) for on, tier, amount in paid if tier in INTEREST]
    return views.LoanChart(
        days=tuple(days),
        original_balance=_balances(original, days),
        balance=_balances(present, days),
        planned_principal=_running([(row.due_on, row.principal) for row in present], days),
        planned_interest=_running([(row.due_on, row.interest) for row in present], days),
        paid_principal=_running(principal, gone),
        paid_interest=_running(interest, gone),
    )


def _balances(rows: Sequence[Instalment], days: Sequence[date]) -> tuple[Decimal, ...]:
    """Principal that the rows after a day repay."""
    return tuple(
        sum((row.principal - row.capitalised for row in rows if row.due_on > day), NOTHING)
        for day in days
    )


def _running(amounts: Sequence[tuple[date, Decimal]], days: Sequence[date]) -> tuple[Decimal, ...]:
    return tuple(sum((amount for on, amount in amounts if on <= day), NOTHING) for day in days)


def _request(loan: Loan) -> Iterator[views.LoanRequest]:
    for each in loan.approvals.values():
        yield views.LoanRequest(**asdict(each))


def _rows(loan: Loan, settled: Settlement) -> list[views.ScheduleRow]:
    """Before the first tranche what was planned with the contract."""
    if not settled.rows:
        unpaid = {"paid_principal": NOTHING, "paid_interest": NOTHING, "remitted": NOTHING}
        return [
            views.ScheduleRow(**dict(row), **unpaid, settled_on=None)
            for row in loan.schedules[0].rows
        ]
    return [
        views.ScheduleRow(
            **dict(each.row.told()),
            paid_principal=each.paid_principal,
            paid_interest=each.paid_interest,
            remitted=each.remitted,
            settled_on=each.settled_on,
        )
        for each in settled.rows
    ]


def _payments(loan: Loan, settled: Settlement) -> list[views.LoanPayment]:
    """In order of their days."""
    allocated = summed(settled.allocations)
    found = [each for each in loan.payments.values() if each.occurred_on <= settled.as_of]
    found.sort(key=lambda each: (each.occurred_on, each.bank_reference))
    return [
        views.LoanPayment(
            bank_reference=each.bank_reference,
            paid_on=each.occurred_on,
            amount=each.amount.amount,
            purpose=each.purpose,
            reversed=each.bank_reference in loan.reversed,
            allocated=allocated.get(each.bank_reference),
        )
        for each in found
    ]


def _version(loan: Loan, number: int, *, whole: bool) -> views.ScheduleChange:
    version = loan.schedules[number - 1]
    return views.ScheduleChange(
        number=number,
        effective_on=version.occurred_on,
        cause=version.cause,
        reference=version.reference,
        rows=len(version.rows),
        changed=tuple(map(_difference, _changes(loan, number))) if whole else None,
    )


def _changes(loan: Loan, number: int) -> tuple[RowChange, ...]:
    """Against the version before; none for the first."""
    if number == 1:
        return ()
    return difference(loan.schedules[number - 2].rows, loan.schedules[number - 1].rows)


def _difference(change: RowChange) -> views.RowDifference:
    return views.RowDifference(**change._asdict())


def _filled(card: views.LoanCard, loan: Loan, settled: Settlement) -> views.LoanCard:
    """With all that fits into one message: the schedule, the payments, the versions, and what each
    version changed; of each the latest.
    """
    room = _Room(ITEMS_LIMIT - _size(card))
    schedule, payments = _rows(loan, settled), _payments(loan, settled)
    rows = room.latest(schedule)
    shown = room.latest(payments)
    numbers = range(1, len(loan.schedules) + 1)
    versions = room.latest([_version(loan, number, whole=False) for number in numbers])
    for place in range(len(versions) - 1, -1, -1):
        whole = _version(loan, versions[place].number, whole=True)
        if not room.takes(_size(whole) - _size(versions[place])):
            break
        versions[place] = whole
    return card.model_copy(
        update={
            "schedule": tuple(rows),
            "schedule_left_out": len(schedule) - len(rows),
            "versions": tuple(reversed(versions)),
            "versions_left_out": len(loan.schedules) - len(versions),
            "payments": tuple(reversed(shown)),
            "payments_left_out": len(payments) - len(shown),
        }
    )


class _Room:
    """Bytes that are left in a message."""

    def __init__(self, size: int) -> None:
        self._left = size

    def takes(self, size: int) -> bool:
        if size > self._left:
            return False
        self._left -= size
        return True

    def latest(self, items: Sequence[ViewT]) -> list[ViewT]:
        """The last items that fit, in their order."""
        first = len(items)
        while first and self.takes(_size(items[first - 1])):
            first -= 1
        return list(items[first:])


def _size(view: Published) -> int:
    return len(view.model_dump_json().encode()) + 1
