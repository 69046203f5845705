"""Imports of exports on real parts: rehearsed, whole or in part, once, and gone on with after a kill."""

import threading
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest

from services.research.application import importing
from services.research.application.importing import RESPONSE_IMPORT
from services.research.queries.answers import Answers
from shared.contracts.research.commands.responses import EditResponse, ImportResponses
from shared.contracts.research.views import ById
from shared.contracts.research.views import responses as views
from shared.contracts.research.vocabulary.studies import WaveMode
from shared.kernel.errors import Rejected
from shared.runtime.imports import ImportFiles
from shared.runtime.jobs import Interrupted, JobRunner, Jobs
from tests.driving import act_by
from tests.research.answering import CANARY, pinned
from tests.research.conftest import Research
from tests.research.studying import RESEARCHER, open_wave, opened
from tests.research.test_invitations import everything

HEADER = "_uuid,_submission_time,works,hours,wishes/wanted,wishes/remarks,wishes/distance\n"
FILLED = date(2026, 2, 20)


def rows(*numbers: int, works: str = "no", hours: str = "") -> str:
    return "".join(
        f"r{number},{FILLED}T10:00:00,{works},{hours},a b,{CANARY},1.5\n" for number in numbers
    )


def waved(research: Research) -> tuple[UUID, UUID]:
    study = opened(research)
    instrument = pinned(research)
    return study, open_wave(research, study, instrument=instrument, mode=WaveMode.ANONYMOUS)


def ordered(research: Research, wave: tuple[UUID, UUID], text: str, **asked: object) -> UUID:
    files = ImportFiles(research.composition.application.files)
    request = ImportResponses.model_validate(
        {
            "study_id": wave[0],
            "wave_id": wave[1],
            "file_id": files.keep(BytesIO(text.encode()), "odpowiedzi.csv", "text/csv"),
            "filename": "odpowiedzi.csv",
            "dry_run": False,
        }
        | asked
    )
    act = act_by(RESEARCHER, "research.import_responses")
    return research.composition.response_imports.import_responses(request, act).id


def standing(research: Research, job: UUID) -> views.ResponseImport:
    act = act_by(RESEARCHER, "research.get_response_import")
    return research.composition.response_imports.get_response_import(ById(id=job), act)


def done(research: Research, job: UUID) -> views.ResponseImport:
    stop = threading.Event()
    runner = JobRunner(
        Jobs(research.followed.views), {RESPONSE_IMPORT: research.followed.jobs[RESPONSE_IMPORT]}
    )
    thread = threading.Thread(target=runner.run, args=(stop, threading.Event()))
    thread.start()
    pause = threading.Event()
    for _ in range(400):
        if standing(research, job).state in ("done", "failed"):
            break
        pause.wait(0.05)
    stop.set()
    thread.join(10)
    research.project()
    return standing(research, job)


def imported(
    research: Research, wave: tuple[UUID, UUID], text: str, **asked: object
) -> views.ResponseImport:
    return done(research, ordered(research, wave, text, **asked))


def given(research: Research, wave: tuple[UUID, UUID]) -> list[dict[str, str]]:
    answers = Answers(research.followed.views, research.composition.application.vault)
    return [dict(each.answers) for each in answers.of_wave(wave[1], research.position)]


def test_an_import_is_rehearsed_then_done_then_done_no_second_time(research: Research) -> None:
    wave = waved(research)
    text = HEADER + rows(1, 2, 3)
    rehearsed = imported(research, wave, text, dry_run=True)
    assert (rehearsed.recorded, rehearsed.rejected, given(research, wave)) == (3, 0, [])
    first = imported(research, wave, text)
    assert (first.state, first.recorded, first.unchanged) == ("done", 3, 0)
    expected = {
        "works": "no",
        "full": "part",
        "wanted": "a b",
        "remarks": CANARY,
        "distance": "1.5",
    }
    assert given(research, wave) == [expected] * 3
    found = list(research.followed.views["responses"].find({"wave_id": str(wave[1])}))
    assert {(each["submitted_on"], each["origin"]) for each in found} == {("2026-02-20", "import")}
    again = imported(research, wave, text + rows(4))
    assert (again.recorded, again.unchanged) == (1, 3)
    assert CANARY not in everything(research)
    stored = everything(research)
    assert '"r1"' not in stored


def test_what_is_wrong_is_told_by_row_and_column(research: Research) -> None:
    wave = waved(research)
    text = HEADER + rows(1) + rows(2, hours="5") + rows(3, works="maybe") + rows(1)
    whole = imported(research, wave, text)
    assert (whole.failure, whole.recorded, given(research, wave)) == (
        "import_rows_rejected",
        0,
        [],
    )
    assert [(each.row, each.column, each.code) for each in whole.errors] == [
        (3, "hours", "research.answer_hidden"),
        (4, "works", "research.answer_choice"),
        (5, "_uuid", "research.export_repeated"),
    ]
    assert CANARY not in str(whole.errors)
    part = imported(research, wave, text, mode="good_rows")
    assert (part.failure, part.recorded, part.rejected) == (None, 1, 3)


def test_another_instruments_columns_are_refused(research: Research) -> None:
    wave = waved(research)
    refused = imported(research, wave, "_uuid,works,income\nr1,no,7\n")
    assert refused.failure is not None
    assert {each.column for each in refused.errors} >= {"income", "hours"}
    assert given(research, wave) == []


def test_changed_answers_and_edits_are_never_overwritten(research: Research) -> None:
    wave = waved(research)
    imported(research, wave, HEADER + rows(1))
    differs = imported(research, wave, HEADER + rows(1, works="yes", hours="9"), mode="good_rows")
    assert [(each.row, each.column, each.code) for each in differs.errors] == [
        (2, "_uuid", "research.import_differs")
    ]
    found = research.followed.views["responses"].find_one({"wave_id": str(wave[1])})
    assert found is not None
    edit = EditResponse(response_id=found["_id"], answers={"works": "no"}, reason="Pomyłka")
    research.do(edit, RESEARCHER)
    assert imported(research, wave, HEADER + rows(1)).unchanged == 1
    assert given(research, wave) == [{"works": "no", "full": "part"}]


def test_an_interrupted_import_is_gone_on_with(
    research: Research, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    wave = waved(research)
    job_id = ordered(research, wave, HEADER + rows(*range(45)))
    job = Jobs(research.followed.views).get(job_id)
    assert job is not None

    class Stopping:
        reports = 0

        def report(self, **_: object) -> None:
            self.reports += 1
            if self.reports == 9:  # entered, checked in five batches, entered, recorded two
                raise Interrupted

    with pytest.raises(Interrupted):
        research.followed.jobs[RESPONSE_IMPORT](job, Stopping())  # type: ignore[arg-type]
    research.project()
    assert 0 < len(given(research, wave)) < 45
    ended = done(research, job_id)
    assert (ended.recorded, ended.unchanged, len(given(research, wave))) == (45, 0, 45)


def test_a_wave_that_was_never_open_takes_no_import(research: Research) -> None:
    study, _ = waved(research)
    with pytest.raises(Rejected) as unknown:
        ordered(research, (study, study), HEADER + rows(1))
    assert unknown.value.code == "research.wave_unknown"
