"""A diagnosis: composed of what was released, approved by another person, published whole."""

import json
from hashlib import sha256
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.research.application.diagnoses import PUBLISH
from shared.contracts.access import Role
from shared.contracts.operations import FeedRequest
from shared.contracts.research.commands import diagnoses as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import diagnoses as views
from shared.contracts.research.vocabulary.diagnoses import DiagnosisState
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Progress
from tests.driving import COORDINATOR, act_by, caller
from tests.research.conftest import NOW, Research
from tests.research.releasing import Asked, people, request, table
from tests.research.studying import RESEARCHER, REVIEWER
from tests.research.test_communes import FACTS, imported, rows

TODAY = NOW.date()
READER = caller(Role.PARTICIPANT)
"""Somebody who may read what anybody may."""
IMPRINT: dict[str, Any] = {
    "licence": "CC-BY-4.0",
    "publisher": {
        "name": {"pl": "Partnerstwo", "en": "Partnership"},
        "homepage": "https://example.org/",
        "contact_name": "Biuro",
        "contact_email": "biuro@example.org",
    },
    "keywords_pl": ["potrzeby"],
    "keywords_en": ["needs"],
    "first_day": "2026-02-09",
    "last_day": "2026-03-01",
    "method_pl": "Ankieta.",
    "method_en": "A survey.",
    "project": "D0456",
    "funding": {"pl": "EFS", "en": "ESF"},
    "communes": {"2611011": "Ostrowiec Świętokrzyski"},
    "address": "https://example.org/public/diagnoses/1",
}


class Diagnosing:
    def __init__(self, research: Research) -> None:
        self.research = research
        self.asked = Asked(research, people(200))
        imported(research, *rows(FACTS))
        dataset = self.asked.pin().dataset_id
        public = self.asked.release(request(dataset, table("sex", "service", measure="share")))
        inside = self.asked.release(
            request(dataset, table("sex", "service"), audience=Audience.INTERNAL)
        )
        assert public.release_id is not None
        assert inside.release_id is not None
        self.public, self.inside = public.release_id, inside.release_id

    def compose(self, version: int = 1, **facts: Any) -> UUID:
        command = commands.ComposeDiagnosis.model_validate(
            {
                "code": "DIAG/2026/1",
                "report_version": version,
                "study_id": self.asked.study,
                "title": {"pl": "Potrzeby powiatu", "en": "Needs of the county"},
                "summary_pl": "Brakuje opieki.",
                "summary_en": "Care is missed.",
                "territory": tuple(FACTS),
                "year": 2025,
                "releases": (self.public,),
                "composed_on": TODAY,
            }
            | facts
        )
        return self.research.do(command, RESEARCHER).id

    def approve(self, diagnosis: UUID) -> None:
        command = commands.ApproveDiagnosis(diagnosis_id=diagnosis, approved_on=TODAY)
        self.research.do(command, REVIEWER)

    def publish(self, diagnosis: UUID, times: int = 1) -> views.DiagnosisPublication:
        publishing = self.research.composition.publishing
        wanted = commands.PublishDiagnosis.model_validate(
            {"diagnosis_id": diagnosis, "imprint": IMPRINT}
        )
        act = act_by(COORDINATOR, "research.publish_diagnosis", key=uuid4())
        started = publishing.publish_diagnosis(wanted, act)
        job = publishing.jobs.take([PUBLISH], "this test")
        assert job is not None
        progress = Progress(publishing.jobs, job, "this test", Event())
        for _ in range(times):
            result = self.research.followed.jobs[PUBLISH](job, progress)
            publishing.jobs.update(job, "this test", result=dict(result))
        publishing.jobs.update(job, "this test", state="done")
        self.research.project()
        look = act_by(COORDINATOR, "research.get_diagnosis_publication")
        return publishing.get_diagnosis_publication(ById(id=started.id), look)

    def shown(self, diagnosis: UUID) -> views.PublishedDiagnosis:
        found: views.PublishedDiagnosis = self.research.ask(
            "get_published_diagnosis", ById(id=diagnosis), READER
        )
        return found

    def content(self, diagnosis: UUID, name: str) -> bytes:
        wanted = views.FetchPublishedFile(diagnosis_id=diagnosis, name=name)
        file = self.research.ask("fetch_published_file", wanted, READER)
        store = self.research.composition.application.files
        return b"".join(store.open(file.file_id).chunks())


@pytest.fixture
def diagnosing(research: Research) -> Diagnosing:
    return Diagnosing(research)


def test_it_goes_from_hand_to_hand_and_is_published_whole(diagnosing: Diagnosing) -> None:
    diagnosis = diagnosing.compose()
    with pytest.raises(Rejected, match="not_found"):
        diagnosing.shown(diagnosis)
    own = commands.ApproveDiagnosis(diagnosis_id=diagnosis, approved_on=TODAY)
    with pytest.raises(Rejected, match="four_eyes"):
        diagnosing.research.do(own, RESEARCHER)
    with pytest.raises(Rejected, match=r"research\.diagnosis_state"):
        diagnosing.publish(diagnosis)
    diagnosing.approve(diagnosis)
    assert diagnosing.publish(diagnosis, times=2).state == "done"

    shown = diagnosing.shown(diagnosis)
    assert (shown.state, shown.published_on) == (DiagnosisState.PUBLISHED, TODAY)
    names = {each.name for each in shown.files}
    assert names == {
        *("report-pl.pdf", "report-en.pdf", "table-01.csv", "codebook.xml"),
        *(f"plot-01-{language}.{form}" for language in ("pl", "en") for form in ("svg", "png")),
        *("manifest.json", "catalogue.jsonld"),
    }
    for each in shown.files:
        content = diagnosing.content(diagnosis, each.name)
        assert (sha256(content).hexdigest(), len(content)) == (each.digest, each.size)
    catalogue = json.loads(diagnosing.content(diagnosis, "catalogue.jsonld"))
    assert catalogue["@type"] == "dcat:Dataset"
    assert len(catalogue["dcat:distribution"]) == len(names) - 1
    needs = diagnosing.research.ask(
        "get_published_needs", views.GetNeeds(diagnosis_id=diagnosis), READER
    )
    assert {each.teryt for each in needs.communes} == set(FACTS)
    page = diagnosing.research.composition.publication.page(FeedRequest(after=0))
    (told,) = [each for each in page.envelopes if each.type == "research.diagnosis_published.v1"]
    assert told.data["diagnosis_id"] == str(diagnosis)
    assert {each["teryt"] for each in told.data["indices"]} == set(FACTS)


def test_a_later_version_supersedes_it_and_both_stay_readable(diagnosing: Diagnosing) -> None:
    first, second = diagnosing.compose(), diagnosing.compose(2)
    for each in (first, second):
        diagnosing.approve(each)
        diagnosing.publish(each)
    assert diagnosing.shown(first).superseded_by == second
    listed = diagnosing.research.ask(
        "list_published_diagnoses", views.ListPublishedDiagnoses(), READER
    )
    assert {each.id: each.state for each in listed.items} == {
        first: DiagnosisState.SUPERSEDED,
        second: DiagnosisState.PUBLISHED,
    }
    assert diagnosing.content(first, "report-pl.pdf").startswith(b"%PDF")


def test_only_what_was_released_for_the_public_gets_into_it(diagnosing: Diagnosing) -> None:
    for wrong in (diagnosing.inside, uuid4()):
        with pytest.raises(Rejected) as refusal:
            diagnosing.compose(releases=(wrong,))
        assert refusal.value.code == "research.release_not_public"
        assert refusal.value.pointer == "/releases/0"
    with pytest.raises(Rejected) as missing:
        diagnosing.compose(territory=(*FACTS, "2611043"))
    assert missing.value.details == {"communes": ["2611043"]}
    diagnosing.compose()
    with pytest.raises(Rejected, match=r"research\.report_version_taken"):
        diagnosing.compose()
