"""The vocabulary of the files: complete, without double meanings, and offered by the template."""

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.registry.domain import rules
from services.registry.domain.rules import RegistryRules
from services.registry.formats.annotated import annotated_xlsx
from services.registry.formats.columns import COLUMNS
from services.registry.formats.participants import read_participants
from services.registry.formats.template import template_xlsx
from services.registry.formats.validation import Terms
from services.registry.formats.words import (
    ANSWER,
    DOCUMENT_TYPE,
    EDUCATION,
    GROUND,
    INSTITUTION,
    KIND,
    LABOUR_STATUS,
    SEX,
)
from shared.contracts.registry.commands import RegisterParticipant
from shared.contracts.registry.vocabulary import (
    Answer,
    Education,
    Ground,
    Institution,
    Kind,
    LabourStatus,
    Sex,
)
from shared.runtime.tables.columns import Column
from shared.runtime.tables.errors import ImportRefused
from shared.runtime.tables.words import Words, fold

RULES = RegistryRules.parse(
    path.read_text() for path in Path(rules.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TERMS = Terms("most", date(2026, 11, 23), RULES)
VOCABULARIES = {
    KIND: Kind,
    SEX: Sex,
    EDUCATION: Education,
    LABOUR_STATUS: LabourStatus,
    INSTITUTION: Institution,
    GROUND: Ground,
    ANSWER: Answer,
}


def test_no_header_name_means_two_columns() -> None:
    names = {(fold(name), column.path) for column in COLUMNS for name in column.headers}
    assert [name for name, n in Counter(name for name, _ in names).items() if n > 1] == []


@pytest.mark.parametrize("words", [*VOCABULARIES, DOCUMENT_TYPE])
def test_no_word_means_two_codes(words: Words) -> None:
    meanings = Counter(word for word, _ in {(fold(w), c) for w, c in words.pairs})
    assert [word for word, n in meanings.items() if n > 1] == []


def test_every_code_of_the_contracts_has_words() -> None:
    for words, codes in VOCABULARIES.items():
        assert set(words.names) == set(codes)


def test_every_field_of_a_registration_has_a_column() -> None:
    schema = RegisterParticipant.model_json_schema()
    leaves: set[tuple[str, ...]] = set()

    def walk(node: dict[str, object], path: tuple[str, ...]) -> None:
        text = repr(node)
        name = text.partition("'#/$defs/")[2].partition("'")[0]
        inner = schema["$defs"].get(name, {})
        if "properties" in inner:
            for key, value in inner["properties"].items():
                walk(value, (*path, key))
        else:
            leaves.add(path)

    for key, value in schema["properties"].items():
        walk(value, (key,))
    assert leaves == {column.path for column in COLUMNS}


def example_file() -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(
        [[column.pl for column in COLUMNS], [column.example for column in COLUMNS]]
    )
    return target.getvalue().encode()


def test_the_examples_are_accepted() -> None:
    [row] = read_participants(io.BytesIO(example_file()), "a.csv", terms=TERMS).rows
    assert row.errors == ()


def test_the_template_is_importable_and_offers_lists() -> None:
    target = io.BytesIO()
    template_xlsx(target)
    with pytest.raises(ImportRefused) as unfilled:
        list(read_participants(target, "a.xlsx", terms=TERMS).rows)
    assert unfilled.value.code == "import_header_only"
    book = load_workbook(target)
    sheet = book["Uczestnicy"]
    lists = [validation.formula1 for validation in sheet.data_validations.dataValidation]
    assert len(lists) == sum(1 for column in COLUMNS if column.words and column is not grounds())
    assert book["Słownik"]["A1"].value == "osoba zależna"
    assert len(list(book["Objaśnienia"].rows)) == len(COLUMNS) + 1


def grounds() -> Column:
    return next(column for column in COLUMNS if column.path[-1] == "grounds")


def test_the_annotated_workbook_colours_lists_and_never_computes() -> None:
    rows = [
        "Rodzaj;Data zgłoszenia;Imię;Nazwisko",
        "kadra;2026-01-02;Jan;\"=cmd|'/c calc'!A1\"",
        "kadra;2026-01-02;\x07Jan;#N/A",
        "kadra;2026-01-02;Ewa;Żak;więcej",
    ]
    file = read_participants(io.BytesIO("\n".join(rows).encode()), "a.csv", terms=TERMS)
    target = io.BytesIO()
    assert annotated_xlsx(file.layout, file.rows, target) == 3
    book = load_workbook(target)
    sheet, listed = book.worksheets
    assert {cell.data_type for s in book.worksheets for row in s.rows for cell in row} <= {"s", "n"}
    assert sheet["D2"].value == "=cmd|'/c calc'!A1"
    assert [sheet[place].fill.fgColor.rgb for place in ("C2", "D2")] == ["00000000", "FFF4B0B0"]
    assert sheet["E1"].value == "Uwagi z importu"
    assert sheet["E2"].value.startswith("Nazwisko: Tekst nie może zaczynać się")
    assert sheet["E3"].value.startswith("Imię: Oczekiwano")
    assert (sheet.freeze_panes, listed.freeze_panes) == ("A2", "A2")
    assert sheet.column_dimensions["E"].width > sheet.column_dimensions["A"].width > len("Rodzaj")
    assert [cell.value for cell in listed[2]][:4] == [
        2,
        "Nazwisko",
        "import_formula_like",
        "=cmd|'/c calc'!A1",
    ]
    assert [cell.value for cell in listed[3]][:3] == [3, "Imię", "import_format"]
    assert [cell.value for cell in listed[4]][1:4] == [
        "E",
        "import_unnamed_column",
        "więcej",
    ]


def test_the_description_for_people_lists_every_column_and_word() -> None:
    text = Path(rules.__file__).parents[3].joinpath("docs/import.md").read_text()
    for column in COLUMNS:
        assert f"| {column.pl}" in text
        assert f"| {column.expected.pl} | {column.expected.en} | {column.example} |" in text
    for words in (*VOCABULARIES, DOCUMENT_TYPE):
        for code, name in words.names.items():
            assert f"| {name.pl} | {name.en} | `{code}` |" in text
