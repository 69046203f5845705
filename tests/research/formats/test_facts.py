"""Facts from a file: each good row is a fact, each bad one says what is wrong in which column."""

from decimal import Decimal
from io import BytesIO

import pytest

from services.research.formats.facts import ReadFact, read_facts
from shared.runtime.tables.errors import ImportRefused
from tests.research.domain.rules import RULES

HEADER = "TERYT;Wskaźnik;Rok;Wartość;Źródło"


def read(*rows: str, header: str = HEADER) -> list[ReadFact]:
    content = "\n".join([header, *rows]).encode()
    return list(read_facts(BytesIO(content), "facts.csv", RULES.inputs))


def told(row: str) -> list[tuple[str, str]]:
    (only,) = read(row)
    assert only.fact is None
    return [(error.column, error.code) for error in only.errors]


def test_numbers_are_read_as_people_write_them() -> None:
    rows = read(
        "2611011;population;2025;110 482;GUS, BDL",
        "0611022;employment_fte;2025;41,25;własne",
        "2611011;population;2024;110482.5;GUS, BDL",
    )
    facts = [each.fact for each in rows if each.fact]
    assert [fact.value for fact in facts] == [
        Decimal(110482),
        Decimal("41.25"),
        Decimal("110482.5"),
    ]
    assert facts[1].teryt == "0611022"
    assert facts[0].source == "GUS, BDL"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("261101;population;2025;1;GUS", "TERYT", "import_fact_teryt"),
        ("2611011;happiness;2025;1;GUS", "Wskaźnik", "import_fact_input"),
        ("2611011;supported_job_places;2025;1;GUS", "Wskaźnik", "import_fact_counted"),
        ("2611011;population;25;1;GUS", "Rok", "import_fact_year"),
        ("2611011;population;2025;-1;GUS", "Wartość", "import_fact_value"),
        ("2611011;population;2025;1,23456;GUS", "Wartość", "import_fact_value"),
        ("2611011;population;2025;many;GUS", "Wartość", "import_fact_value"),
        ("2611011;population;2025;1 23;GUS", "Wartość", "import_fact_value"),
        ("2611011;population;2025;;GUS", "Wartość", "import_required"),
        ("2611011;population;2025;1;=1+1", "Źródło", "import_formula_like"),
    ],
)
def test_what_is_wrong_is_told_by_column(row: str, column: str, code: str) -> None:
    assert told(row) == [(column, code)]


def test_the_same_input_of_a_commune_and_year_comes_once() -> None:
    first, second = read("2611011;population;2025;1;GUS", "2611011;population;2025;2;GUS")
    assert first.fact is not None
    assert second.fact is None
    assert second.errors[0].code == "import_fact_doubled"
    assert "2" in second.errors[0].message_en


def test_another_header_is_refused_with_the_columns_that_are_missing() -> None:
    with pytest.raises(ImportRefused) as refusal:
        read("x", header="Gmina")
    codes = {error.code for error in refusal.value.errors}
    assert {"import_unknown_column", "import_missing_column"} <= codes
