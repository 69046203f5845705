"""Durable jobs: once per id, in order, retried, refused, interrupted, taken over."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.kernel.errors import Rejected
from shared.runtime.jobs import JOBS, KEPT, Handler, Interrupted, Job, JobRunner, Jobs, Progress
from tests.runtime.trial.counting import Counting


@contextmanager
def running(jobs: Jobs, handlers: Mapping[str, Handler]) -> Iterator[threading.Event]:
    stop = threading.Event()
    runner = threading.Thread(target=JobRunner(jobs, handlers).run, args=(stop, threading.Event()))
    runner.start()
    yield stop
    stop.set()
    runner.join(10)
    assert not runner.is_alive()


def ended(jobs: Jobs, job_id: UUID) -> Job:
    return until(jobs, job_id, lambda job: job.state in {"done", "failed"})


def until(jobs: Jobs, job_id: UUID, seen: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        job = jobs.get(job_id)
        if job and seen(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"still {jobs.get(job_id)}")


@pytest.fixture
def jobs(counting: Counting) -> Jobs:
    return Jobs(counting.views)


def test_a_job_is_done_once_with_progress_and_result(jobs: Jobs) -> None:
    job_id = uuid4()
    first = jobs.start("double", {"n": 21}, job_id)
    assert jobs.start("double", {"n": 21}, job_id) == first
    assert jobs.get(uuid4()) is None
    calls: list[int] = []

    def double(job: Job, progress: Progress) -> Mapping[str, Any]:
        calls.append(job.input["n"])
        progress.report(rows=3)
        return {"n": job.input["n"] * 2}

    with running(jobs, {"double": double}):
        job = ended(jobs, job_id)
    assert (job.state, job.result, job.progress) == ("done", {"n": 42}, {"rows": 3})
    assert jobs.start("double", {"n": 21}, job_id).state == "done"
    assert calls == [21]


def test_jobs_run_one_at_a_time_the_oldest_first(jobs: Jobs) -> None:
    order: list[int] = []
    together: list[int] = []

    def note(job: Job, _: Progress) -> Mapping[str, Any]:
        together.append(1)
        assert len(together) == 1
        order.append(job.input["n"])
        together.pop()
        return {}

    ids = [uuid4() for _ in range(5)]
    for number, job_id in enumerate(ids):
        jobs.start("note", {"n": number}, job_id)
        time.sleep(0.002)
    jobs.start("of another version", {}, uuid4())
    with running(jobs, {"note": note}):
        for job_id in ids:
            assert ended(jobs, job_id).state == "done"
    assert order == [0, 1, 2, 3, 4]


def test_a_refusal_fails_the_job_with_its_code(jobs: Jobs) -> None:
    def refuse(_: Job, __: Progress) -> Mapping[str, Any]:
        raise Rejected("registry.file_unreadable", {"row": 3})

    job_id = uuid4()
    jobs.start("refuse", {}, job_id)
    with running(jobs, {"refuse": refuse}):
        job = ended(jobs, job_id)
    assert job.state == "failed"
    assert job.failure == {"code": "registry.file_unreadable", "details": {"row": 3}}
    assert job.attempts == 1


def test_an_error_is_tried_again_and_in_the_end_fails_without_its_text(
    jobs: Jobs, counting: Counting
) -> None:
    def fail(_: Job, __: Progress) -> Mapping[str, Any]:
        raise ValueError("44051401359")

    job_id = uuid4()
    jobs.start("fail", {}, job_id)
    with running(jobs, {"fail": fail}):
        for attempt in range(1, 5):
            until(jobs, job_id, lambda job, n=attempt: job.attempts == n and job.state == "waiting")  # type: ignore[misc]
            counting.views[JOBS].update_one({}, [{"$set": {"not_before": "$created_at"}}])
        job = ended(jobs, job_id)
    assert job.failure == {"code": "job_failed", "details": {"attempts": 5}}
    assert "44051401359" not in str(counting.views[JOBS].find_one())


def test_a_job_that_kills_its_process_every_time_is_given_up(
    jobs: Jobs, counting: Counting
) -> None:
    job_id = uuid4()
    jobs.start("kill", {}, job_id)
    counting.views[JOBS].update_one({}, {"$set": {"state": "running", "attempts": 5}})
    with running(jobs, {"kill": lambda *_: pytest.fail("was run again")}):
        job = ended(jobs, job_id)
    assert job.failure == {"code": "job_failed", "details": {"attempts": 5}}


def test_a_stop_interrupts_and_the_next_process_goes_on(jobs: Jobs) -> None:
    rows: list[int] = []

    def slowly(job: Job, progress: Progress) -> Mapping[str, Any]:
        for row in range(job.progress.get("row", 0), 60):
            rows.append(row)
            progress.report(row=row + 1)
            time.sleep(0.01)
        return {"rows": 60}

    job_id = uuid4()
    jobs.start("slowly", {}, job_id)
    with running(jobs, {"slowly": slowly}) as stop:
        until(jobs, job_id, lambda job: job.progress.get("row", 0) > 5)
        stop.set()
        waiting = until(jobs, job_id, lambda job: job.state == "waiting")
    assert waiting.attempts == 0
    with running(jobs, {"slowly": slowly}):
        assert ended(jobs, job_id).state == "done"
    assert rows == list(range(60))


def test_a_holder_that_was_followed_by_another_cannot_write(jobs: Jobs) -> None:
    job_id = uuid4()
    jobs.start("import", {}, job_id)
    first = jobs.take(["import"], "first")
    second = jobs.take(["import"], "second")
    assert first
    assert second
    assert second.attempts == 2
    with pytest.raises(Interrupted):
        jobs.update(first, "first", state="done", result={"wrong": True})
    jobs.update(second, "second", state="done", result={"right": True})
    job = jobs.get(job_id)
    assert job
    assert job.result == {"right": True}


def test_only_what_has_ended_expires(jobs: Jobs, counting: Counting) -> None:
    def refuse(_: Job, __: Progress) -> Mapping[str, Any]:
        raise Rejected("registry.file_unreadable")

    done, refused, waiting = uuid4(), uuid4(), uuid4()
    jobs.start("do", {}, done)
    jobs.start("refuse", {}, refused)
    jobs.start("of another version", {}, waiting)
    with running(jobs, {"do": lambda *_: {}, "refuse": refuse}):
        ended(jobs, done)
        ended(jobs, refused)
    found = {document["_id"]: document for document in counting.views[JOBS].find()}
    for job_id in (done, refused):
        document = found[str(job_id)]
        assert abs(document["expires_at"] - document["updated_at"] - KEPT) < timedelta(seconds=1)
    assert "expires_at" not in found[str(waiting)]


@pytest.mark.slow
def test_a_job_that_expired_is_removed(jobs: Jobs, counting: Counting) -> None:
    """By the database, in its own time."""
    gone, kept = uuid4(), uuid4()
    jobs.start("do", {}, gone)
    jobs.start("do", {}, kept)
    with running(jobs, {"do": lambda *_: {}}):
        ended(jobs, gone)
        ended(jobs, kept)
    past = {"$set": {"expires_at": datetime.now(UTC)}}
    counting.views[JOBS].update_one({"_id": str(gone)}, past)
    end = time.monotonic() + 90
    while jobs.get(gone) and time.monotonic() < end:
        time.sleep(0.5)
    assert jobs.get(gone) is None
    assert jobs.get(kept) is not None
    assert jobs.start("do", {}, gone).state == "waiting"
