"""Everything that the files of one published diagnosis are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.research.vocabulary.diagnoses import Contents, Licence, Publisher
from shared.contracts.research.vocabulary.publication import PublishedTable
from shared.contracts.research.vocabulary.tables import Label

LICENCES: Final[Mapping[Licence, tuple[str, str]]] = {
    Licence.CC_BY_4_0: (
        "https://creativecommons.org/licenses/by/4.0/",
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
    )
}
"""The licence's own address, and its name in the European Union's list."""


@dataclass(frozen=True)
class Paragraph:
    """Text in both languages, as long as it need be."""

    pl: str
    en: str


@dataclass(frozen=True)
class Publication:
    """`components` names the indicators of the need index; `communes` names communes by their code."""

    diagnosis_id: UUID
    contents: Contents
    tables: tuple[PublishedTable, ...]
    publisher: Publisher
    licence: Licence
    keywords_pl: tuple[str, ...]
    keywords_en: tuple[str, ...]
    first_day: date
    last_day: date
    published_on: date
    project: str
    funding: Label
    method: Paragraph
    disclosure_rule: str
    """The version of the parameters of disclosure control."""
    components: Mapping[str, Label]
    communes: Mapping[str, str]

    @property
    def identifier(self) -> str:
        return f"{self.contents.code}/{self.contents.report_version}"

    def commune(self, teryt: str) -> str:
        return self.communes.get(teryt, teryt)


SUPPRESSION: Final = Paragraph(
    pl=(
        "Aby nikogo nie można było rozpoznać, komórki z małą liczbą osób i komórki, z których dałoby "
        "się je wyliczyć, są utajnione (oznaczone „:c” w tabelach, „C” w plikach). Utajnienie nie "
        "mówi nic o wielkości liczby."
    ),
    en=(
        "So that nobody can be recognised, cells with few persons, and cells from which these could "
        "be computed, are suppressed (marked “:c” in tables, “C” in files). Suppression says nothing "
        "about the size of a number."
    ),
)


def table_file(table: PublishedTable) -> str:
    return f"table-{table.number:02}.csv"
