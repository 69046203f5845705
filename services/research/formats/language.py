"""Words, numbers and days in the two languages that publications speak."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from shared.contracts.research.vocabulary.publication import CellStatus, Measure, TableCell
from shared.contracts.research.vocabulary.tables import Label

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
WORDS: Final = {
    "suppressed": Label(pl="utajnione", en="suppressed"),
    "empty": Label(pl="brak danych", en="no data"),
    "whiskers": Label(
        pl="wąsy: przedział ufności {level}%", en="whiskers: {level}% confidence interval"
    ),
    "table": Label(pl="Tabela", en="Table"),
    "total": Label(pl="Razem", en="Total"),
    "n": Label(pl="n", en="n"),
}
SUPPRESSED: Final = ":c"
"""How Eurostat marks a confidential figure in a table."""
EMPTY: Final = "\N{EN DASH}"


class Bilingual(Protocol):
    @property
    def pl(self) -> str: ...
    @property
    def en(self) -> str: ...


class Language(StrEnum):
    PL = "pl"
    EN = "en"

    def of(self, label: Bilingual) -> str:
        return label.pl if self is Language.PL else label.en

    def word(self, name: str, **facts: object) -> str:
        return self.of(WORDS[name]).format(**facts)

    def number(self, value: Decimal | int) -> str:
        """Digits in groups of three, where there are five or more; a comma or a point."""
        sign, digits, exponent = Decimal(value).as_tuple()
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        text = f"{abs(Decimal(value)):,.{places}f}"
        whole, _, fraction = text.partition(".")
        if len(whole.replace(",", "")) < 5:
            whole = whole.replace(",", "")
        separator, mark = (NARROW, ",") if self is Language.PL else (",", ".")
        minus = "\N{MINUS SIGN}" if sign and any(digits) else ""
        return minus + whole.replace(",", separator) + (mark + fraction if fraction else "")

    def day(self, day: date) -> str:
        return f"{day:%d.%m.%Y}" if self is Language.PL else f"{day.day} {day:%B %Y}"

    def cell(self, cell: TableCell) -> str:
        """A figure, or why there is none."""
        if cell.status is CellStatus.SUPPRESSED:
            return SUPPRESSED
        return EMPTY if cell.value is None else self.number(cell.value)


MEASURES: Final = {
    Measure.COUNT: Label(pl="liczba odpowiadających", en="number of respondents"),
    Measure.SHARE: Label(pl="udział odpowiadających", en="share of respondents"),
    Measure.MEAN: Label(pl="średnia", en="mean"),
    Measure.MEDIAN: Label(pl="mediana", en="median"),
    Measure.TOTAL: Label(pl="suma", en="sum"),
}
