"""Exports of KoBoToolbox and ODK Central, as they come; another questionnaire's are refused."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from services.research.domain.form.form import Form
from services.research.domain.form.judging import judge
from services.research.formats.kobo import ExportedResponse, read_export
from shared.runtime.tables.errors import ImportRefused
from tests.research.form.making import form, item


@pytest.fixture(scope="module")
def asked() -> Form:
    return form(
        item("select_one", "works", choices="yesno"),
        item(
            "group",
            "job",
            items=[
                item("integer", "hours", constraint=". < 100"),
                item("select_multiple", "tools", choices="letters"),
            ],
        ),
        item("note", "info"),
        item("calculate", "twice", calculation="${hours} * 2"),
        item("date", "since"),
    )


def read(asked: Form, header: str, *rows: str, name: str = "e.csv") -> list[ExportedResponse]:
    stream = BytesIO("\n".join([header, *rows]).encode())
    return list(read_export(stream, name, asked).rows)


def refused(asked: Form, header: str) -> list[tuple[str, str]]:
    with pytest.raises(ImportRefused) as refusal:
        read(asked, header, "1")
    return [(error.column, error.code) for error in refusal.value.errors]


ANSWERS = {"works": "yes", "hours": "40", "tools": "a c", "since": "2026-01-05"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (  # KoBo with groups, several choices in both ways, and what it adds
            (
                "start,end,works,job/hours,job/tools,job/tools/a,job/tools/b,job/tools/c,info,twice,"
                "since,__version__,_id,_uuid,_submission_time,_validation_status,_notes,_status,"
                "_submitted_by,_tags,_index,meta/rootUuid"
            ),
            (
                "2026-02-01T10:00:00.000+01:00,2026-02-01T10:09:00.000+01:00,yes,40,a c,1,0,1,,80,"
                "2026-01-05,v1,7,9b2f,2026-02-03T09:00:00,,,submitted_via_web,ewa,,1,uuid:9b2f"
            ),
        ),
        (  # KoBo without groups, choices in columns of their own, semicolons
            "_uuid;works;hours;tools/a;tools/b;tools/c;since;_submission_time",
            "9b2f;yes;40;TRUE;FALSE;TRUE;2026-01-05;2026-02-01 09:00:00",
        ),
        (  # ODK Central
            (
                "SubmissionDate,works,job-hours,job-tools,since,meta-instanceID,meta-instanceName,KEY,"
                "SubmitterID,SubmitterName,AttachmentsPresent,Status,ReviewState,DeviceID,Edits,FormVersion"
            ),
            "2026-02-01T09:00:00.000Z,yes,40,a c,2026-01-05,uuid:9b2f,,uuid:9b2f,5,Ewa,0,,,d,0,1",
        ),
    ],
)
def test_the_ways_of_exporting_say_the_same(asked: Form, header: str, row: str) -> None:
    (response,) = read(asked, header, row)
    assert response == ExportedResponse(2, "9b2f", date(2026, 2, 1), ANSWERS)
    judged = judge(asked, response.answers, on=date(2026, 2, 1))
    assert judged.problems == ()
    assert judged.answers["twice"] == "80"


def test_a_workbook_holds_the_same(asked: Form) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["_id", "works", "hours", "tools", "since"])
    sheet.append([7, "yes", 40, "a c", date(2026, 1, 5)])
    target = BytesIO()
    book.save(target)
    (response,) = read_export(target, "e.xlsx", asked).rows
    assert response == ExportedResponse(2, "7", None, ANSWERS)


def test_another_questionnaires_columns_are_refused_all_at_once(asked: Form) -> None:
    assert refused(asked, "_uuid,works,hours,Czy pracujesz?,job/other,tools/a,works,since") == [
        ("Czy pracujesz?", "research.export_column_unknown"),
        ("job/other", "research.export_column_unknown"),
        ("works", "import_duplicate_column"),
        ("tools/b", "research.export_column_missing"),
        ("tools/c", "research.export_column_missing"),
    ]
    assert refused(asked, "works,hours,tools,job/tools/d") == [
        ("job/tools/d", "research.export_column_unknown"),
        ("since", "research.export_column_missing"),
        ("_uuid", "research.export_key_missing"),
    ]


def test_a_bad_row_is_told_and_the_others_are_read(asked: Form) -> None:
    header = "_uuid;works;hours;tools/a;tools/b;tools/c;since;end"
    rows = [
        "a1;yes;40;1;0;0;2026-01-05;2026-02-01",
        "a1;no;1;1;0;0;2026-01-05;2026-02-01",
        ";no;1;x;0;0;2026-01-05;wczoraj",
        "a2;no;1;;;;;",
    ]
    responses = read(asked, header, *rows)
    told = [[(error.column, error.code) for error in each.errors] for each in responses]
    assert told == [
        [],
        [("_uuid", "research.export_repeated")],
        [
            ("tools/a", "import_not_allowed"),
            ("_uuid", "import_required"),
            ("end", "import_date_format"),
        ],
        [],
    ]
    assert responses[3].answers == {"works": "no", "hours": "1"}


def test_a_problem_is_told_under_the_name_its_column_has(asked: Form) -> None:
    header = "_uuid,works,job/hours,job/tools/a,job/tools/b,job/tools/c,since"
    export = read_export(BytesIO(f"{header}\na,yes,400,0,0,0,\n".encode()), "e.csv", asked)
    (response,) = export.rows
    (problem,) = judge(asked, response.answers, on=date(2026, 2, 1)).problems
    error = export.error(problem, response.number)
    assert (error.row, error.column, error.code) == (2, "job/hours", "research.answer_constraint")
    assert error.value is None


def test_a_file_without_rows_is_refused(asked: Form) -> None:
    with pytest.raises(ImportRefused):
        read(asked, "_uuid,works,hours,tools,since")
