"""Answers given out one by one: to the researcher who said why, coarsened, told apart from nobody."""

import json
from collections import Counter
from csv import DictReader
from hashlib import sha256
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from services.research.domain.release import Dataset
from shared.contracts.access import Role
from shared.contracts.operations import Caller
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.operations.releases import EXPORT_RESPONSES
from shared.contracts.research.views import releases as views
from shared.eventstore.reads import Access
from shared.kernel.errors import Rejected
from tests.driving import act_by, caller
from tests.research.conftest import Research
from tests.research.releasing import Asked, people, request, response, table
from tests.research.studying import PARTNER, RESEARCHER

COORDINATOR = caller(Role.COORDINATOR, PARTNER)
PURPOSE = "needs-report"
COLUMNS = ("sex", "age", "service", "health")


@pytest.fixture
def asked(research: Research) -> Asked:
    """120 people, and four who stand out by what they miss."""
    found = Asked(research, people(120))
    found.answered += [response(1000 + n, sex="w", age="30", service="way") for n in range(4)]
    return found


def column(variable: str, *, key: bool = True) -> dict[str, Any]:
    edges = ("30", "45", "60") if variable == "age" else ()
    return {"dimension": {"variable": variable, "edges": edges}, "key": key}


def wanted(
    dataset: UUID, *columns: dict[str, Any], **filters: tuple[str, ...]
) -> commands.ExportResponses:
    return commands.ExportResponses.model_validate(
        {
            "dataset_id": dataset,
            "purpose": PURPOSE,
            "columns": columns or tuple(map(column, COLUMNS)),
            "filters": [
                {"dimension": {"variable": name}, "any_of": chosen}
                for name, chosen in filters.items()
            ],
        }
    )


def pinned(asked: Asked) -> UUID:
    return asked.pin().dataset_id


def exported(asked: Asked, request: commands.ExportResponses) -> views.AnalysisJob:
    return asked.worked(asked.start("export_responses", request))


def fetched(asked: Asked, job: UUID, name: str = "responses.csv", by: Caller = RESEARCHER) -> bytes:
    act = act_by(by, "research.fetch_analysis_file")
    asked_for = views.FetchAnalysisFile(job_id=job, name=name)
    file = asked.research.composition.releases.fetch_analysis_file(asked_for, act)
    application = asked.research.composition.application
    return b"".join(application.files.open(file.file_id).chunks())


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(DictReader(content.decode().splitlines()))


def test_an_export_is_coarse_and_says_what_it_is(asked: Asked) -> None:
    dataset = pinned(asked)
    job = exported(asked, wanted(dataset))
    assert sorted(job.files) == ["codebook.xml", "manifest.json", "responses.csv"]
    content = fetched(asked, job.id)
    rows = rows_of(content)
    assert len(rows) == 124
    assert len({row["id"] for row in rows}) == 124
    combined = Counter((row["sex"], row["age"], row["service"]) for row in rows)
    assert min(combined.values()) >= 5
    assert "way" not in {row["service"] for row in rows}, "four of them would stand out"
    ids = {str(each.response_id) for each in asked.answered}
    assert not any(each in content.decode() for each in (*ids, "Kowalski"))

    manifest = json.loads(fetched(asked, job.id, "manifest.json"))
    codebook = fetched(asked, job.id, "codebook.xml")
    application = asked.research.composition.application
    (made,) = application.load(Dataset, dataset).exports.values()
    assert manifest["purpose"] == made.purpose == PURPOSE
    assert manifest["as_of"] == made.position
    assert manifest["rows"] == 124
    digests = {each["name"]: each["digest"] for each in manifest["files"]}
    assert digests == {
        "responses.csv": sha256(content).hexdigest(),
        "codebook.xml": sha256(codebook).hexdigest(),
    }
    root = ET.fromstring(codebook)  # noqa: S314 - our own
    names = {each.get("name") for each in root.iter("{ddi:codebook:2_5}var")}
    assert names == {"id", *COLUMNS}


def test_the_same_job_again_writes_the_same_and_records_it_once(asked: Asked) -> None:
    dataset = pinned(asked)
    started = asked.start("export_responses", wanted(dataset))
    jobs = asked.research.composition.releases.jobs
    job = jobs.take(["responses_export"], "this test")
    assert job is not None
    handler = asked.handlers["responses_export"]
    application = asked.research.composition.application
    contents = []
    for _ in range(2):
        file = handler(job, None)["files"]["responses.csv"]  # type: ignore[arg-type]
        contents.append(b"".join(application.files.open(file["file_id"]).chunks()))
    assert contents[0] == contents[1]
    assert len(application.load(Dataset, dataset).exports) == 1
    assert job.id == started


def test_only_who_asked_for_it_gets_it_and_each_time_is_recorded(asked: Asked) -> None:
    assert EXPORT_RESPONSES.roles == {Role.RESEARCHER}
    job = exported(asked, wanted(pinned(asked)))
    for by in (COORDINATOR, caller(Role.RESEARCHER, PARTNER, "another")):
        with pytest.raises(Rejected, match="not_found"):
            fetched(asked, job.id, by=by)
    fetched(asked, job.id)
    history = asked.research.followed.history.read(0, 500)
    reads = [each.event for each in history if isinstance(each.event, Access.PersonalDataRead)]
    assert [(each.purpose, each.actor) for each in reads] == [(PURPOSE, RESEARCHER.subject)]


def test_two_exports_do_not_tell_the_few_between_them(asked: Asked) -> None:
    dataset = pinned(asked)
    first = exported(asked, wanted(dataset, column("sex")))
    others = ("care", "child", ":missing")
    second = exported(asked, wanted(dataset, column("sex"), service=others))
    assert second.failure == "research.differs_too_little"
    assert exported(asked, wanted(dataset, column("sex"), service=("care",))).failure is None
    assert first.failure is None


def test_a_number_is_cut_as_in_the_tables_that_were_released(asked: Asked) -> None:
    dataset = pinned(asked)
    assert asked.release(request(dataset, table("age", edges=["40"]))).failure is None
    assert exported(asked, wanted(dataset, column("age"))).failure == "research.cut_differs"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([column("age", key=False)], "research.column_is_key"),
        ([column("sex", key=False)], "research.column_is_key"),
        ([column("name")], "research.variable_unknown"),
        ([{"dimension": {"variable": "age"}}], "research.dimension_not_fitting"),
        (
            [{"dimension": {"variable": "since", "span": "month"}}],
            "research.dimension_not_fitting",
        ),
    ],
)
def test_what_singles_out_is_refused(
    asked: Asked, columns: list[dict[str, Any]], code: str
) -> None:
    assert exported(asked, wanted(pinned(asked), *columns)).failure == code


def test_what_was_withdrawn_closes_the_edition(asked: Asked) -> None:
    dataset = pinned(asked)
    asked.answered.pop()
    assert exported(asked, wanted(dataset)).failure == "research.edition_incomplete"
