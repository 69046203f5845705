"""Import jobs: what those who follow one are told, also when it is interrupted."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from services.registry.application import importing
from services.registry.application.jobs import IMPORT, Imports
from services.registry.formats.columns import COLUMNS
from shared.contracts.access import Role
from shared.contracts.operations import NoRequest
from shared.contracts.registry import commands, views
from shared.messaging import wire
from shared.runtime.jobs import Interrupted, Job, Progress
from tests.driving import CASEWORKER, act_by, caller
from tests.registry.conftest import Driven
from tests.registry.test_importing import HEADER, work_on

PESELS = ("85031512344", "44051401359", "02270803624")
ROWS = [f"kadra;mops-gdansk;2026-01-02;Jan{number};Żak;{PESELS[number]}" for number in range(3)]
HOLDER = "this test"


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)


class Watched(Progress):
    """Keeps what a follower of the import sees after each report."""

    def __init__(
        self, imports: Imports, job: Job, stop_when: Callable[[views.ImportJob], bool]
    ) -> None:
        super().__init__(imports.jobs, job, HOLDER, Event())
        self._look = partial(look_at, imports, job.id)
        self._stop_when = stop_when
        self.seen: list[views.ImportJob] = []

    def report(self, **progress: Any) -> None:
        super().report(**progress)
        self.seen.append(self._look())
        if self._stop_when(self.seen[-1]):
            raise Interrupted

    @property
    def told(self) -> list[tuple[str | None, int, int, int]]:
        return [(job.stage, job.processed, job.rows, job.created) for job in self.seen]


def look_at(imports: Imports, job_id: UUID) -> views.ImportJob:
    return imports.get_import(views.ById(id=job_id), act_by(CASEWORKER, "registry.get_import"))


def started(registry: Driven, *rows: str, **options: Any) -> None:
    start(registry, "\n".join((HEADER, *rows)).encode(), "osoby.csv", **options)


def start(registry: Driven, content: bytes, filename: str, **options: Any) -> None:
    imports = registry.composition.imports
    with imports.files.store.create(name=filename, content_type="text/csv") as writer:
        writer.write(content)
        file_id = writer.finish()
    request = commands.StartImport(
        **{"partner": "mops-gdansk", "dry_run": False, "mode": "all_or_nothing", **options},
        file_id=file_id,
        filename=filename,
    )
    imports.start_import(request, act_by(CASEWORKER, "registry.start_import"))


def attempt(
    registry: Driven, stop_when: Callable[[views.ImportJob], bool] = lambda _: False
) -> tuple[Watched, views.ImportJob]:
    """Do the job that waits, or was interrupted; what was told, and how it ended."""
    imports = registry.composition.imports
    job = imports.jobs.take([IMPORT], HOLDER)
    assert job is not None
    watched = Watched(imports, job, stop_when)
    try:
        result = registry.followed.jobs[IMPORT](job, watched)
        imports.jobs.update(job, HOLDER, state="done", result=dict(result))
    except Interrupted:
        pass
    return watched, look_at(imports, job.id)


def test_the_template_can_be_filled_in_and_imported(registry: Driven) -> None:
    imports = registry.composition.imports
    template = imports.get_import_template(
        NoRequest(), act_by(CASEWORKER, "registry.get_import_template")
    )
    assert len(template.model_dump_json()) < wire.ITEMS_LIMIT
    book = load_workbook(BytesIO(template.content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.pl for column in COLUMNS]
    sheet.append([column.example if column.path != ("partner",) else None for column in COLUMNS])
    filled = BytesIO()
    book.save(filled)
    start(registry, filled.getvalue(), "uczestnicy.xlsx")
    _, ended = attempt(registry)
    assert (ended.errors, ended.created) == ((), 1)


def test_each_stage_tells_its_own_progress(registry: Driven) -> None:
    started(registry, *ROWS)
    watched, ended = attempt(registry)
    assert watched.told == [
        *(("checking", rows, rows, 0) for rows in range(4)),
        *(("recording", rows, 3, rows) for rows in range(4)),
    ]
    assert (ended.stage, ended.processed, ended.created) == ("recording", 3, 3)


def test_a_dry_run_only_checks_and_good_rows_are_only_recorded(registry: Driven) -> None:
    started(registry, *ROWS, dry_run=True)
    watched, ended = attempt(registry)
    assert {job.stage for job in watched.seen} == {"checking"}
    assert (ended.stage, ended.created) == ("checking", 3)
    started(registry, *ROWS, mode="good_rows")
    watched, ended = attempt(registry)
    assert {job.stage for job in watched.seen} == {"recording"}
    assert (ended.stage, ended.created) == ("recording", 3)


def test_an_interrupted_import_goes_on_recording_whatever_others_did_meanwhile(
    registry: Driven,
) -> None:
    started(registry, *ROWS)
    attempt(registry, lambda job: job.created == 2)
    sopot = caller(Role.CASEWORKER, partner="mops-sopot")
    elsewhere = ROWS[2].replace("gdansk", "sopot")
    work_on(registry, elsewhere, by=sopot).perform()
    watched, ended = attempt(registry)
    assert [(job.stage, job.processed) for job in watched.seen] == [
        *(("recording", 2) for _ in range(3)),
        ("recording", 3),
    ]
    assert (ended.failure, ended.created, ended.rejected) == (None, 2, 1)
    (error,) = ended.errors
    assert error.code == "registry.registered_elsewhere"


def test_a_file_that_breaks_off_tells_what_was_recorded_before(registry: Driven) -> None:
    started(registry, *ROWS, 'kadra;"', mode="good_rows")
    _, ended = attempt(registry)
    assert (ended.failure, ended.created) == ("import_malformed", 3)


def test_a_header_without_rows_is_told_in_words(registry: Driven) -> None:
    for options in ({"dry_run": True}, {"mode": "good_rows"}, {}):
        started(registry, **options)
        _, ended = attempt(registry)
        assert (ended.failure, ended.rows) == ("import_header_only", 0)
        (error,) = ended.errors
        assert "nagłówek" in error.message_pl
        assert "header" in error.message_en
