"""One answer, from what was sent to the one text it is kept as.

Two ways to write the same answer become the same text, so that a comparison of texts in an
expression is a comparison of answers, and the digest of a response is that of what it says.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from shared.contracts.research.vocabulary.forms import Item, ItemKind

TEXT_LIMIT: Final = 4_000
DIGITS: Final = 15
"""Of a number: so many are exact in every program that reads it."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

Given = str | int | float | Sequence[str] | None
"""What may be sent as an answer; several choices as a list, or as one text with spaces between."""
Read = Callable[[Given], str]
"""Makes the canonical text of an answer; empty for none. Raises `AnswerRefused`."""


class AnswerRefused(Exception):
    """The answer is none to its question. Facts never repeat the answer."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = f"research.{code}"
        self.facts = facts


def reader(item: Item, lists: Mapping[str, Sequence[str]]) -> Read:
    """How answers to a question are read; `lists` has the names of choices in their order."""
    if item.kind is ItemKind.SELECT_ONE:
        return _one_of(lists[item.choices or ""])
    if item.kind is ItemKind.SELECT_MULTIPLE:
        return _some_of(lists[item.choices or ""])
    return _READERS[item.kind]


def _one_of(names: Sequence[str]) -> Read:
    known = frozenset(names)

    def read(given: Given) -> str:
        name = _text(given, ItemKind.SELECT_ONE).strip()
        if name and name not in known:
            raise AnswerRefused("answer_choice")
        return name

    return read


def _some_of(names: Sequence[str]) -> Read:
    """Choices are kept in the order of their list, whatever the order in which they were taken."""
    order = {name: place for place, name in enumerate(names)}

    def read(given: Given) -> str:
        if isinstance(given, Sequence) and not isinstance(given, str):
            taken = [_text(each, ItemKind.SELECT_MULTIPLE) for each in given]
        else:
            taken = _text(given, ItemKind.SELECT_MULTIPLE).split()
        if len(taken) < 2:
            taken = [name for name in taken if name]
        if not all(name in order for name in taken):
            raise AnswerRefused("answer_choice")
        if len(set(taken)) < len(taken):
            raise AnswerRefused("answer_choice_repeated")
        return " ".join(sorted(taken, key=order.__getitem__))

    return read


def _integer(given: Given) -> str:
    digits = str(given) if _is_number(given, int) else _text(given, ItemKind.INTEGER).strip()
    if not digits:
        return ""
    if not _INTEGER.fullmatch(digits):
        raise AnswerRefused("answer_type", expected=ItemKind.INTEGER.value)
    return str(int(digits))


def _decimal(given: Given) -> str:
    digits = _plain(given) if _is_number(given, int, float) else _text(given, ItemKind.DECIMAL)
    digits = digits.strip()
    if not digits:
        return ""
    if not _DECIMAL.fullmatch(digits):
        raise AnswerRefused("answer_type", expected=ItemKind.DECIMAL.value)
    number = Decimal(digits).normalize()
    if len(number.as_tuple().digits) > DIGITS:
        raise AnswerRefused("answer_type", expected=ItemKind.DECIMAL.value)
    return f"{number:f}" if number else "0"


def _free_text(given: Given) -> str:
    text = _text(given, ItemKind.TEXT).replace("\r\n", "\n").strip()
    if len(text) > TEXT_LIMIT:
        raise AnswerRefused("answer_too_long", limit=TEXT_LIMIT)
    if _UNPRINTABLE.search(text):
        raise AnswerRefused("answer_type", expected=ItemKind.TEXT.value)
    return text


def _day(given: Given) -> str:
    text = _text(given, ItemKind.DATE).strip()
    if not text:
        return ""
    try:
        known = _DAY.fullmatch(text) and date.fromisoformat(text)
    except ValueError:
        known = None
    if not known:
        raise AnswerRefused("answer_type", expected=ItemKind.DATE.value)
    return text


_READERS: Final[Mapping[ItemKind, Read]] = {
    ItemKind.INTEGER: _integer,
    ItemKind.DECIMAL: _decimal,
    ItemKind.TEXT: _free_text,
    ItemKind.DATE: _day,
}


def _text(given: Given, kind: ItemKind) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise AnswerRefused("answer_type", expected=kind.value)
    return given


def _is_number(given: Given, *types: type) -> bool:
    return isinstance(given, types) and not isinstance(given, bool)


def _plain(given: Given) -> str:
    """A number without exponent."""
    try:
        return f"{Decimal(repr(given)):f}"
    except InvalidOperation:
        return repr(given)
