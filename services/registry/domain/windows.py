"""Days counted from an exit: when results may be observed."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from services.registry.domain.rules import RegistryRules


class Window(NamedTuple):
    """Both days included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def outcome_window(exited_on: date, rules: RegistryRules) -> Window:
    """Immediate result: within four weeks after exit (Reg. (EU) 1304/2013 annex I)."""
    return Window(exited_on, exited_on + timedelta(rules.outcome_window_days.on(exited_on)))


def follow_up_window(exited_on: date, rules: RegistryRules) -> Window:
    """Longer-term result: six months after exit (Reg. (EU) 1304/2013 annex I)."""
    rule = rules.follow_up_window.on(exited_on)
    first = months_after(exited_on, rule.months)
    return Window(first, first + timedelta(rule.days))


def months_after(day: date, months: int) -> date:
    """The same day of a later month; its last day where it is shorter (art. 112 KC)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
