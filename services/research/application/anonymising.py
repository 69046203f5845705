"""Making all responses of a wave nobody's: proposed by one person, carried out for another by a job.

First the key of each response's link is destroyed, then those of the wave: of the pseudonyms on its
invitations, and of who was drawn. What remains are answers. Only when nothing is left to destroy is
the wave told to be anonymised; what was interrupted is gone on with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import OperationalError

from services.research.application import Research
from services.research.application.invitations import invitations_of
from services.research.application.responses import cut_loose
from services.research.application.studies import study_for, study_within
from services.research.domain.response import Response
from services.research.domain.sample import ANONYMISED, Sample
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Receipt
from shared.contracts.research.commands import studies as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import studies as views
from shared.eventstore.acts import Act
from shared.runtime.jobs import Job, Jobs, Progress, act_of
from shared.runtime.views import Positions

ANONYMISE: Final = "wave_anonymisation"
AT_ONCE: Final = 100
"""Responses of one commit."""
REACHED_SECONDS: Final = 10.0
BASIS: Final = "gdpr.art5"
"""Storage limitation: who said what is not needed any more (GDPR art. 5(1)(e))."""


def propose_wave_anonymisation(
    research: Research, command: commands.ProposeWaveAnonymisation, act: Act
) -> Receipt:
    study = study_for(research, command, act)
    study.propose_anonymisation(
        command.wave_id, on=command.proposed_on, today=research.today(), by=act.caller.subject
    )
    return research.commit(act, study)


@dataclass(frozen=True)
class Anonymisations:
    """The anonymisations, for those who start them and ask about them."""

    research: Research
    jobs: Jobs

    def anonymise_wave(self, request: commands.AnonymiseWave, act: Act) -> JobStarted:
        study = study_within(self.research, request.study_id, act)
        study.require_anonymisable(request.wave_id, act.caller.subject)
        return self.jobs.order(ANONYMISE, request, act)

    def get_wave_anonymisation(self, request: ById, act: Act) -> views.WaveAnonymisation:
        job = self.jobs.existing(request.id, ANONYMISE)
        wave = commands.AnonymiseWave.model_validate(job.input["request"])
        study_within(self.research, wave.study_id, act)
        return views.WaveAnonymisation(
            id=job.id,
            state=job.state,
            wave_id=wave.wave_id,
            responses=(job.result or job.progress).get("responses", 0),
            failure=job.failure["code"] if job.failure else None,
        )


@dataclass(frozen=True)
class AnonymiseHandler:
    """Run again after a crash, it goes on where it was."""

    research: Research

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        research, act = self.research, act_of(job)
        request = commands.AnonymiseWave.model_validate(job.input["request"])
        done = job.progress.get("responses", 0)
        study = study_within(research, request.study_id, act)
        if study.wave(request.wave_id).anonymised_on is None:
            study.require_anonymisable(request.wave_id, act.caller.subject)
            linked = self._linked(request.wave_id)
            for at in range(0, len(linked), AT_ONCE):
                done += self._cut(linked[at : at + AT_ONCE], act)
                progress.report(responses=done)
            self._forget_the_asked(request.wave_id, act)
            research.once(act, lambda: self._recorded(request, act))
        return {"responses": done}

    def _linked(self, wave_id: UUID) -> Sequence[UUID]:
        """The wave is closed, so once the read models are here, there will be no other."""
        views, head = self.research.frames.views, self.research.recorder.max_notification_id() or 0
        if not Positions(views).wait_for(head, REACHED_SECONDS):
            raise OperationalError("the read models are behind the position")
        found = views["responses"].find(
            {"wave_id": str(wave_id), "link": {"$ne": None}}, {"_id": 1}
        )
        return sorted(UUID(each["_id"]) for each in found)

    def _cut(self, responses: Sequence[UUID], act: Act) -> int:
        research = self.research
        linked = [
            each for each in research.load_many(Response, responses).values() if each.is_linked
        ]
        cut_loose(research, linked, act.caller.subject, research.today(), basis=BASIS)
        named = act.part("|".join(str(each.id) for each in linked))
        research.record(*linked, provenance=named.provenance)
        return len(linked)

    def _forget_the_asked(self, wave_id: UUID, act: Act) -> None:
        research = self.research
        research.forget(wave_id, ANONYMISED, basis=BASIS, approved_by=act.caller.subject)
        for batch in invitations_of(research, wave_id).batches.values():
            research.files.delete(batch.table_file)
            research.files.delete(batch.sheets_file)

    def _recorded(self, request: commands.AnonymiseWave, act: Act) -> Receipt:
        research, today = self.research, self.research.today()
        study = study_within(research, request.study_id, act)
        study.anonymise_wave(request.wave_id, on=today, by=act.caller.subject)
        sample = research.find(Sample, request.wave_id) or Sample(request.wave_id)
        sample.anonymise(today)
        return research.commit(act, study, sample)
