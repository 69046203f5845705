"""Arrears and classes as of any day."""

from datetime import date

from services.kasa.domain.rules.loans import LoanRules
from shared.contracts.kasa.vocabulary.loans import ArrearsClass
from shared.kernel.days import months_after

_ORDER = tuple(ArrearsClass)


def days_past_due(oldest_unpaid: date | None, day: date) -> int:
    return 0 if oldest_unpaid is None else max(0, (day - oldest_unpaid).days)


def is_irregular(oldest_unpaid: date | None, day: date, rules: LoanRules) -> bool:
    return days_past_due(oldest_unpaid, day) > rules.irregular_after_days.on(day)


def by_timeliness(oldest_unpaid: date | None, day: date, rules: LoanRules) -> ArrearsClass:
    """By the months for which the oldest unpaid instalment is overdue."""
    if oldest_unpaid is not None:
        for arrears_class, months in rules.arrears_classes.on(day).worst_first():
            if day > months_after(oldest_unpaid, months):
                return arrears_class
    return ArrearsClass.NORMAL


def classify(
    oldest_unpaid: date | None, situation: ArrearsClass, day: date, rules: LoanRules
) -> ArrearsClass:
    """The worse of timeliness and the debtor's situation as last assessed."""
    return max(by_timeliness(oldest_unpaid, day, rules), situation, key=_ORDER.index)
