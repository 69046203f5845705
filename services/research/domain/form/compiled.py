"""Expressions as functions: typed once, evaluated as often as there are responses.

What XPath would decide by chance is refused instead: an answer by itself as a condition (in XPath
always true, in ODK true when answered), a day beside a text or a number.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

from services.research.domain.form.faults import ExpressionRefused
from services.research.domain.form.syntax import Answer, Binary, Call, Negative, Number, Text, Tree
from services.research.domain.form.values import (
    Type,
    day_text,
    days_of,
    divided,
    number_of,
    remainder,
    text_of,
)


@dataclass(slots=True)
class Scope:
    """What an expression is evaluated on: texts by question, and the day, in days since 1970."""

    answers: dict[str, str]
    today: float


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to run; `constant` is the text it was written as, if it is one."""

    type: Type
    run: Callable[[Scope], Any]
    constant: str | None = None


Function = Callable[[str, tuple[Compiled, ...]], Compiled]
"""A function of XLSForm, applied to its name and compiled arguments when an expression is compiled."""

DAYS: Final = frozenset({Type.DAY, Type.DAY_ANSWER})
TEXTS: Final = frozenset({Type.TEXT, Type.ANSWER})
_COMPARED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTED: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divided,
    "mod": remainder,
}


def compile_tree(
    tree: Tree, answers: Mapping[str, Type], functions: Mapping[str, Function]
) -> Compiled:
    """Raises `ExpressionRefused` for unknown questions and functions, and for what fits not together.

    `answers` has the types of all questions that may be referred to.
    """

    def compiled(tree: Tree) -> Compiled:
        match tree:
            case Text(written):
                return Compiled(Type.TEXT, lambda _: written, written)
            case Number(value):
                return Compiled(Type.NUMBER, lambda _: value)
            case Answer(name):
                return _answer(name, answers)
            case Negative(operand):
                inner = number(compiled(operand), "-")
                return Compiled(Type.NUMBER, lambda scope: -inner(scope))
            case Binary(sign, left, right):
                return _binary(sign, compiled(left), compiled(right))
            case Call(name, arguments):
                if name not in functions:
                    raise ExpressionRefused("expression_function", function=name)
                return functions[name](name, tuple(map(compiled, arguments)))

    return compiled(tree)


def _answer(name: str, answers: Mapping[str, Type]) -> Compiled:
    if name not in answers:
        raise ExpressionRefused("expression_question", question=name)
    return Compiled(answers[name], lambda scope: scope.answers[name])


def _binary(sign: str, left: Compiled, right: Compiled) -> Compiled:
    if sign in {"and", "or"}:
        return _joined(sign, left, right)
    if sign in _COMPUTED:
        return _computed(sign, left, right)
    return _compared(sign, left, right)


def _joined(sign: str, left: Compiled, right: Compiled) -> Compiled:
    first, second = condition(left, sign), condition(right, sign)
    if sign == "and":
        return Compiled(Type.BOOLEAN, lambda scope: first(scope) and second(scope))
    return Compiled(Type.BOOLEAN, lambda scope: first(scope) or second(scope))


def _computed(sign: str, left: Compiled, right: Compiled) -> Compiled:
    """A day and a number of days make a day; two days make the days between them."""
    days = [each.type in DAYS for each in (left, right)]
    if any(days) and sign not in {"+", "-"}:
        raise ExpressionRefused("expression_types", operator=sign)
    if days[1] and (sign == "+" or not days[0]):
        raise ExpressionRefused("expression_types", operator=sign)
    compute, first, second = _COMPUTED[sign], _counted(left, sign), _counted(right, sign)
    result = Type.DAY if days[0] and not days[1] else Type.NUMBER
    return Compiled(result, lambda scope: compute(first(scope), second(scope)))


def _compared(sign: str, left: Compiled, right: Compiled) -> Compiled:
    first, second = _comparable(sign, left, right)
    compare = _COMPARED[sign]
    if right.constant is not None and second is right.run:
        constant = right.constant
        return Compiled(Type.BOOLEAN, lambda scope: compare(first(scope), constant))
    return Compiled(Type.BOOLEAN, lambda scope: compare(first(scope), second(scope)))


Run = Callable[[Scope], Any]


def _comparable(sign: str, left: Compiled, right: Compiled) -> tuple[Run, Run]:
    """Both sides as what they are compared as (XPath 1.0 §3.4): booleans, numbers, else texts."""
    types = {left.type, right.type}
    equality = sign in {"=", "!="}
    if Type.BOOLEAN in types:
        if types != {Type.BOOLEAN} or not equality:
            raise ExpressionRefused("expression_types", operator=sign)
        return left.run, right.run
    if types & DAYS:
        blank = equality and "" in (left.constant, right.constant) and Type.DAY_ANSWER in types
        if blank or (equality and types == {Type.DAY_ANSWER}):
            return left.run, right.run
        if not types <= DAYS:
            raise ExpressionRefused("expression_types", operator=sign)
        return _counted(left, sign), _counted(right, sign)
    if equality and Type.NUMBER not in types:
        return left.run, right.run
    return number(left, sign), number(right, sign)


def number(given: Compiled, asking: str) -> Callable[[Scope], float]:
    """The value as a number. Raises `ExpressionRefused` for conditions and days."""
    if given.type is Type.BOOLEAN or given.type in DAYS:
        raise ExpressionRefused("expression_types", operator=asking)
    run = given.run
    if given.type is Type.NUMBER:
        return run
    return lambda scope: number_of(run(scope))


def _counted(given: Compiled, asking: str) -> Callable[[Scope], float]:
    """The value as a number, a day in days."""
    run = given.run
    if given.type is Type.DAY_ANSWER:
        return lambda scope: days_of(run(scope))
    return run if given.type is Type.DAY else number(given, asking)


def condition(given: Compiled, asking: str) -> Callable[[Scope], bool]:
    """The value as a condition: a number that is not zero, a text that is not empty."""
    run = given.run
    if given.type is Type.BOOLEAN:
        return run
    if given.type is Type.NUMBER:
        return lambda scope: (value := run(scope)) != 0 and not isnan(value)
    if given.type is Type.TEXT:
        return lambda scope: bool(run(scope))
    raise ExpressionRefused("expression_condition", operator=asking)


def text(given: Compiled) -> Callable[[Scope], str]:
    """The value as a text; a day as `yyyy-mm-dd`."""
    run = given.run
    if given.type is Type.NUMBER:
        return lambda scope: text_of(run(scope))
    if given.type is Type.BOOLEAN:
        return lambda scope: "true" if run(scope) else "false"
    if given.type is Type.DAY:
        return lambda scope: day_text(run(scope))
    return run
