"""Facts about communes from a table, CSV or XLSX, with a header in Polish or English:

TERYT; Wskaźnik; Rok; Wartość; Źródło

`Wskaźnik` is an input by its code in the rules. What is counted from events cannot be uploaded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Final

from pydantic import ValidationError

from services.research.domain.rules.indicators import InputRule, Origin
from shared.contracts.research.vocabulary.diagnoses import Fact
from shared.contracts.rows import RowError
from shared.runtime.tables.cells import Row
from shared.runtime.tables.columns import Column, Table
from shared.runtime.tables.errors import Text, Wording
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.layout import Layout, read_cells, understand
from shared.runtime.tables.values import code, digits, text

_NUMBER: Final = re.compile(
    r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,14})(?:[.,](\d{1,4}))?", re.ASCII
)
TEXTS: Final = {
    "fact_value": Text(
        "Oczekiwano liczby nieujemnej, najwyżej z czterema miejscami po przecinku.",
        "Expected a number not below zero, with at most four decimal places.",
    ),
    "fact_year": Text("Oczekiwano roku od 1990 do 2100.", "Expected a year from 1990 to 2100."),
    "fact_teryt": Text(
        "Oczekiwano siedmiu cyfr kodu gminy w TERYT.",
        "Expected the seven digits of a TERYT commune.",
    ),
    "fact_input": Text("Nie ma takich danych wejściowych.", "There is no such input."),
    "fact_counted": Text(
        "Tę liczbę platforma liczy sama ze zdarzeń.", "The platform counts this from events itself."
    ),
    "fact_source": Text(
        "Oczekiwano źródła, najwyżej 200 znaków.", "Expected a source, at most 200 characters."
    ),
    "fact_doubled": Text(
        "Ta gmina ma te dane za ten rok już w wierszu {first}.",
        "Row {first} has this input of this commune and year already.",
    ),
}
row_error = Wording(TEXTS).row_error
CODES: Final[Mapping[str, str]] = {
    "teryt": "fact_teryt",
    "input": "fact_input",
    "year": "fact_year",
    "value": "fact_value",
    "source": "fact_source",
}


def _column(name: str, pl: str, en: str, read: Any, expected: Text, example: str) -> Column:
    return Column((name,), pl, en, read, expected, example, mandatory=True)


TABLE: Final = Table(
    (
        _column(
            "teryt",
            "TERYT",
            "Commune",
            digits(7),
            Text("siedem cyfr", "seven digits"),
            "2611011",
        ),
        _column(
            "input",
            "Wskaźnik",
            "Indicator",
            code,
            Text("kod danych wejściowych", "code of an input"),
            "population",
        ),
        _column("year", "Rok", "Year", code, Text("rok", "year"), "2025"),
        _column("value", "Wartość", "Value", code, Text("liczba", "number"), "10 482,5"),
        _column(
            "source",
            "Źródło",
            "Source",
            text,
            Text("kto to podaje", "who says so"),
            "GUS, BDL 2025",
        ),
    )
)


@dataclass(frozen=True)
class ReadFact:
    """One row: `fact` is None exactly if there are errors."""

    row: int
    fact: Fact | None
    errors: tuple[RowError, ...] = ()


def read_facts(
    stream: BinaryIO, filename: str, inputs: Mapping[str, InputRule]
) -> Iterator[ReadFact]:
    """Raises `ImportRefused` when the file or its header is refused, also later, where it breaks."""
    rows = read_rows(stream, filename)
    layout = understand(next(rows), TABLE)
    first: dict[tuple[str, str, int], int] = {}
    for row in rows:
        read = _read(row, layout, inputs)
        if read.fact is not None:
            key = (read.fact.teryt, read.fact.input, read.fact.year)
            if key in first:
                at = layout.name_of(("input",))
                error = row_error("fact_doubled", row.number, at, read.fact.input, first=first[key])
                read = ReadFact(row.number, None, (error,))
            else:
                first[key] = row.number
        yield read


def _read(row: Row, layout: Layout, inputs: Mapping[str, InputRule]) -> ReadFact:
    values, errors = read_cells(row, layout)
    told = {error.column for error in errors}
    names = {column.path[0]: layout.name_of(column.path) for column in TABLE.columns}
    errors += [
        row_error("required", row.number, name)
        for field, name in names.items()
        if (field,) not in values and name not in told
    ]
    if errors:
        return ReadFact(row.number, None, tuple(errors))
    facts: dict[str, Any] = {path[0]: value for path, value in values.items()}
    wrong = _wrong(facts, inputs)
    if wrong:
        told_of = (
            row_error(text, row.number, names[field], facts[field]) for field, text in wrong.items()
        )
        return ReadFact(row.number, None, tuple(told_of))
    return ReadFact(row.number, Fact.model_validate(_typed(facts)))


def _wrong(facts: Mapping[str, Any], inputs: Mapping[str, InputRule]) -> Mapping[str, str]:
    """What is wrong with each field, by the code of the text."""
    wrong: dict[str, str] = {}
    try:
        Fact.model_validate(_typed(facts))
    except ValidationError as refusal:
        fields = [str(each["loc"][0]) for each in refusal.errors(include_input=False)]
        wrong = {field: CODES[field] for field in fields}
    rule = inputs.get(facts["input"])
    if rule is None:
        wrong["input"] = "fact_input"
    elif rule.origin is Origin.EVENTS:
        wrong["input"] = "fact_counted"
    return wrong


def _typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """With the value as a number; None, which validation refuses, where it is none."""
    number = _NUMBER.fullmatch(str(facts["value"]))
    if number is None:
        return {**facts, "value": None}
    whole, fraction = number.groups()
    return {**facts, "value": Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{fraction or 0}")}
