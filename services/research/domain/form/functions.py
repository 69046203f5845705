"""The functions that expressions may call: those of XPath 1.0 and ODK XForms that questionnaires use.

https://getodk.github.io/xforms-spec/#xpath-functions says what each of them does.
"""

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any, Final

import re2

from services.research.domain.form.compiled import (
    DAYS,
    TEXTS,
    Compiled,
    Function,
    Scope,
    condition,
    number,
    text,
)
from services.research.domain.form.faults import ExpressionRefused
from services.research.domain.form.values import Type, day_text, days_of, whole

_QUIET: Final = re2.Options()
_QUIET.log_errors = False


def _counting(lowest: int, highest: int | None = None) -> Callable[[Function], Function]:
    """Refuses calls with fewer or more arguments."""

    def decorate(function: Function) -> Function:
        def counted(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
            if not lowest <= len(arguments) <= (highest or lowest):
                raise ExpressionRefused(
                    "expression_arguments",
                    function=name,
                    expected=lowest if highest in {None, lowest} else f"{lowest}-{highest}",
                    found=len(arguments),
                )
            return function(name, arguments)

        return counted

    return decorate


def _constant(type: Type, value: Any) -> Function:
    return _counting(0)(lambda _name, _arguments: Compiled(type, lambda _: value))


def _of_texts(type: Type, compute: Callable[[str, str], Any]) -> Function:
    """A function of two texts."""

    def function(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
        first, second = map(text, arguments)
        return Compiled(type, lambda scope: compute(first(scope), second(scope)))

    return _counting(2)(function)


@_counting(1)
def _not(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = condition(arguments[0], name)
    return Compiled(Type.BOOLEAN, lambda scope: not given(scope))


@_counting(3)
def _if(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = condition(arguments[0], name)
    common, (then, otherwise) = _of_one_type(name, *arguments[1:])
    return Compiled(common, lambda scope: then(scope) if given(scope) else otherwise(scope))


@_counting(2)
def _coalesce(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
    """The first value that is not empty."""
    common, (first, second) = _of_one_type(name, *arguments)
    if common is Type.DAY:
        return Compiled(common, lambda scope: second(scope) if isnan(d := first(scope)) else d)
    if common in {Type.NUMBER, Type.BOOLEAN}:
        return Compiled(common, first)
    return Compiled(common, lambda scope: first(scope) or second(scope))


def _of_one_type(
    name: str, left: Compiled, right: Compiled
) -> tuple[Type, tuple[Callable[[Scope], Any], Callable[[Scope], Any]]]:
    """Two values of which either may be the result, and the type that both then have.

    An empty text stands for no day beside a day; numbers and texts become texts.
    """
    types = {left.type, right.type}
    if len(types) == 1:
        return left.type, (left.run, right.run)
    if types & DAYS:
        if all(each.type in DAYS or each.constant == "" for each in (left, right)):
            return Type.DAY, (_days(left), _days(right))
    elif Type.BOOLEAN not in types:
        return Type.TEXT, (text(left), text(right))
    raise ExpressionRefused("expression_types", operator=name)


def _days(given: Compiled) -> Callable[[Scope], float]:
    run = given.run
    return run if given.type is Type.DAY else lambda scope: days_of(run(scope))


@_counting(1)
def _int(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = number(arguments[0], name)
    return Compiled(Type.NUMBER, lambda scope: whole(given(scope)))


@_counting(1)
def _number(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = arguments[0]
    if given.type in DAYS:
        return Compiled(Type.NUMBER, _days(given))
    if given.type is Type.BOOLEAN:
        return Compiled(Type.NUMBER, lambda scope: float(given.run(scope)))
    return Compiled(Type.NUMBER, number(given, "number"))


@_counting(1)
def _string(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    return Compiled(Type.TEXT, text(arguments[0]))


@_counting(1)
def _string_length(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = text(arguments[0])
    return Compiled(Type.NUMBER, lambda scope: float(len(given(scope))))


@_counting(1)
def _count_selected(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    given = text(arguments[0])
    return Compiled(Type.NUMBER, lambda scope: float(len(given(scope).split())))


@_counting(1, 20)
def _concat(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    parts = tuple(map(text, arguments))
    return Compiled(Type.TEXT, lambda scope: "".join([part(scope) for part in parts]))


@_counting(1)
def _date(name: str, arguments: tuple[Compiled, ...]) -> Compiled:
    """The day that a text says; a text that is written down has to be one."""
    given = arguments[0]
    if given.type not in TEXTS | {Type.DAY_ANSWER}:
        raise ExpressionRefused("expression_types", operator=name)
    if given.constant is not None and day_text(days_of(given.constant)) != given.constant:
        raise ExpressionRefused("expression_day", found=given.constant)
    return Compiled(Type.DAY, _days(given))


@_counting(2)
def _regex(_: str, arguments: tuple[Compiled, ...]) -> Compiled:
    """Whether the whole text matches.

    The pattern is written by an author and meets texts of respondents, so it is matched by RE2, in
    time that grows with the text and no faster; what RE2 cannot (look-around, back-references) is
    refused.
    """
    pattern = arguments[1].constant
    if pattern is None:
        raise ExpressionRefused("expression_pattern_computed")
    try:
        match = re2.compile(pattern, _QUIET).fullmatch
    except re2.error as error:
        raise ExpressionRefused("expression_pattern", found=pattern) from error
    given = text(arguments[0])
    return Compiled(Type.BOOLEAN, lambda scope: match(given(scope)) is not None)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "true": _constant(Type.BOOLEAN, True),
    "false": _constant(Type.BOOLEAN, False),
    "today": _counting(0)(lambda _name, _arguments: Compiled(Type.DAY, lambda scope: scope.today)),
    "not": _not,
    "if": _if,
    "coalesce": _coalesce,
    "int": _int,
    "number": _number,
    "string": _string,
    "string-length": _string_length,
    "selected": _of_texts(Type.BOOLEAN, lambda taken, choice: choice in taken.split()),
    "count-selected": _count_selected,
    "concat": _concat,
    "contains": _of_texts(Type.BOOLEAN, lambda whole, part: part in whole),
    "starts-with": _of_texts(Type.BOOLEAN, str.startswith),
    "date": _date,
    "regex": _regex,
}
