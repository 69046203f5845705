"""What is known of a person for monitoring on a day, from what the registry told one after the other.

The same reading of updates and corrections as the registry's own: an update adds a value from a day
on, a correction replaces the value that was in force on a day, and the first value known also stands
for the days before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

PART: Final = "/monitoring/"


class Facts(NamedTuple):
    """What one event told: values by field; `fields` are those that a correction replaced."""

    on: date
    fields: Sequence[str] | None
    values: Mapping[str, Any]


class _Fact(NamedTuple):
    true_from: date
    value: Any


def known_on(told: Iterable[Facts], day: date) -> dict[str, Any]:
    """The values in force on a day; a field without one is left out."""
    histories: dict[str, list[_Fact]] = {}
    for facts in told:
        if facts.fields is None:
            _learn(histories, facts)
        else:
            _correct(histories, facts, facts.fields)
    found = {name: _in_force(history, day) for name, history in histories.items()}
    return {name: fact.value for name, fact in found.items() if fact and fact.value is not None}


def _learn(histories: dict[str, list[_Fact]], facts: Facts) -> None:
    for name, value in facts.values.items():
        if value is not None:
            history = histories.setdefault(name, [])
            history.append(_Fact(facts.on, value))
            history.sort(key=lambda fact: fact.true_from)


def _correct(histories: dict[str, list[_Fact]], facts: Facts, fields: Sequence[str]) -> None:
    for name in (each.removeprefix(PART) for each in fields if each.startswith(PART)):
        history = histories.setdefault(name, [])
        wrong = _in_force(history, facts.on)
        right = _Fact(wrong.true_from if wrong else facts.on, facts.values.get(name))
        if wrong:
            history[history.index(wrong)] = right
        else:
            history.append(right)


def _in_force(history: Sequence[_Fact], day: date) -> _Fact | None:
    begun = [fact for fact in history if fact.true_from <= day]
    return begun[-1] if begun else next(iter(history), None)
