"""Files as offices send them: encodings, delimiters, headers, dates, words."""

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.registry.domain import rules
from services.registry.domain.rules import RegistryRules
from services.registry.formats.participants import ImportedRow, ParticipantFile, read_participants
from services.registry.formats.validation import Terms
from shared.contracts.registry.vocabulary import Education, Ground, Kind, Sex
from shared.runtime.tables.cells import Row
from shared.runtime.tables.errors import ImportRefused
from shared.runtime.tables.files import read_rows

RULES = RegistryRules.parse(
    path.read_text() for path in Path(rules.__file__).parents[1].joinpath("rules").glob("*.toml")
)
TERMS = Terms("most", date(2026, 11, 23), RULES)
HEADER = ["Rodzaj uczestnika", "Data zgłoszenia", "Imię", "Nazwisko"]
PERSON = ["kadra", "2026-02-14", "Łucja", "Żółć"]


def opened(content: bytes, filename: str = "osoby.csv") -> ParticipantFile:
    return read_participants(io.BytesIO(content), filename, terms=TERMS)


def csv(*rows: list[str], delimiter: str = ";") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode()


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def only(column: str, value: str) -> ImportedRow:
    """The row of a file with one further column."""
    [row] = opened(csv([*HEADER, column], [*PERSON, value])).rows
    return row


def codes(row: ImportedRow) -> list[tuple[str, str]]:
    return [(error.column, error.code.removeprefix("import_")) for error in row.errors]


def refusal(content: bytes, filename: str = "osoby.csv") -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as refused:
        list(opened(content, filename).rows)
    return [
        (error.row, error.column, error.code.removeprefix("import_"))
        for error in refused.value.errors
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters_are_recognised(encoding: str, delimiter: str) -> None:
    content = csv(HEADER, PERSON, delimiter=delimiter).decode().encode(encoding)
    [row] = opened(content).rows
    assert row.errors == ()
    assert row.personal is not None
    assert row.personal.identity.family_name == "Żółć"


def test_one_letter_at_the_end_of_a_long_file_decides_the_encoding() -> None:
    plain = "kadra;2026-02-14;Jan;Nowak\r\n" * 20_000
    content = "Rodzaj;Data zgłoszenia;Imię;Nazwisko\r\n".encode("cp1250")
    content += plain.encode() + "kadra;2026-02-14;Łucja;Żak".encode("cp1250")
    last = list(read_rows(io.BytesIO(content), "a.csv"))[-1]
    assert last == Row(20_002, ("kadra", "2026-02-14", "Łucja", "Żak"))


def test_a_declared_separator_and_blank_lines_keep_the_row_numbers() -> None:
    content = b"sep=,\r\n" + csv(HEADER, [], PERSON, ["", "", "", ""], PERSON, delimiter=",")
    assert [row.number for row in opened(content).rows] == [4, 6]


def test_a_newline_inside_quotation_marks_stays_in_its_cell() -> None:
    row = only("Stanowisko", '"doradca\nzawodowy"')
    assert row.personal is not None
    assert row.personal.monitoring.position == "doradca zawodowy"


@pytest.mark.parametrize(
    "header",
    [
        ["Rodzaj uczestnika", "Data zgłoszenia", "Imię", "Nazwisko"],
        ["RODZAJ UCZESTNIKA", "data zgloszenia", " imie ", "nazwisko"],
        ["Kind", "Applied on", "Given name", "Family name"],
        ["kind", "applied_on", "given_name", "identity_family_name"],
    ],
)
def test_headers_are_known_in_both_languages_and_however_they_are_typed(header: list[str]) -> None:
    [row] = opened(csv(header, PERSON)).rows
    assert row.kind is Kind.STAFF
    assert row.command is not None
    assert row.command.applied_on == date(2026, 2, 14)


def test_everything_wrong_with_a_header_is_told_at_once() -> None:
    assert refusal(csv(["Imię", "Nazwiska", "Foo", "PESEL", "pesel"], PERSON)) == [
        (1, "Nazwiska", "misspelt_column"),
        (1, "Foo", "unknown_column"),
        (1, "pesel", "duplicate_column"),
        (1, "Rodzaj uczestnika", "missing_column"),
        (1, "Data zgłoszenia", "missing_column"),
        (1, "Nazwisko", "missing_column"),
    ]


def test_a_misspelt_column_is_answered_with_the_nearest_name_in_both_languages() -> None:
    with pytest.raises(ImportRefused) as refused:
        opened(csv([*HEADER, "Wyksztalcenei"], PERSON))
    [error] = refused.value.errors
    assert "„Wykształcenie”" in error.message_pl
    assert "“Education”" in error.message_en


@pytest.mark.parametrize("written", ["2001-03-04", "04.03.2001", "4.3.2001", "04.03.2001 r."])
def test_dates_are_taken_as_iso_and_as_poles_write_them(written: str) -> None:
    row = only("Data urodzenia", written)
    assert row.personal is not None
    assert row.personal.monitoring.born_on == date(2001, 3, 4)


@pytest.mark.parametrize("written", ["03/04/2001", "2001-02-29", "31.04.2001", "2001", "45000"])
def test_no_date_is_guessed(written: str) -> None:
    assert codes(only("Data urodzenia", written)) == [("Data urodzenia", "date_format")]


def test_excel_dates_are_dates_and_bare_numbers_are_not() -> None:
    header: list[object] = ["Rodzaj", "Data zgłoszenia", "Imię", "Nazwisko", "Data urodzenia"]
    rows = list(
        opened(
            xlsx(
                header,
                ["kadra", date(2026, 2, 14), "Jan", "Żak", datetime(1980, 5, 1)],  # noqa: DTZ001
                ["kadra", 46067, "Jan", "Żak", 29342],
            ),
            "osoby.xlsx",
        ).rows
    )
    assert rows[0].personal is not None
    assert rows[0].personal.monitoring.born_on == date(1980, 5, 1)
    assert [code for _, code in codes(rows[1])] == ["date_format", "date_format"]


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    header: list[object] = ["Rodzaj", "Data zgłoszenia", "Imię", "Nazwisko", "PESEL"]
    content = xlsx(header, ["kadra", date(2026, 2, 14), "Jan", "Żak", 2270803624])
    [row] = opened(content, "osoby.xlsx").rows
    assert row.keys.pesel == "02270803624"


@pytest.mark.parametrize(
    ("column", "written", "path", "expected"),
    [
        ("Płeć", "K", ("monitoring", "sex"), Sex.FEMALE),
        ("Płeć", "Mężczyzna", ("monitoring", "sex"), Sex.MALE),
        ("Płeć", "male", ("monitoring", "sex"), Sex.MALE),
        ("Wykształcenie", "ŚREDNIE", ("monitoring", "education"), Education.UPPER_SECONDARY),
        ("Wykształcenie", "isced 7", ("monitoring", "education"), Education.MASTER),
        ("Niepełnosprawność", "odmowa", ("special", "disability"), "refused"),
        ("Niepełnosprawność", "TAK", ("special", "disability"), "yes"),
        (
            "Przesłanki",
            '"bezdomny, uzależniona"',
            ("special", "grounds"),
            (Ground.ADDICTED, Ground.HOMELESS),
        ),
        ("Przesłanki", "brak", ("special", "grounds"), ()),
        ("Przesłanki", "", ("special", "grounds"), None),
        ("Obywatelstwo", "Ukraina", ("monitoring", "citizenship"), "UA"),
        ("Obywatelstwo", "ua", ("monitoring", "citizenship"), "UA"),
        ("Telefon", "+48 600 100 200", ("identity", "phone"), "+48 600 100 200"),
        ("Stanowisko", "", ("monitoring", "position"), None),
    ],
)
def test_words_become_codes_and_blanks_stay_unknown(
    column: str, written: str, path: tuple[str, str], expected: object
) -> None:
    row = only(column, written)
    assert row.errors == ()
    assert getattr(getattr(row.personal, path[0]), path[1]) == expected


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("Wykształcenie", "wyższe", "not_allowed"),
        ("Przesłanki", '"bezdomny, bogaty"', "not_allowed"),
        ("Obywatelstwo", "Atlantyda", "format"),
        ("Kod pocztowy", "26600", "format"),
        ("E-mail", "anna(at)example.org", "format"),
        ("Stanowisko", "x" * 201, "too_long"),
        ("Stanowisko", "x" * 5000, "too_long"),
        ("Stanowisko", "=HYPERLINK(1)", "formula_like"),
        ("Stanowisko", "@import", "formula_like"),
        ("Stanowisko", "+1", "formula_like"),
        ("Stanowisko", "-1", "formula_like"),
        ("Data urodzenia", "2027-01-01", "date_in_future"),
        ("Partner", "Fundacja Most!", "format"),
        ("Data urodzenia", "1850-01-01", "registry.birth_date_implausible"),
        ("PESEL", "44051401358", "registry.pesel_invalid"),
        ("PESEL", "00000000000", "registry.pesel_invalid"),
        ("PESEL", "4405140135", "registry.pesel_invalid"),
        ("PESEL", "abc", "registry.pesel_invalid"),
        ("", "treść", "unnamed_column"),
    ],
)
def test_what_is_refused_names_its_column(column: str, written: str, code: str) -> None:
    assert (column or "E", code) in codes(only(column, written))


def test_an_application_of_a_day_without_rules_is_refused() -> None:
    [row] = opened(csv(HEADER, [*PERSON[:1], "1026-01-02", *PERSON[2:]])).rows
    assert codes(row) == [("Data zgłoszenia", "date_without_rules")]


def test_all_errors_of_a_row_come_at_once_with_value_and_both_texts() -> None:
    header = [*HEADER, "Płeć", "Ulica", "TERYT", "PESEL"]
    wrong = ["", "jutro", "Jan", "=1", "?", "Polna", "1463", "44051401358"]
    [row] = opened(csv(header, wrong)).rows
    assert codes(row) == [
        ("Data zgłoszenia", "date_format"),
        ("Nazwisko", "formula_like"),
        ("Płeć", "not_allowed"),
        ("Rodzaj uczestnika", "required"),
        ("Numer domu", "incomplete"),
        ("Kod pocztowy", "incomplete"),
        ("Miejscowość", "incomplete"),
        ("TERYT", "format"),
        ("PESEL", "registry.pesel_invalid"),
    ]
    assert row.command is None
    assert row.errors[2].value == "?"
    assert "kobieta" in row.errors[2].message_pl
    assert "female" in row.errors[2].message_en


def test_formulas_in_cells_are_refused() -> None:
    content = xlsx(list(HEADER), ["kadra", date(2026, 2, 14), "Jan", "=A1&A2"])
    [row] = opened(content, "osoby.xlsx").rows
    assert codes(row) == [("Nazwisko", "formula")]
    assert row.errors[0].value == "=A1&A2"


def test_a_person_twice_in_one_file_is_refused_the_second_time() -> None:
    header = [*HEADER, "PESEL", "Sygnatura"]
    first = [*PERSON, "44051401359", "A/1"]
    rows = list(
        opened(csv(header, first, [*PERSON, "44051401359", "A/2"], [*PERSON, "", "A/1"])).rows
    )
    assert [codes(row) for row in rows] == [
        [],
        [("PESEL", "repeated")],
        [("Sygnatura", "repeated")],
    ]
    assert rows[1].errors[0].message_en == "The same person is already in row 2."


def test_a_row_that_names_nobody_is_refused() -> None:
    [row] = opened(csv(HEADER, ["kadra", "2026-02-14", "Jan", ""])).rows
    assert codes(row) == [("", "unidentified")]


def test_progress_is_told_and_the_partner_of_the_row_wins() -> None:
    told: list[int] = []
    content = csv([*HEADER, "Partner"], *[[*PERSON, "caritas"]] * 700, [*PERSON, ""])
    file = read_participants(io.BytesIO(content), "a.csv", terms=TERMS, progress=told.append)
    partners = [row.command.partner for row in file.rows if row.command]
    assert (partners[0], partners[-1]) == ("caritas", "most")
    assert told == [500, 701]


def test_the_text_of_a_wrong_pesel_says_what_is_wrong() -> None:
    [error] = only("PESEL", "44051401358").errors
    assert error.message_pl == "Numer PESEL jest błędny (cyfra kontrolna się nie zgadza)."
    assert error.message_en == "The PESEL number is wrong (the check digit does not fit)."


def test_a_birth_date_that_contradicts_the_pesel_is_imported_for_a_person_to_look_at() -> None:
    header = [*HEADER, "PESEL", "Data urodzenia"]
    [row] = opened(csv(header, [*PERSON, "44051401359", "1944-04-15"])).rows
    assert row.errors == ()
