"""Answers as the tests need them, and the jobs that make releases of them."""

from collections.abc import Iterable, Iterator, Sequence
from threading import Event
from typing import Any, Final
from uuid import UUID, uuid4

from services.research.application.exporting import ExportHandler
from services.research.application.releasing import DrawHandler, PinHandler, ReleaseHandler
from services.research.domain.answered import Answered
from services.research.domain.instrument import Instrument
from shared.contracts.jobs import JobStarted
from shared.contracts.operations import Caller
from shared.contracts.research.commands import releases as commands
from shared.contracts.research.views import ById
from shared.contracts.research.views import releases as views
from shared.contracts.research.vocabulary.disclosure import Audience
from shared.contracts.research.vocabulary.forms import FormOrigin
from shared.contracts.research.vocabulary.releases import AnalysisKind
from shared.kernel.errors import Rejected
from shared.runtime.jobs import Handler, Job, Progress
from tests.driving import act_by
from tests.research.conftest import Research
from tests.research.form.making import definition, item, label
from tests.research.studying import INSTRUMENT, PLANNED, RESEARCHER, open_wave, opened

HOLDER: Final = "this test"
FORM: Final = definition(
    item("select_one", "sex", choices="sex", required=True),
    item("integer", "age", required=True),
    item("select_one", "service", choices="services"),
    item("select_one", "health", choices="yesno", sensitive=True, relevant="${sex} = 'w'"),
    item("date", "since"),
    item("text", "name"),
    choice_lists={
        name: [{"name": each, "label": label(f"Wybór {each}")} for each in choices]
        for name, choices in {
            "sex": ("w", "m"),
            "services": ("care", "child", "way"),
            "yesno": ("yes", "no"),
        }.items()
    },
)


def response(number: int, **answers: str) -> Answered:
    return Answered(UUID(int=number), answers)


def people(size: int) -> list[Answered]:
    """Evenly of both sexes; every third misses child care, one in ten does not say."""
    return [
        response(
            number,
            sex="wm"[number % 2],
            age=str(20 + number % 50),
            name="Jan Kowalski",
            **({} if number % 10 == 9 else {"service": ("care", "care", "child")[number % 3]}),
            **({"health": "yes" if number % 4 else "no"} if number % 2 == 0 else {}),
        )
        for number in range(size)
    ]


class Asked:
    """A wave with answers, and the jobs over them. `by_position` tells what there was when."""

    def __init__(self, research: Research, answered: Sequence[Answered]) -> None:
        self.research = research
        self.answered = list(answered)
        publish(research)
        self.study = opened(research)
        self.wave = open_wave(research, self.study)
        self.asked_for: list[int] = []

    def answers(self, wave_id: UUID, position: int) -> Iterator[Answered]:
        assert wave_id == self.wave
        self.asked_for.append(position)
        return iter(self.answered)

    @property
    def handlers(self) -> dict[str, Handler]:
        application = self.research.composition.application
        return {
            AnalysisKind.PINNING: PinHandler(application, self.answers),
            AnalysisKind.RELEASE: ReleaseHandler(application, self.answers),
            AnalysisKind.DRAWING: DrawHandler(application),
            AnalysisKind.EXPORT: ExportHandler(application, self.answers),
        }

    def start(
        self, name: str, request: Any, by: Caller = RESEARCHER, key: UUID | None = None
    ) -> UUID:
        act = act_by(by, f"research.{name}", key=key or uuid4())
        started: JobStarted = getattr(self.research.composition.releases, name)(request, act)
        return started.id

    def pin(self, position: int | None = None) -> views.AnalysisJob:
        request = commands.PinDataset(study_id=self.study, wave_id=self.wave, position=position)
        return self.worked(self.start("pin_dataset", request))

    def release(self, request: commands.RequestRelease) -> views.AnalysisJob:
        return self.worked(self.start("request_release", request))

    def worked(self, job_id: UUID, times: int = 1) -> views.AnalysisJob:
        """Do the job as the runner does."""
        jobs = self.research.composition.releases.jobs
        job = jobs.take([each.value for each in AnalysisKind], HOLDER)
        assert job is not None
        assert job.id == job_id
        self._do(job, times)
        self.research.project()
        return self.look(job_id)

    def _do(self, job: Job, times: int) -> None:
        jobs = self.research.composition.releases.jobs
        progress = Progress(jobs, job, HOLDER, Event())
        try:
            results = [self.handlers[job.kind](job, progress) for _ in range(times)]
        except Rejected as refused:
            failure = {"code": refused.code, "details": dict(refused.details)}
            jobs.update(job, HOLDER, state="failed", failure=failure)
        else:
            assert all(each == results[0] for each in results)
            jobs.update(job, HOLDER, state="done", result=dict(results[0]))

    def look(self, job_id: UUID, by: Caller = RESEARCHER) -> views.AnalysisJob:
        act = act_by(by, "research.get_analysis_job")
        return self.research.composition.releases.get_analysis_job(ById(id=job_id), act)

    def outcome(self, job_id: UUID) -> views.RequestedRelease:
        act = act_by(RESEARCHER, "research.get_requested_release")
        return self.research.composition.releases.get_requested_release(ById(id=job_id), act)


def publish(research: Research) -> None:
    """The questionnaire that the waves of `studying` pin."""
    application = research.composition.application
    instrument = Instrument(INSTRUMENT.instrument_id)
    instrument.create(code="ANK", title="Ankieta", on=PLANNED)
    instrument.publish(definition=FORM, origin=FormOrigin.JSON, on=PLANNED)
    application.commit(act_by(RESEARCHER, "research.publish"), instrument)
    research.project()


def table(*variables: str, measure: str = "count", edges: Iterable[str] = ()) -> dict[str, Any]:
    return {
        "title": {"pl": "Tabela", "en": "Table"},
        "dimensions": [
            {"variable": each, **({"edges": tuple(edges)} if each == "age" else {})}
            for each in variables
        ],
        "measure": measure,
    }


def request(
    dataset: UUID,
    *tables: dict[str, Any],
    audience: Audience = Audience.PUBLIC,
    **filters: tuple[str, ...],
) -> commands.RequestRelease:
    return commands.RequestRelease.model_validate(
        {
            "dataset_id": dataset,
            "audience": audience,
            "tables": tables,
            "filters": [
                {"dimension": {"variable": name}, "any_of": chosen}
                for name, chosen in filters.items()
            ],
        }
    )
