"""Words in the two languages that publications speak."""

from typing import Final

from shared.contracts.research.vocabulary.publication import CellStatus, Measure, TableCell
from shared.contracts.research.vocabulary.tables import Label
from shared.runtime.speaking import Spoken

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


class Language(Spoken):
    PL = "pl"
    EN = "en"

    def word(self, name: str, **facts: object) -> str:
        return self.of(WORDS[name]).format(**facts)

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
