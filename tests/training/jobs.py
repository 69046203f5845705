"""Jobs of training, driven by hand: started, interrupted where a test wants it, taken up again."""

from collections.abc import Callable
from threading import Event
from typing import Any

from shared.contracts.operations import Caller
from shared.runtime.jobs import Interrupted, Job, Jobs, Progress
from tests.driving import COORDINATOR, act_by
from tests.training.conftest import Driven

HOLDER = "this test"


class Stopping(Progress):
    """Interrupts a job after so many reports."""

    def __init__(self, jobs: Jobs, job: Job, after: int | None) -> None:
        super().__init__(jobs, job, HOLDER, Event())
        self._left = after

    def report(self, **progress: Any) -> None:
        super().report(**progress)
        if self._left is not None:
            self._left -= 1
            if not self._left:
                raise Interrupted


def stored(training: Driven, content: bytes, name: str) -> str:
    """The claim check of a file."""
    store = training.composition.imports.files.store
    with store.create(name=name, content_type="text/plain") as writer:
        writer.write(content)
        return writer.finish()


def fetched(training: Driven, file_id: str) -> bytes:
    return b"".join(training.composition.imports.files.store.open(file_id).chunks())


def start(start: Callable[..., Any], request: Any, by: Caller = COORDINATOR) -> Any:
    """The id of the job that a call starts."""
    return start(request, act_by(by, f"training.{start.__name__}")).id


def work(training: Driven, kind: str, stop_after: int | None = None) -> None:
    """Do the job that waits, or was interrupted, and let the projection see what came of it."""
    jobs = training.composition.imports.jobs
    job = jobs.take([kind], HOLDER)
    assert job is not None
    try:
        result = training.followed.jobs[kind](job, Stopping(jobs, job, stop_after))
        jobs.update(job, HOLDER, state="done", result=dict(result))
    except Interrupted:
        pass
    training.project()
