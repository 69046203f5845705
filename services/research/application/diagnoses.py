"""Commands on diagnoses; publishing one is a job (`diagnosing`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.research.application import Research
from services.research.application.communes import needs_of
from services.research.application.studies import study_within
from services.research.domain.diagnosis import Diagnosis
from services.research.domain.ids import id_of
from services.research.domain.release import Dataset
from services.research.domain.study import Study
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import diagnoses as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import diagnoses as views
from shared.contracts.research.vocabulary.diagnoses import Contents
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Jobs

PUBLISH: Final = "diagnosis_publication"
MOST_TABLES: Final = 40
"""So many can still be listed with their files in one message."""


def compose_diagnosis(research: Research, command: commands.ComposeDiagnosis, act: Act) -> Receipt:
    """Raises `research.release_not_public`, `research.facts_missing`, `research.too_many_tables`."""
    study = study_within(research, command.study_id, act)
    known = {made.release_id: made for made in releases_of(research, study)}
    for number, each in enumerate(command.releases):
        if each not in known or known[each].query.audience is not Audience.PUBLIC:
            facts = {"release_id": str(each)}
            raise Rejected("research.release_not_public", facts, f"/releases/{number}")
    tables = sum(len(known[each].tables) for each in command.releases)
    if tables > MOST_TABLES:
        raise Rejected("research.too_many_tables", {"most": MOST_TABLES, "tables": tables})
    need = needs_of(research, command.territory, command.year, research.today())
    if missing := sorted(set(command.territory) - {each.teryt for each in need.communes}):
        raise Rejected("research.facts_missing", {"communes": missing[:50]}, "/territory")
    name = f"{command.code}/{command.report_version}"
    diagnosis_id = id_of("diagnosis", name)
    diagnosis = research.find(Diagnosis, diagnosis_id) or Diagnosis(diagnosis_id)
    contents = Contents(
        **command.model_dump(exclude={"year", "composed_on", "title"}),
        title=command.title,
        as_of=max((known[each].position for each in command.releases), default=0),
        need=need,
    )
    diagnosis.compose(
        contents, on=command.composed_on, today=research.today(), by=act.caller.subject
    )
    return research.commit(act, diagnosis)


def approve_diagnosis(research: Research, command: commands.ApproveDiagnosis, act: Act) -> Receipt:
    diagnosis = diagnosis_within(research, command.diagnosis_id, act)
    diagnosis.approve(on=command.approved_on, today=research.today(), by=act.caller.subject)
    return research.commit(act, diagnosis)


@dataclass(frozen=True)
class Publishing:
    """The publications of diagnoses, for those who start them and ask about them."""

    research: Research
    jobs: Jobs

    def publish_diagnosis(self, request: commands.PublishDiagnosis, act: Act) -> JobStarted:
        diagnosis_within(self.research, request.diagnosis_id, act).require_approved()
        return self.jobs.order(PUBLISH, request, act)

    def get_diagnosis_publication(self, request: ById, _act: Act) -> views.DiagnosisPublication:
        job = self.jobs.existing(request.id, PUBLISH)
        return views.DiagnosisPublication(
            id=job.id,
            diagnosis_id=job.input["request"]["diagnosis_id"],
            state=job.state,
            failure=job.failure["code"] if job.failure else None,
        )


def diagnosis_within(research: Research, diagnosis_id: UUID, act: Act) -> Diagnosis:
    """Refused as `not_found` when its study is out of the caller's reach."""
    diagnosis = research.load(Diagnosis, diagnosis_id, act.expected_version)
    study_within(research, diagnosis.contents.study_id, act)
    return diagnosis


def releases_of(research: Research, study: Study) -> Iterator[Dataset.ReleaseMade]:
    for wave_id in study.waves:
        dataset = research.find(Dataset, id_of("dataset", wave_id))
        if dataset is not None:
            yield from dataset.releases.values()
