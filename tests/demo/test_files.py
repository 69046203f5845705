"""The partnership's files: the same each time, fictional but valid, with just the mistakes meant."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum.pl import pesel

import demo
from demo.files import csv_bytes, xlsx_bytes
from demo.mistakes import rows_of
from demo.people import DEPENDENT, STAFF, people
from services.registry.domain import rules
from services.registry.domain.rules import RegistryRules
from services.registry.formats.participants import ImportedRow, read_participants
from services.registry.formats.validation import Terms

FOLDER = Path(demo.__file__).parent
RULES = RegistryRules.parse(
    path.read_text() for path in Path(rules.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TERMS = Terms("fundacja-prog", date(2026, 11, 23), RULES)
DIGESTS = """
import hashlib
from demo.files import csv_bytes, xlsx_bytes
from demo.mistakes import rows_of
from demo.people import people
rows, _ = rows_of(people())
for content in (csv_bytes(rows), xlsx_bytes(rows)):
    print(hashlib.sha256(content).hexdigest())
"""


def imported(filename: str) -> list[ImportedRow]:
    with (FOLDER / filename).open("rb") as stream:
        return list(read_participants(stream, filename, terms=TERMS).rows)


def test_the_committed_files_are_those_of_the_generator() -> None:
    rows, _ = rows_of(people())
    assert (FOLDER / "participants.csv").read_bytes() == csv_bytes(rows)
    assert parts((FOLDER / "participants.xlsx").read_bytes()) == parts(xlsx_bytes(rows))


def parts(workbook: bytes) -> dict[str, bytes]:
    """The unpacked content: how well it is packed depends on the version of zlib."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_seed_makes_the_same_bytes_in_every_process() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(FOLDER.parent), "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "Europe/Warsaw"), ("2", "America/Lima"))
    }
    rows, _ = rows_of(people())
    here = [hashlib.sha256(c).hexdigest() for c in (csv_bytes(rows), xlsx_bytes(rows))]
    assert made == {"\n".join(here) + "\n"}


def test_another_seed_draws_other_people() -> None:
    assert people(1) != people(2)


def test_there_are_420_people_of_two_kinds() -> None:
    assert Counter(person.kind for person in people()) == {"dependent": DEPENDENT, "staff": STAFF}
    assert len({person.reference for person in people()}) == DEPENDENT + STAFF


def test_every_pesel_is_valid_unique_and_fits_sex_and_birth_date() -> None:
    rows, _ = rows_of(people())
    numbers = Counter(row.person.pesel for row in rows if row.person.pesel)
    assert [number for number, n in numbers.items() if n > 1] == [rows[-1].person.pesel]
    for row in rows:
        person = row.person
        if person.pesel:
            assert pesel.is_valid(person.pesel)
            assert pesel.get_birth_date(person.pesel) == person.born_on
            assert {"F": "female", "M": "male"}[pesel.get_gender(person.pesel)] == person.sex


def test_the_dependent_have_grounds_and_the_staff_institutions() -> None:
    for person in people():
        assert bool(person.grounds) == (person.kind == "dependent")
        assert bool(person.institution) == (person.kind == "staff")


def test_some_foreigners_have_a_document_in_place_of_a_pesel() -> None:
    without = [person for person in people() if not person.pesel]
    assert len(without) >= 5
    assert all(person.document[1] and person.citizenship != "PL" for person in without)


@pytest.mark.parametrize("filename", ["participants.csv", "participants.xlsx"])
def test_exactly_the_rows_with_mistakes_are_refused(filename: str) -> None:
    rows, mistakes = rows_of(people())
    found = imported(filename)
    assert len(found) == len(rows) == DEPENDENT + STAFF + 3
    wrong = [file.person.reference for row, file in zip(found, rows, strict=True) if row.errors]
    assert wrong[:-1] == [
        r.person.reference for r in rows if r.person.reference in mistakes.refused
    ]
    assert wrong[-1] == rows[-1].person.reference
    codes = {error.code.removeprefix("registry.") for row in found for error in row.errors}
    assert codes == {
        "pesel_invalid",
        "import_date_format",
        "import_date_in_future",
        "import_not_allowed",
        "import_format",
        "import_repeated",
        "import_formula" if filename.endswith("xlsx") else "import_formula_like",
    }


def test_both_files_say_the_same() -> None:
    by_csv, by_xlsx = imported("participants.csv"), imported("participants.xlsx")
    assert [row.command for row in by_csv] == [row.command for row in by_xlsx]
