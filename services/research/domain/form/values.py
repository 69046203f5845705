"""Values of expressions and the conversions between them, as XPath 1.0 (§4) and ODK XForms define.

Answers are texts: a number in its shortest form, a day as `yyyy-mm-dd`, several choices with spaces
between. A missing answer is the empty text, and no number. In expressions days are counted from
1970-01-01, as ODK does.
"""

import math
import re
from datetime import date
from enum import Enum, auto
from typing import Final

EPOCH: Final = date(1970, 1, 1).toordinal()
NUMBER: Final = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
INTEGRAL: Final = 1e15
"""Up to here a whole number is written with all its digits."""


class Type(Enum):
    """What an expression is known to be before it is evaluated.

    `ANSWER` and `DAY_ANSWER` are texts of the form; the latter is empty or a day. A `DAY` is a
    number of days, which may be none.
    """

    ANSWER = auto()
    DAY_ANSWER = auto()
    TEXT = auto()
    NUMBER = auto()
    DAY = auto()
    BOOLEAN = auto()


def number_of(text: str) -> float:
    """XPath's `number()`: not a number where the text is none."""
    return float(text) if NUMBER.fullmatch(text) else math.nan


def text_of(number: float) -> str:
    """XPath's `string()` of a number: no exponent, no needless digits."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number.is_integer() and abs(number) < INTEGRAL:
        return str(int(number))
    text = f"{number:.17f}" if "e" in (shortest := repr(number)) else shortest
    return text.rstrip("0").rstrip(".") if "." in text else text


def days_of(text: str) -> float:
    """Days since 1970-01-01; not a number where the text is no day."""
    try:
        return float(date.fromisoformat(text).toordinal() - EPOCH) if len(text) == 10 else math.nan
    except ValueError:
        return math.nan


def day_text(days: float) -> str:
    """The day, `yyyy-mm-dd`; empty for what is none."""
    if math.isnan(days):
        return ""
    ordinal = math.floor(days) + EPOCH if math.isfinite(days) else 0
    within = date.min.toordinal() <= ordinal <= date.max.toordinal()
    return date.fromordinal(ordinal).isoformat() if within else ""


def divided(dividend: float, divisor: float) -> float:
    """Division of IEEE 754, which XPath asks for."""
    if divisor:
        return dividend / divisor
    if not dividend or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)


def remainder(dividend: float, divisor: float) -> float:
    """What a division that truncates leaves; it has the dividend's sign."""
    if not divisor or math.isinf(dividend):
        return math.nan
    return math.fmod(dividend, divisor)


def whole(number: float) -> float:
    """Without what stands behind the decimal point."""
    return float(math.trunc(number)) if math.isfinite(number) else number
