"""XLSForms: read as pyxform reads them, refused with sheet, row and column, written to be read again."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings

from services.research.domain.form.canonical import digest
from services.research.formats.definition import read_json, write_json
from services.research.formats.faults import FormFileRefused
from services.research.formats.xlsform.reading import read_xlsform
from services.research.formats.xlsform.writing import write_xlsform
from shared.contracts.research.vocabulary.forms import ItemKind
from tests.research.form.making import definition, item
from tests.research.form.test_equivalence import forms
from tests.research.formats.workbooks import (
    CHOICES,
    SETTINGS,
    SURVEY,
    Rows,
    changed,
    with_column,
    workbook,
)

Found = tuple[str | None, int | None, str | None, str]


def refused(stream: BytesIO) -> list[Found]:
    with pytest.raises(FormFileRefused) as refusal:
        read_xlsform(stream, "ankieta.xlsx")
    for fault in refusal.value.faults:
        assert fault.message_pl
        assert fault.message_en
        assert "{}" not in fault.message_pl
    return [
        (fault.sheet, fault.row, fault.column, fault.code.removeprefix("research."))
        for fault in refusal.value.faults
    ]


def test_a_form_is_read_with_groups_languages_and_metadata_left_out() -> None:
    form = read_xlsform(workbook(), "ankieta.xlsx")
    assert form.title.pl == "Ankieta o pracy"
    works, job = form.items
    assert (works.kind, works.choices, works.required) == (ItemKind.SELECT_ONE, "yesno", True)
    assert works.label is not None
    assert (works.label.pl, works.label.en) == ("Czy pracujesz?", "Do you work?")
    assert (job.relevant, [each.name for each in job.items]) == ("${works} = 'yes'", ["hours"])
    assert job.items[0].required is True


def test_a_form_without_settings_is_called_like_its_file() -> None:
    plain: Rows = [["type", "name", "label"], ["text", "a", "Pytanie"]]
    form = read_xlsform(workbook(plain, None, None), "Moja ankieta.xlsx")
    assert form.title.pl == "Moja ankieta"


def test_blank_rows_and_a_late_header_do_not_shift_what_is_told() -> None:
    shifted: Rows = [[], [], *SURVEY[:3], [], [], ["integer", "bad name", "X", None, None, None]]
    shifted = [[*row] or [None] for row in [*shifted, *SURVEY[3:]]]
    assert refused(workbook(shifted))[0][1] == 8


SURVEY_FAULTS: list[tuple[Rows, Found]] = [
    (changed(SURVEY, 3, "type", "select_one"), ("survey", 3, "type", "xlsform_type_unsupported")),
    (changed(SURVEY, 3, "type", "select_one maybe"), ("survey", 3, "type", "xlsform_refused")),
    (
        changed(SURVEY, 3, "type", "select_one yesno or_other"),
        ("survey", 3, "type", "xlsform_type_unsupported"),
    ),
    (changed(SURVEY, 5, "type", "geopoint"), ("survey", 5, "type", "xlsform_type_unsupported")),
    (changed(SURVEY, 5, "type", "intger"), ("survey", 5, "type", "xlsform_type_unsupported")),
    (changed(SURVEY, 2, "type", "deviceid"), ("survey", 2, "type", "xlsform_type_unsupported")),
    (changed(SURVEY, 5, "type", None), ("survey", 5, "type", "xlsform_refused")),
    (changed(SURVEY, 5, "name", None), ("survey", 5, "name", "xlsform_refused")),
    (changed(SURVEY, 5, "name", "ile godzin"), ("survey", 5, "name", "xlsform_refused")),
    (changed(SURVEY, 5, "name", "ile.godzin"), ("survey", 5, "name", "form_value_invalid")),
    (changed(SURVEY, 5, "name", "Works"), ("survey", 5, "name", "form_name_taken")),
    (changed(SURVEY, 5, "name", "today"), ("survey", 5, "name", "form_name_reserved")),
    (changed(SURVEY, 6, "type", "integer"), ("survey", 6, "name", "xlsform_refused")),
    (SURVEY[:-1], ("survey", 4, "type", "xlsform_refused")),
    ([*SURVEY, ["end group", *[None] * 5]], ("survey", 7, "type", "xlsform_refused")),
    (
        changed(SURVEY, 4, "relevance", "${job} = 1"),
        ("survey", 4, "relevance", "expression_question"),
    ),
    (changed(SURVEY, 4, "relevance", "${x} = 1"), ("survey", 4, "relevance", "xlsform_refused")),
    (
        changed(SURVEY, 4, "relevance", "${works} = "),
        ("survey", 4, "relevance", "expression_syntax"),
    ),
    (
        changed(SURVEY, 4, "relevance", "${works}"),
        ("survey", 4, "relevance", "expression_condition"),
    ),
    (changed(SURVEY, 4, "relevance", "${hours} = 1"), ("survey", 4, "relevance", "form_cycle")),
    (changed(SURVEY, 5, "required", "maybe"), ("survey", 5, "required", "expression_syntax")),
    (
        changed(SURVEY, 3, "label::Polski (pl)", None),
        ("survey", 3, "label::Polski (pl)", "xlsform_polish_missing"),
    ),
    (
        changed(SURVEY, 3, "label::Polski (pl)", "=1+1"),
        ("survey", 3, "label::Polski (pl)", "import_formula"),
    ),
    (
        changed(SURVEY, 3, "label::Polski (pl)", "x" * 4_001),
        ("survey", 3, "label::Polski (pl)", "import_too_long"),
    ),
    (
        changed(SURVEY, 5, "label::English (en)", "Hours of ${works}?"),
        ("survey", 5, "label::Polski (pl)", "form_label_computed"),
    ),
    (
        with_column(SURVEY, "label::Українська (uk)", None, "Так?"),
        ("survey", 3, "label::Українська (uk)", "xlsform_language_unknown"),
    ),
    (
        with_column(SURVEY, "choice_filter", None, "name = 'yes'"),
        ("survey", 3, "choice_filter", "xlsform_column_unsupported"),
    ),
    (
        with_column(SURVEY, "default", None, None, None, "5"),
        ("survey", 5, "default", "xlsform_column_unsupported"),
    ),
    (
        with_column(SURVEY, "read_only", None, None, None, "yes"),
        ("survey", 5, "read_only", "xlsform_column_unsupported"),
    ),
    (
        with_column(SURVEY, "media::image", None, "a.png"),
        ("survey", 3, "media::image", "xlsform_column_unsupported"),
    ),
    (
        with_column(SURVEY, "sensitive", None, "czasem"),
        ("survey", 3, "sensitive", "xlsform_yes_no"),
    ),
    (
        with_column(SURVEY, "calculation", None, None, None, "1 + 1"),
        ("survey", 5, "calculation", "form_field_misplaced"),
    ),
    (
        with_column(SURVEY, "required", "x"),
        ("survey", 1, "required", "xlsform_column_repeated"),
    ),
]


@pytest.mark.parametrize(("survey", "place"), SURVEY_FAULTS)
def test_what_is_wrong_on_the_survey_sheet_is_told_at_its_cell(survey: Rows, place: Found) -> None:
    assert refused(workbook(survey)) == [place]


@pytest.mark.parametrize(
    ("choices", "place"),
    [
        (changed(CHOICES, 3, "name", "yes"), ("choices", 3, "name", "xlsform_refused")),
        (changed(CHOICES, 3, "name", None), ("choices", 3, "name", "xlsform_refused")),
        (changed(CHOICES, 3, "name", "nie wiem"), ("choices", 3, "name", "form_value_invalid")),
        (
            changed(
                changed(CHOICES, 3, "label::Polski (pl)", None), 3, "label::English (en)", None
            ),
            ("choices", 3, "label::Polski (pl)", "form_value_missing"),
        ),
        (
            changed(CHOICES, 2, "label::Polski (pl)", None),
            ("choices", 2, "label::Polski (pl)", "xlsform_polish_missing"),
        ),
        (None, ("survey", None, "type", "xlsform_refused")),
    ],
)
def test_what_is_wrong_on_the_choices_sheet_is_told_at_its_cell(
    choices: Rows | None, place: Found
) -> None:
    assert refused(workbook(SURVEY, choices)) == [place]


def test_everything_that_is_no_form_is_told_and_nothing_breaks() -> None:
    assert refused(workbook(None, CHOICES))[0][3] == "xlsform_sheet_missing"
    assert refused(workbook(None, None, None))[0][3] == "xlsform_sheet_missing"
    assert refused(BytesIO(b"type;name\ntext;a\n"))[0][3] == "import_file_type"
    assert refused(BytesIO(b"PK\x03\x04 and no more"))[0][3] == "import_unreadable"
    assert refused(workbook(SURVEY[:1]))[0][3] == "form_value_invalid"
    assert refused(workbook([["nic", "tu"], ["nie", "ma"]]))[0][3] == "xlsform_refused"


def test_all_faults_of_a_workbook_are_told_at_once() -> None:
    survey = changed(changed(SURVEY, 5, "type", "geopoint"), 3, "label::Polski (pl)", None)
    assert [found[1:] for found in refused(workbook(survey))] == [
        (3, "label::Polski (pl)", "xlsform_polish_missing"),
        (5, "type", "xlsform_type_unsupported"),
    ]


def test_notes_of_the_author_and_looks_are_left_out() -> None:
    survey = with_column(with_column(SURVEY, "appearance", None, "minimal"), "uwagi autora", "x")
    assert read_xlsform(workbook(survey), "a.xlsx") == read_xlsform(workbook(), "a.xlsx")


def test_older_headers_and_one_language_are_understood() -> None:
    survey: Rows = [
        ["type", "name", "caption", "relevance", "constraint message", "constraint", "personal"],
        ["int", "age", "Wiek", None, "Za mało", ". > 17", None],
        ["string", "why", "Dlaczego?", "${age} > 60", None, None, "nie"],
    ]
    age, why = read_xlsform(workbook(survey, None, SETTINGS), "a.xlsx").items
    assert age.constraint_message is not None
    assert age.constraint_message.pl == "Za mało"
    assert (why.relevant, why.personal) == ("${age} > 60", False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(forms())
def test_what_is_written_as_xlsform_or_json_is_read_again_as_the_same(
    items: list[dict[str, object]],
) -> None:
    form = definition(*items, item("select_multiple", "last", choices="yesno", sensitive=True))
    again = read_xlsform(BytesIO(write_xlsform(form, "kod", "3")), "x.xlsx")
    assert again == form
    assert digest(again) == digest(form)
    assert read_json(write_json(form)) == form


def test_a_version_is_the_same_bytes_whenever_it_is_fetched() -> None:
    form = read_xlsform(workbook(), "a.xlsx")
    assert write_xlsform(form, "kod", "1") == write_xlsform(form, "kod", "1")


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        (b"{", "", "form_json_invalid"),
        (b"[]", "", "form_value_invalid"),
        (b'{"title": {"pl": "A"}}', "/items", "form_value_missing"),
        (
            b'{"title": {"pl": "A"}, "items": [{"kind": "geo", "name": "a"}]}',
            "/items/0/kind",
            "form_value_invalid",
        ),
        (
            b'{"title": {"pl": "A"}, "items": [{"kind": "note", "name": "a", "x": 1}]}',
            "/items/0/x",
            "form_value_unexpected",
        ),
        (
            (
                b'{"title": {"pl": "A"}, "items": [{"kind": "text", "name": "a", "label": {"pl": "B"},'
                b' "required": 7}]}'
            ),
            "/items/0/required",
            "form_value_invalid",
        ),
        (
            (
                b'{"title": {"pl": "A"}, "items": [{"kind": "text", "name": "a", "label": {"pl": "B"},'
                b' "relevant": "1 +"}]}'
            ),
            "/items/0/relevant",
            "expression_syntax",
        ),
        (b'{"items": ' + b"[" * 5_000, "", "form_json_invalid"),
    ],
)
def test_what_is_wrong_with_json_is_told_by_its_pointer(
    content: bytes, pointer: str, code: str
) -> None:
    with pytest.raises(FormFileRefused) as refusal:
        read_json(content)
    first = refusal.value.faults[0]
    assert (first.pointer, first.code) == (pointer, f"research.{code}")
    assert (first.sheet, first.row, first.column) == (None, None, None)
