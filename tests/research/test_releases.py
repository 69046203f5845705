"""From answers to tables that may be read: pinned, protected, released once, refused with reasons."""

from concurrent.futures import ThreadPoolExecutor
from csv import DictReader
from threading import Event
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.research.application import releases
from services.research.domain.release import Dataset
from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.commands.responses import ReviewResponses
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.contracts.research.vocabulary.publication import TOTAL, CellStatus
from shared.contracts.research.vocabulary.releases import AnalysisKind
from shared.contracts.research.vocabulary.responses import ReviewStatus
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Progress
from tests.driving import act_by, caller
from tests.research.conftest import Research
from tests.research.releasing import Asked, people, request, response, table
from tests.research.studying import RESEARCHER
from tests.research.test_response_imports import HEADER, imported, rows, waved

TRAINER = caller(Role.TRAINER, "mops-gdansk")
STRANGER = caller(Role.RESEARCHER, "inny")


@pytest.fixture
def asked(research: Research) -> Asked:
    return Asked(research, people(200))


def pinned(asked: Asked) -> UUID:
    job = asked.pin()
    assert job.state == "done", job.failure
    return job.dataset_id


def get_table(asked: Asked, dataset: UUID, release: UUID, number: int = 1) -> views.ReleaseTable:
    found: views.ReleaseTable = asked.research.ask(
        "get_release_table",
        views.GetReleaseTable(dataset_id=dataset, release_id=release, number=number),
    )
    return found


def test_a_release_is_made_by_a_job_and_read_with_what_is_hidden_marked(asked: Asked) -> None:
    """Five persons answered that they miss the way: with the margins, two cells have to go."""
    asked.answered += [response(1000 + n, sex="w", age="30", service="way") for n in range(4)]
    dataset = pinned(asked)
    job = asked.release(request(dataset, table("sex", "service"), table("sex", measure="share")))
    assert (job.state, job.failure) == ("done", None)
    assert job.release_id is not None
    shown = get_table(asked, dataset, job.release_id)
    cells = {cell.at: cell for cell in shown.cells}
    assert cells["w", "way"].status is CellStatus.SUPPRESSED
    assert (cells["w", "way"].n, cells["w", "way"].value) == (None, None)
    assert sum(cell.status is CellStatus.SUPPRESSED for cell in shown.cells) >= 2
    assert cells[TOTAL, TOTAL].n == 204
    assert {axis.name for axis in shown.axes} == {"sex", "service"}
    share = get_table(asked, dataset, job.release_id, 2)
    assert sum(cell.value or 0 for cell in share.cells if cell.at != (TOTAL,)) == 100
    release: views.Release = asked.research.ask(
        "get_release", views.GetRelease(dataset_id=dataset, release_id=job.release_id)
    )
    assert [each.cells for each in release.tables] == [15, 3]
    (listed,) = asked.research.ask("list_datasets", views.ListDatasets()).items
    assert (listed.releases, listed.position) == (1, release.as_of)


def test_the_same_query_has_the_same_release_also_after_later_answers(asked: Asked) -> None:
    dataset = pinned(asked)
    first = asked.release(request(dataset, table("sex")))
    second = asked.release(request(dataset, table("sex")))
    assert first.release_id == second.release_id
    assert (
        len(asked.research.ask("list_releases", views.ListReleases(dataset_id=dataset)).items) == 1
    )
    assert set(asked.asked_for) == {asked.research.ask("get_dataset", ById(id=dataset)).position}


def test_an_interrupted_release_is_made_once(asked: Asked) -> None:
    dataset = pinned(asked)
    key = uuid4()
    job = asked.start("request_release", request(dataset, table("sex")), key=key)
    assert asked.start("request_release", request(dataset, table("sex")), key=key) == job
    assert asked.worked(job, times=2).state == "done"
    assert (
        len(asked.research.ask("list_releases", views.ListReleases(dataset_id=dataset)).items) == 1
    )


def test_a_query_too_near_an_earlier_one_is_refused_and_names_it(asked: Asked) -> None:
    asked.answered += [response(1000 + n, sex="w", age="30", service="way") for n in range(3)]
    dataset = pinned(asked)
    first = asked.release(request(dataset, table("sex")))
    services = ("care", "child", ":missing")
    second = asked.release(request(dataset, table("sex"), service=services))
    assert second.state == "failed"
    with pytest.raises(Rejected) as refusal:
        asked.outcome(second.id)
    assert refusal.value.code == "research.differs_too_little"
    assert refusal.value.details["releases"] == [str(first.release_id)]
    assert asked.outcome(first.id).release_id == first.release_id


def test_a_number_is_cut_in_one_way_only(asked: Asked) -> None:
    dataset = pinned(asked)
    first = asked.release(request(dataset, table("age", edges=["40"])))
    assert first.state == "done"
    second = asked.release(request(dataset, table("age", edges=["41"])))
    with pytest.raises(Rejected) as refusal:
        asked.outcome(second.id)
    assert refusal.value.code == "research.cut_differs"
    assert refusal.value.details == {
        "dimension": "age",
        "edges": ["40"],
        "releases": [str(first.release_id)],
    }


def test_two_releases_at_once_are_judged_one_after_the_other(asked: Asked) -> None:
    """The second differs by three persons from the first, whichever is saved first."""
    asked.answered += [response(1000 + n, sex="w", age="30", service="way") for n in range(3)]
    dataset = pinned(asked)
    services = ("care", "child", ":missing")
    started = [
        asked.start("request_release", wanted)
        for wanted in (
            request(dataset, table("sex")),
            request(dataset, table("sex"), service=services),
        )
    ]
    waiting = [asked.research.composition.releases.jobs.get(each) for each in started]

    def work(job: object) -> str:
        try:
            asked.handlers["release"](job, None)  # type: ignore[arg-type] # reports nothing
        except Rejected as refused:
            return refused.code
        return "made"

    with ThreadPoolExecutor(2) as threads:
        found = sorted(threads.map(work, waiting))
    assert found == ["made", "research.differs_too_little"]
    application = asked.research.composition.application
    assert len(application.load(Dataset, dataset).releases) == 1


def test_answers_that_are_gone_close_an_edition_that_was_released_from(asked: Asked) -> None:
    dataset = pinned(asked)
    asked.release(request(dataset, table("sex")))
    asked.answered.pop()
    later = asked.release(request(dataset, table("service")))
    assert later.failure == "research.edition_incomplete"
    assert asked.pin(1).failure == "research.edition_incomplete"


def test_later_editions_differ_by_nobody_or_by_many(asked: Asked) -> None:
    dataset = pinned(asked)
    asked.release(request(dataset, table("sex")))
    assert asked.pin(2).state == "done"
    assert asked.pin(2).failure == "research.edition_pinned_already"
    assert asked.pin(10**9).failure == "research.position_to_come"


def test_what_cannot_be_counted_is_refused(asked: Asked) -> None:
    dataset = pinned(asked)
    assert asked.release(request(dataset, table("name"))).failure == "research.variable_unknown"
    days = {
        "title": {"pl": "T", "en": "T"},
        "dimensions": [{"variable": "since", "span": "year"}],
    }
    assert asked.release(request(dataset, days)).failure == "research.dimension_not_fitting"
    with pytest.raises(ValidationError, match="measure"):
        request(dataset, table("sex", measure="mean"))


def test_inside_stays_inside_and_the_public_is_for_all_who_work_here(asked: Asked) -> None:
    dataset = pinned(asked)
    inside = asked.release(request(dataset, table("sex"), audience=Audience.INTERNAL))
    public = asked.release(request(dataset, table("service")))
    everything = views.ListReleases(dataset_id=dataset)

    def listed(by: Caller) -> list[UUID]:
        return [each.id for each in asked.research.ask("list_releases", everything, by).items]

    assert listed(RESEARCHER) == [inside.release_id, public.release_id]
    for by in (TRAINER, STRANGER):
        assert listed(by) == [public.release_id]
        hidden = views.GetRelease(dataset_id=dataset, release_id=inside.release_id)
        with pytest.raises(Rejected, match="not_found"):
            asked.research.ask("get_release", hidden, by)
        with pytest.raises(Rejected, match="not_found"):
            fetched(asked, hidden, by)
    with pytest.raises(Rejected, match="not_found"):
        asked.look(public.id, STRANGER)


def fetched(asked: Asked, of: views.GetRelease, by: Caller = RESEARCHER) -> views.AnalysisFile:
    asked_for = views.FetchReleaseTable(**of.model_dump(), number=1)
    act = act_by(by, "research.fetch_release_table")
    application = asked.research.composition.application
    return releases.fetch_release_table(application, asked_for, act)


def content(asked: Asked, file_id: str) -> bytes:
    return b"".join(asked.research.composition.application.files.open(file_id).chunks())


def test_a_table_is_fetched_as_csv_and_drawn_as_pictures(asked: Asked) -> None:
    asked.answered += [response(1000 + n, sex="w", age="30", service="way") for n in range(4)]
    dataset = pinned(asked)
    job = asked.release(request(dataset, table("sex", "service")))
    assert job.release_id is not None
    of = views.GetRelease(dataset_id=dataset, release_id=job.release_id)
    file = fetched(asked, of)
    rows = list(DictReader(content(asked, file.file_id).decode().splitlines()))
    (hidden,) = [each for each in rows if (each["sex"], each["service"]) == ("w", "way")]
    assert (hidden["n"], hidden["value"], hidden["status"]) == ("", "", "C")

    drawing = asked.worked(asked.start("draw_release", commands.DrawRelease(**of.model_dump())))
    assert len(drawing.files) == 4
    act = act_by(RESEARCHER, "research.fetch_analysis_file")
    wanted = views.FetchAnalysisFile(job_id=drawing.id, name="table-01-pl.svg")
    picture = asked.research.composition.releases.fetch_analysis_file(wanted, act)
    assert picture.media_type == "image/svg+xml"
    assert content(asked, picture.file_id).startswith(b"<?xml")


def test_only_approved_answers_as_they_stood_are_counted(research: Research) -> None:
    """On the real parts: imported, reviewed, read in bulk as of the pinned position."""
    wave = waved(research)
    imported(
        research, wave, HEADER + rows(*range(30)) + rows(*range(30, 42), works="yes", hours="8")
    )
    found = list(research.followed.views["responses"].find({"wave_id": str(wave[1])}))
    approving = ReviewResponses(
        wave_id=wave[1],
        responses=tuple(UUID(each["_id"]) for each in found),
        status=ReviewStatus.APPROVED,
    )
    research.do(approving, RESEARCHER)
    imported(research, wave, HEADER + rows(*range(50, 60)))

    def done(name: str, wanted: object) -> views.AnalysisJob:
        act = act_by(RESEARCHER, f"research.{name}")
        jobs = research.composition.releases.jobs
        started = getattr(research.composition.releases, name)(wanted, act)
        job = jobs.take([each.value for each in AnalysisKind], "this test")
        assert job is not None
        progress = Progress(jobs, job, "this test", Event())
        result = research.followed.jobs[job.kind](job, progress)
        jobs.update(job, "this test", state="done", result=dict(result))
        research.project()
        look = act_by(RESEARCHER, "research.get_analysis_job")
        found: views.AnalysisJob = research.composition.releases.get_analysis_job(
            ById(id=started.id), look
        )
        return found

    dataset = done("pin_dataset", commands.PinDataset(study_id=wave[0], wave_id=wave[1])).dataset_id
    made = done("request_release", request(dataset, table("works"))).release_id
    assert made is not None
    wanted = views.GetReleaseTable(dataset_id=dataset, release_id=made, number=1)
    cells = {each.at: each.n for each in research.ask("get_release_table", wanted).cells}
    assert cells == {("yes",): 12, ("no",): 30, (TOTAL,): 42}
