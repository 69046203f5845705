"""Jobs of reporting, driven by hand."""

from threading import Event
from typing import Any

from shared.contracts.operations import Caller
from shared.runtime.jobs import Job, Progress
from tests.driving import COORDINATOR, act_by
from tests.reporting.conftest import Reporting

HOLDER = "this test"


def asked(reporting: Reporting, name: str, request: Any, by: Caller = COORDINATOR) -> Any:
    """What is answered by one of the parts that read and write nothing."""
    parts = vars(reporting.composition).values()
    answer = next(getattr(each, name) for each in parts if hasattr(each, name))
    return answer(request, act_by(by, f"reporting.{name}"))


class Listening(Progress):
    """Remembers what was reported."""

    def __init__(self, reporting: Reporting, job: Job) -> None:
        super().__init__(reporting.composition.numbers.jobs, job, HOLDER, Event())
        self.heard: list[dict[str, Any]] = []

    def report(self, **progress: Any) -> None:
        super().report(**progress)
        self.heard.append(progress)


def work(reporting: Reporting, kind: str) -> list[dict[str, Any]]:
    """Do the job that waits; the progress it told."""
    jobs = reporting.composition.numbers.jobs
    job = jobs.take([kind], HOLDER)
    assert job is not None
    progress = Listening(reporting, job)
    result = reporting.followed.jobs[kind](job, progress)
    jobs.update(job, HOLDER, state="done", result=dict(result))
    reporting.project()
    return progress.heard
