"""Numbers and days as the languages of documents write them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"


class Bilingual(Protocol):
    @property
    def pl(self) -> str: ...
    @property
    def en(self) -> str: ...


class Spoken(StrEnum):
    """A service's languages are an enumeration made from it, with `pl` for Polish."""

    def of(self, label: Bilingual) -> str:
        return label.pl if self.value == "pl" else label.en

    def number(self, value: Decimal | int) -> str:
        """Digits in groups of three, where there are five or more; a comma or a point."""
        sign, digits, exponent = Decimal(value).as_tuple()
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        text = f"{abs(Decimal(value)):,.{places}f}"
        whole, _, fraction = text.partition(".")
        if len(whole.replace(",", "")) < 5:
            whole = whole.replace(",", "")
        separator, mark = (NARROW, ",") if self.value == "pl" else (",", ".")
        minus = "\N{MINUS SIGN}" if sign and any(digits) else ""
        return minus + whole.replace(",", separator) + (mark + fraction if fraction else "")

    def day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}" if self.value == "pl" else f"{day.day} {day:%B %Y}"
