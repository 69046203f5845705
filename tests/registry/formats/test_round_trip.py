"""What is written as a file reads back as the same rows, whatever people write into cells."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import rules
from services.registry.domain.rules import RegistryRules
from services.registry.formats.annotated import annotated_xlsx
from services.registry.formats.columns import TABLE
from services.registry.formats.participants import interpret, read_participants
from services.registry.formats.validation import Terms
from shared.runtime.tables.cells import Cell, Row
from shared.runtime.tables.files import read_rows
from shared.runtime.tables.layout import understand

RULES = RegistryRules.parse(
    path.read_text() for path in Path(rules.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TERMS = Terms("most", date(2026, 11, 23), RULES)

CP1250 = "".join(
    chr(point)
    for point in range(0x20, 0x2123)
    if chr(point).encode("cp1250", "ignore") and chr(point).isprintable()
)
POLISH = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż ,;\"'=+-@\n\t#"


def cells(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    text = st.text(alphabet, min_size=1, max_size=30).map(str.strip)
    return st.none() | text.filter(bool)


def tables(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str | None]]]:
    row = st.lists(cells(alphabet), min_size=1, max_size=8).filter(any)
    return st.lists(row, min_size=1, max_size=8)


def trimmed(row: Sequence[Cell]) -> tuple[Cell, ...]:
    """Blank cells at the end of a row are not stored in every format."""
    kept = list(row)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(kept)


def read_back(content: bytes, filename: str) -> list[tuple[int, tuple[Cell, ...]]]:
    rows = read_rows(io.BytesIO(content), filename)
    return [(row.number, trimmed(row.cells)) for row in rows]


def as_csv(table: list[list[str | None]], delimiter: str) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    return f"sep={delimiter}\r\n{target.getvalue()}"


@given(
    tables(st.sampled_from(CP1250 + POLISH)),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1250"]),
)
def test_csv_in_every_encoding(
    table: list[list[str | None]], delimiter: str, encoding: str
) -> None:
    content = as_csv(table, delimiter).encode(encoding)
    if encoding == "cp1250" and _is_utf8(content):
        content = content.decode("utf-8").encode()  # the same bytes are the other encoding too
        table = [[cell and cell.encode("cp1250").decode() for cell in row] for row in table]
    expected = [(number, trimmed(row)) for number, row in enumerate(table, start=2)]
    assert read_back(content, "a.csv") == expected


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


XLSX_TEXT = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"])


@given(tables(XLSX_TEXT), st.dates(date(1901, 1, 1), date(2100, 1, 1)))
def test_xlsx_with_texts_and_dates(table: list[list[str | None]], day: date) -> None:
    header = ("Rodzaj", "Data zgłoszenia", "Imię", "Nazwisko")
    layout = understand(Row(1, header), TABLE)
    rows: list[tuple[Cell, ...]] = [(day, *row[:3]) for row in table]
    target = io.BytesIO()
    imported = [
        interpret(Row(number, row), layout, TERMS) for number, row in enumerate(rows, start=2)
    ]
    annotated_xlsx(layout, imported, target)
    back = read_back(target.getvalue(), "a.xlsx")
    assert back[0] == (1, (*header, "Uwagi z importu"))
    assert [(number, trimmed(cells[:4])) for number, cells in back[1:]] == [
        (number, trimmed(row)) for number, row in enumerate(rows, start=2)
    ]


@given(tables(XLSX_TEXT))
def test_an_annotated_file_is_judged_like_the_file_it_annotates(
    table: list[list[str | None]],
) -> None:
    header = ["Rodzaj", "Data zgłoszenia", "Imię", "Nazwisko", "E-mail"]
    sent = as_csv([list(header), *table], ";").encode()
    first = read_participants(io.BytesIO(sent), "a.csv", terms=TERMS)
    rows = list(first.rows)
    target = io.BytesIO()
    annotated_xlsx(first.layout, rows, target)
    again = list(read_participants(target, "a.xlsx", terms=TERMS).rows)
    assert [row.command for row in again] == [row.command for row in rows]
    judged = [
        {(e.row, e.code, e.value) for e in row.errors if e.column not in "FGHI"} for row in rows
    ]
    assert judged == [
        {(e.row, e.code, e.value) for e in row.errors if e.column not in "FGHI"} for row in again
    ]
