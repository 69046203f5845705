"""Damaged and hostile files: always a clear refusal, never an exhausted memory or a stack trace."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from services.registry.domain import rules
from services.registry.domain.rules import RegistryRules
from services.registry.formats.participants import ImportedRow, read_participants
from services.registry.formats.validation import Terms
from shared.runtime.tables import xlsx_parts
from shared.runtime.tables.errors import ImportRefused

RULES = RegistryRules.parse(
    path.read_text() for path in Path(rules.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TERMS = Terms("most", date(2026, 11, 23), RULES)
HEADER = ("Rodzaj", "Data zgłoszenia", "Imię", "Nazwisko")
MEGABYTE = 1 << 20


def read(content: bytes, filename: str) -> list[ImportedRow]:
    file = read_participants(io.BytesIO(content), filename, terms=TERMS)
    return list(file.rows)


def refusal(content: bytes, filename: str = "a.xlsx") -> str:
    with pytest.raises(ImportRefused) as refused:
        read(content, filename)
    return refused.value.code.removeprefix("import_")


def workbook() -> bytes:
    book = Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(("kadra", date(2026, 1, 2), "Jan", "Żak"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(name: str, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The small workbook with one of its parts replaced."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(target, "w", compression) as archive,
    ):
        for entry in source.infolist():
            archive.writestr(
                entry.filename, content if entry.filename == name else source.read(entry)
            )
    return target.getvalue()


def sheet(rows: bytes) -> bytes:
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    header = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % h.encode() for h in HEADER)
    return with_part(
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="%s"><sheetData><row>%s</row>%s</sheetData></worksheet>'
        % (namespace, header, rows),
    )


def shared(strings: list[bytes]) -> bytes:
    """A workbook whose header and next row are made of shared strings, one in each cell."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = [b'<c t="s"><v>%d</v></c>' % index for index in range(len(strings))]
    header, rest = cells[: len(HEADER)], cells[len(HEADER) :]
    parts = {
        "_rels/.rels": relations(f"{types}/officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relations(
            f"{types}/worksheet", "sheet.xml", f"{types}/sharedStrings", "/xl/strings.xml"
        ),
        "xl/workbook.xml": f'<workbook xmlns:r="{types}"><sheet state="hidden" r:id="r9"/>'
        '<sheet name="Osoby" r:id="r0"/></workbook>'.encode(),
        "xl/strings.xml": b"<sst>%s</sst>" % b"".join(strings),
        "xl/sheet.xml": b"<worksheet><sheetData><row>%s</row><row>%s</row></sheetData></worksheet>"
        % (b"".join(header), b"".join(rest)),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def relations(*pairs: str) -> bytes:
    each = "".join(
        f'<Relationship Id="r{index}" Type="{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(zip(pairs[::2], pairs[1::2], strict=True))
    )
    return f"<Relationships>{each}</Relationships>".encode()


def peak(action: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_cell_of_ten_megabytes_is_an_error_of_its_row_and_costs_no_memory() -> None:
    cell = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % (b"x" * 10 * MEGABYTE)
    content = sheet(cell)
    rows: list[ImportedRow] = []
    assert peak(lambda: rows.extend(read(content, "a.xlsx"))) < 2 * MEGABYTE
    error = rows[0].errors[0]
    assert (error.row, error.column, error.code) == (2, "Rodzaj", "import_too_long")
    assert error.value is not None
    assert len(error.value) <= 80


def test_shared_strings_of_ten_megabytes_cost_no_memory_either() -> None:
    long = b"<si><t>%s</t></si>" % (b" " * 10 + b"x" * 10 * MEGABYTE)
    content = shared([b"<si><t>%s</t></si>" % name.encode() for name in HEADER] + [long])
    rows: list[ImportedRow] = []
    assert peak(lambda: rows.extend(read(content, "a.xlsx"))) < 2 * MEGABYTE
    assert [error.code for error in rows[0].errors][:1] == ["import_too_long"]


def test_rich_texts_are_joined_and_readings_left_out() -> None:
    rich = "<si><r><t>Za</t></r><r><t>kład</t></r><rPh><t>zzz</t></rPh></si>".encode()
    names = [b"<si><t>%s</t></si>" % name.encode() for name in HEADER]
    assert read(shared([*names, rich]), "a.xlsx")[0].cells[0] == "Zakład"


def test_a_csv_cell_of_ten_megabytes_is_refused_with_its_row() -> None:
    line = ";".join(HEADER).encode() + b"\r\nkadra;2026-01-01;Jan;"
    for cell in (b"x" * 10 * MEGABYTE, b'"' + b"x\n" * 5 * MEGABYTE, b'"x\n";' * 2 * MEGABYTE):
        content = line + cell
        with pytest.raises(ImportRefused) as refused:
            read(content, "a.csv")
        assert refused.value.errors[0].row == 2
        assert refused.value.code == "import_row_too_long"
        assert peak(lambda: refusal(content, "a.csv")) < 2 * MEGABYTE  # noqa: B023


def test_a_bomb_is_refused_by_what_it_declares_and_never_unpacked() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", b"\0" * (xlsx_parts.UNPACKED_LIMIT + 1))
    assert len(bomb) < MEGABYTE
    assert refusal(bomb) == "file_too_large"


def test_a_bomb_in_a_part_that_is_kept_in_memory() -> None:
    bomb = with_part("xl/styles.xml", b"<a/>" * (xlsx_parts.SMALL_PART_LIMIT // 4 + 1))
    assert refusal(bomb) == "file_too_large"


def test_a_huge_directory_is_refused_before_it_is_read() -> None:
    content = bytearray(workbook())
    struct.pack_into("<L", content, len(content) - 22 + 12, xlsx_parts.DIRECTORY_LIMIT + 1)
    assert refusal(bytes(content)) == "file_too_large"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b"<row>" + b"<c/>" * 100_000 + b"</row>", "too_many_columns"),
        (b'<row><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        (b'<row r="999999999999"><c><v>1</v></c></row>', "unreadable"),
        (b'<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>', "unreadable"),
        (b'<row><c t="s"><v>99</v></c></row>', "unreadable"),
        (b"<row><c><v>one</v></c></row>", "unreadable"),
        (b"<row><c><v>1</v></c>", "unreadable"),
        (b'<row r="' + b"9" * 3 * MEGABYTE + b'"/>', "unreadable"),
    ],
)
def test_impossible_sheets_are_refused(rows: bytes, code: str) -> None:
    assert refusal(sheet(rows)) == code


def test_entities_are_refused_before_they_can_grow() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(with_part("xl/worksheets/sheet1.xml", laughs)) == "unreadable"


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"\r\n;;\r\n", "a.csv", "empty"),
        (b"", "a.xlsx", "empty"),
        (";".join(HEADER).encode(), "a.csv", "header_only"),
        (";".join(HEADER).encode() + b"\r\n;;\r\n", "a.csv", "header_only"),
        (b"%PDF-1.4", "a.pdf", "file_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "old_excel"),
        (b"PK\x03\x04", "a.xlsx", "unreadable"),
        ("Imię".encode("utf-16"), "a.csv", "encoding"),
        (b"a\0b", "a.csv", "encoding"),
        (b"\x81\x83", "a.csv", "encoding"),
        (b'"Rodzaj" x;"Data"', "a.csv", "malformed"),
        (b'"Rodzaj;Data', "a.csv", "malformed"),
        (b"x;" * 501, "a.csv", "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, filename: str, code: str) -> None:
    assert refusal(content, filename) == code


def test_a_zip_that_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")
    assert refusal(target.getvalue()) == "file_type"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert refusal(target.getvalue()) == "unreadable"


def judged(content: bytes, filename: str) -> None:
    with suppress(ImportRefused):
        for row in read(content, filename):
            assert (row.command is None) == bool(row.errors)


@given(st.binary(max_size=3000), st.sampled_from(["a.csv", "a.xlsx"]))
def test_random_bytes_are_refused_or_read(content: bytes, filename: str) -> None:
    judged(content, filename)


@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "cp1250"]))
def test_random_texts_under_a_good_header_are_refused_or_read(text: str, encoding: str) -> None:
    header = ";".join((*HEADER, "PESEL", "Grounds", "Born on", "Country", "E-mail", "TERYT"))
    judged(f"{header}\r\n{text}".encode(encoding, "replace"), "a.csv")


@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=8)), max_size=6))
def test_damaged_archives_are_refused_or_read(damages: list[tuple[int, bytes]]) -> None:
    content = bytearray(workbook())
    for place, damage in damages:
        at = place % len(content)
        content[at : at + len(damage)] = damage
    judged(bytes(content), "a.xlsx")


@given(
    st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/theme/theme1.xml",
         "_rels/.rels", "xl/_rels/workbook.xml.rels"]
    ),
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(list('<>/="&;19 rcstv"'))), max_size=5),
)  # fmt: skip
def test_damaged_parts_are_refused_or_read(part: str, damages: list[tuple[int, str]]) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as source:
        content = bytearray(source.read(part))
    for place, damage in damages:
        content[place % len(content)] = ord(damage)
    judged(with_part(part, bytes(content), zipfile.ZIP_STORED), "a.xlsx")
