"""The file of marks: exported, filled in, imported; judged alike by a dry run and a real one."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.training.application.importing import IMPORT
from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.training import commands, views
from shared.contracts.training.vocabulary import AbsenceReason
from shared.contracts.vocabulary import PersonName
from shared.kernel.errors import Rejected
from tests.driving import COORDINATOR, act_by, caller
from tests.training.attending import attended, course, published, settling, trainer
from tests.training.conftest import Driven
from tests.training.domain.courses import person, session
from tests.training.jobs import fetched, start, stored, work

ANNA, BOLEK, CELINA = map(person, range(3))
HEADER = "Zajęcia;Dzień;Uczestnik;Minuty;Powód nieobecności;Uwagi"


def line(number: int, who: UUID, minutes: object, reason: str = "", note: str = "") -> str:
    meeting = session(number)
    return f"{meeting.id};{meeting.day};{who};{minutes};{reason};{note}"


def whole() -> list[str]:
    """Three sessions of two people; one was absent once, one left early."""
    rows = [line(number, who, 90) for number in range(3) for who in (ANNA, BOLEK)]
    rows[1] = line(0, BOLEK, 0, "choroba", "zażółć gęślą jaźń")
    rows[2] = line(1, ANNA, 45, "URZĄD")
    return rows


def imported(
    training: Driven,
    content: bytes | list[str],
    by: Caller = COORDINATOR,
    filename: str = "obecnosc.csv",
    **options: Any,
) -> views.AttendanceImportJob:
    job = ordered(training, content, by, filename, **options)
    work(training, IMPORT)
    return looked_at(training, job, by)


def ordered(
    training: Driven,
    content: bytes | list[str],
    by: Caller = COORDINATOR,
    filename: str = "obecnosc.csv",
    **options: Any,
) -> UUID:
    text = content if isinstance(content, bytes) else "\n".join([HEADER, *content]).encode()
    request = commands.ImportAttendance(
        **{"dry_run": False, **options},
        file_id=stored(training, text, filename),
        filename=filename,
    )
    found: UUID = start(training.composition.imports.import_attendance, request, by)
    return found


def looked_at(training: Driven, job: UUID, by: Caller = COORDINATOR) -> views.AttendanceImportJob:
    return training.composition.imports.get_attendance_import(
        views.ById(id=job), act_by(by, "training.get_attendance_import")
    )


def counts(job: views.AttendanceImportJob) -> tuple[int, int, int]:
    return job.recorded, job.unchanged, job.rejected


def marks(training: Driven, number: int) -> dict[UUID, tuple[Any, Any, Any]]:
    sheet = training.ask("get_session", views.ById(id=session(number).id))
    return {each.participant_id: (each.minutes, each.absence, each.note) for each in sheet.marks}


@pytest.fixture
def edition(training: Driven) -> UUID:
    return course(training, [ANNA, BOLEK])


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("cp1250", ";"), ("cp1250", "\t")],
)
def test_one_file_marks_many_sessions_however_it_was_saved(
    training: Driven, edition: UUID, encoding: str, separator: str
) -> None:
    text = "\r\n".join([HEADER, *whole()]).replace(";", separator)
    job = imported(training, text.encode(encoding))
    assert (job.state, job.failure, counts(job)) == ("done", None, (6, 0, 0))
    assert marks(training, 0) == {
        ANNA: (90, None, None),
        BOLEK: (0, AbsenceReason.ILLNESS, "zażółć gęślą jaźń"),
    }
    assert marks(training, 1)[ANNA] == (45, AbsenceReason.OFFICE, None)


def test_the_same_file_again_changes_nothing_also_after_settling(
    training: Driven, edition: UUID
) -> None:
    imported(training, whole())
    training.do(settling(0), by=trainer())
    head = training.followed.history.head()
    job = imported(training, whole())
    assert counts(job) == (0, 6, 0)
    assert training.followed.history.head() == head


def test_a_dry_run_tells_the_same_and_records_nothing(training: Driven, edition: UUID) -> None:
    rows = [*whole(), line(2, CELINA, 90)]
    dry = imported(training, rows, dry_run=True, mode="good_rows")
    assert marks(training, 2)[ANNA][0] is None
    real = imported(training, rows, mode="good_rows")
    assert counts(dry) == counts(real) == (6, 0, 1)
    assert dry.errors == real.errors
    assert marks(training, 2)[ANNA][0] == 90


def test_all_or_nothing_records_nothing_while_a_row_is_wrong(
    training: Driven, edition: UUID
) -> None:
    job = imported(training, [*whole(), line(2, CELINA, 90)])
    assert (job.failure, job.recorded, job.rejected) == ("import_rows_rejected", 0, 1)
    assert marks(training, 0)[ANNA][0] is None


def test_every_wrong_row_is_named_with_column_code_and_value(
    training: Driven, edition: UUID
) -> None:
    unknown = uuid4()
    rows = [
        line(0, ANNA, 91),
        line(0, BOLEK, 0),
        line(1, CELINA, 90),
        line(1, ANNA, "ninety"),
        line(1, BOLEK, 10, "leń"),
        f"{unknown};;{ANNA};90;;",
        f"{session(2).id};2026-01-01;{ANNA};90;;",
        line(2, BOLEK, 90),
        line(2, BOLEK, 90),
        f"someone;;{ANNA};90;;",
        f";;{ANNA};90;;",
    ]
    job = imported(training, rows, mode="good_rows")
    assert [(each.row, each.column, each.code, each.value) for each in job.errors] == [
        (2, "Minuty", "training.minutes_over_session", "91"),
        (3, "Powód nieobecności", "training.absence_reason_missing", None),
        (4, "Uczestnik", "training.not_enrolled_on_day", str(CELINA)),
        (5, "Minuty", "import_format", "ninety"),
        (6, "Powód nieobecności", "import_not_allowed", "leń"),
        (7, "Zajęcia", "import_session_unknown", str(unknown)),
        (8, "Dzień", "import_other_day", "2026-01-01"),
        (10, "Uczestnik", "import_repeated", str(BOLEK)),
        (11, "Zajęcia", "import_format", "someone"),
        (12, "Zajęcia", "import_required", None),
    ]
    first = job.errors[0]
    assert first.message_pl == "Zajęcia trwały bez przerw 90 min, a wpisano 91."
    assert "90 minutes" in first.message_en
    assert counts(job) == (1, 0, 10)


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", "import_empty"),
        (HEADER.encode(), "import_header_only"),
        (b"Uczestnik;Minuty\n1;2", "import_missing_column"),
        (f"{HEADER};Pensja\n1;2;3;4;5;6;7".encode(), "import_unknown_column"),
        (b"\xff\xfe\x00\x01", "import_encoding"),
        (f'{HEADER}\n"never closed'.encode(), "import_malformed"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    training: Driven, edition: UUID, content: bytes, failure: str
) -> None:
    job = imported(training, content)
    assert (job.state, job.failure, counts(job)) == ("done", failure, (0, 0, 0))
    assert job.errors[0].code == failure
    assert job.errors[0].message_pl


def test_an_interrupted_import_goes_on_and_records_nothing_twice(
    training: Driven, edition: UUID
) -> None:
    job = ordered(training, whole(), mode="good_rows")
    work(training, IMPORT, stop_after=3)
    work(training, IMPORT)
    assert counts(looked_at(training, job)) == (6, 0, 0)
    marked = [
        each.event
        for each in training.followed.history.read(0, 10_000)
        if type(each.event).__name__ == "Marked"
    ]
    assert len(marked) == 6


def test_what_is_exported_can_be_imported_as_it_is(training: Driven, edition: UUID) -> None:
    attended(training, {ANNA: 90, BOLEK: 0})
    names = {ANNA: PersonName(given_name="Łucja", family_name="=Żak")}
    document = training.ask(
        "export_attendance", commands.ExportAttendance(edition_id=edition, names=names)
    )
    content = fetched(training, document.file_id)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 6
    anna = next(row for row in rows if row["Uczestnik"] == str(ANNA))
    assert (anna["Nazwisko i imię"], anna["Minuty"]) == (" =Żak Łucja", "90")
    bolek = next(row for row in rows if row["Uczestnik"] == str(BOLEK))
    assert (bolek["Powód nieobecności"], bolek["Uwagi"]) == ("choroba", "A cold")
    head = training.followed.history.head()
    job = imported(training, content)
    assert (counts(job), job.errors) == ((0, 6, 0), ())
    assert training.followed.history.head() == head


def test_a_trainer_does_not_see_reasons_and_does_not_erase_them(
    training: Driven, edition: UUID
) -> None:
    imported(training, whole())
    sessions = tuple(session(number).id for number in range(3))
    document = training.ask(
        "export_attendance", commands.ExportAttendance(session_ids=sessions), trainer()
    )
    content = fetched(training, document.file_id)
    assert "choroba" not in content.decode("utf-8-sig")
    assert counts(imported(training, content, by=trainer())) == (0, 6, 0)
    assert marks(training, 0)[BOLEK][1] is AbsenceReason.ILLNESS


def test_trainers_reach_their_own_sessions_and_their_own_imports(
    training: Driven, edition: UUID
) -> None:
    foreign = imported(training, [line(0, ANNA, 90)], by=trainer(7))
    assert [each.code for each in foreign.errors] == ["import_session_unknown"]
    with pytest.raises(Rejected, match="not_found"):
        looked_at(training, foreign.id, by=trainer())
    with pytest.raises(Rejected, match="not_found"):
        training.ask("export_attendance", commands.ExportAttendance(edition_id=edition), trainer(7))
    stranger = caller(Role.CASEWORKER, partner="stow-inne")
    with pytest.raises(Rejected, match="not_found"):
        training.ask("export_attendance", commands.ExportAttendance(edition_id=edition), stranger)


def test_whatever_the_order_of_rows_support_starts_with_the_earliest_session(
    training: Driven, edition: UUID
) -> None:
    job = imported(training, whole()[::-1])
    assert counts(job) == (6, 0, 0)
    started = published(training, "training.support_started.v1")
    assert sorted((each["subject"], each["started_on"]) for each in started) == sorted(
        [
            (str(ANNA), session(0).day.isoformat()),
            (str(BOLEK), session(1).day.isoformat()),
        ]
    )
    assert published(training, "training.support_start_moved.v1") == []
