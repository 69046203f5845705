"""The declarative conditions of indicators: parsed once, compiled to functions over columns.

    { all = [ { is = "unemployed" }, { age_at_start = { below = 25 } } ] }

`all`, `any`, `not` combine; `is` names a condition of the set; every other key is a column, with a
label, a list of labels, a yes or no, or bounds.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from services.reporting.domain.indicators.frames import UNKNOWN, Frame, Ints, Mask, all_of, any_of
from services.reporting.domain.indicators.vocabulary import Column, Type

BOUNDS: Final[Mapping[str, Callable[[Ints, int], Mask]]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "above": operator.gt,
    "at_least": operator.ge,
}
Test = Callable[[Frame], Mask]


class Condition(NamedTuple):
    test: Test
    columns: frozenset[str]
    """The columns it asks."""


class Refused(ValueError):
    """`key` is where in the file, `wanted` what was expected there."""

    def __init__(self, key: str, wanted: str) -> None:
        super().__init__(f"{key}: {wanted}")


class Parser(NamedTuple):
    """`named` are the raw conditions that `is` may name."""

    columns: Mapping[str, Column]
    named: Mapping[str, Any] = {}
    within: tuple[str, ...] = ()

    def parse(self, raw: Any, key: str) -> Condition:
        if not isinstance(raw, dict) or len(raw) != 1:
            raise Refused(key, "a condition is a table with exactly one key")
        (word, value), key = next(iter(raw.items())), f"{key}.{next(iter(raw))}"
        match word:
            case "all" | "any":
                return self._several(word, value, key)
            case "not":
                inner = self.parse(value, key)
                return Condition(lambda frame: ~inner.test(frame), inner.columns)
            case "is":
                return self._named(value, key)
        if word not in self.columns:
            raise Refused(key, f"unknown; a column is one of {', '.join(sorted(self.columns))}")
        return Condition(_test(word, self.columns[word], value, key), frozenset({word}))

    def _several(self, word: str, value: Any, key: str) -> Condition:
        if not isinstance(value, list) or not value:
            raise Refused(key, "a list of conditions, one or more")
        inner = [self.parse(each, f"{key}[{index}]") for index, each in enumerate(value)]
        combine = all_of if word == "all" else any_of
        return Condition(
            lambda frame: combine((each.test(frame) for each in inner), len(frame)),
            frozenset().union(*(each.columns for each in inner)),
        )

    def _named(self, name: Any, key: str) -> Condition:
        if name not in self.named:
            raise Refused(key, f"unknown condition; there are {', '.join(sorted(self.named))}")
        if name in self.within:
            raise Refused(key, f"condition {name} is defined by itself")
        deeper = self._replace(within=(*self.within, name))
        return deeper.parse(self.named[name], f"conditions.{name}")


def _test(name: str, column: Column, value: Any, key: str) -> Test:
    match column.type:
        case Type.FLAG:
            return _flag(name, value, key)
        case Type.NUMBER:
            return _bounds(name, value, key)
        case _:
            return _labels(name, column, value, key)


def _flag(name: str, value: Any, key: str) -> Test:
    if not isinstance(value, bool):
        raise Refused(key, "true or false")
    return lambda frame: frame.flag(name) == value


def _bounds(name: str, value: Any, key: str) -> Test:
    if not isinstance(value, dict) or not value:
        raise Refused(key, f"bounds: a table with some of {', '.join(BOUNDS)}")
    for word, bound in value.items():
        if word not in BOUNDS:
            raise Refused(f"{key}.{word}", f"unknown; a bound is one of {', '.join(BOUNDS)}")
        if not isinstance(bound, int) or isinstance(bound, bool):
            raise Refused(f"{key}.{word}", "a whole number")

    def test(frame: Frame) -> Mask:
        numbers = frame.ints(name)
        within = (BOUNDS[word](numbers, bound) for word, bound in value.items())
        return all_of([numbers != UNKNOWN, *within], len(frame))

    return test


def _labels(name: str, column: Column, value: Any, key: str) -> Test:
    if value == {"known": True}:
        if column.type is Type.TAGS:
            return lambda frame: frame.tags(name)[""]
        return lambda frame: frame.choices(name).known
    labels = value if isinstance(value, list) else [value]
    for label in labels:
        if not isinstance(label, str) or (column.labels and label not in column.labels):
            known = ", ".join(column.labels or ("texts",))
            raise Refused(key, f"{label!r} is none of {known}")
    if column.type is Type.TAGS:
        return lambda frame: any_of((frame.tags(name)[label] for label in labels), len(frame))
    return lambda frame: frame.choices(name).among(labels)
