"""Days counted from an exit: when results may be observed."""

from datetime import date, timedelta
from typing import NamedTuple

from services.registry.domain.rules import RegistryRules
from shared.kernel.days import months_after


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
