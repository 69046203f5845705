"""Durable jobs: work that takes longer than a request, resumed after a crash.

`jobs`: `{_id, kind, state, input, progress, result, failure, created_at, updated_at, attempts,
not_before, holder, expires_at?}`. A job that has ended is kept for `KEPT`, then the database removes
it; files that its result names must live a little longer than that. The follower that holds the lease runs one job at a time, the oldest first; a
job found running belongs to a follower that died, and is taken over.

A handler may be interrupted anywhere and is then run again, so what it does must be idempotent: it
derives its command ids from the job's id and the row, and goes on from what it last reported. Neither
input nor progress nor result may hold personal data; those travel as files.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import pymongo
import structlog
from prometheus_client import Counter
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.contracts.access import WHOLE_PARTNERSHIP
from shared.contracts.jobs import JobStarted
from shared.contracts.model import Published
from shared.contracts.operations import Caller
from shared.eventstore.acts import Act
from shared.kernel.errors import Rejected
from shared.kernel.provenance import Provenance
from shared.runtime.logging import unit_of_work
from shared.runtime.views import Document, Views

log = structlog.get_logger(__name__)

JOBS: Final = "jobs"
INDEX: Final = IndexModel([("state", ASCENDING), ("created_at", ASCENDING)], name="state")
EXPIRY: Final = IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0)
KEPT: Final = timedelta(days=7)
"""How long a job can be asked about once it has ended."""
ATTEMPTS: Final = 5
LOOK_SECONDS: Final = 0.25
CALL_SECONDS: Final = 5.0
FINISHED: Final = Counter("runtime_jobs_finished", "Jobs by how they ended", ["kind", "state"])

State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True)
class Job:
    """A job as it was when it was looked at. `failure` is `{code, details}` of a failed one."""

    id: UUID
    kind: str
    state: State
    input: Mapping[str, Any]
    progress: Mapping[str, Any]
    result: Mapping[str, Any] | None
    failure: Mapping[str, Any] | None
    attempts: int
    created_at: datetime
    updated_at: datetime


def ordered(request: Published, act: Act) -> Mapping[str, Any]:
    """The input of a job that a call asked for: what is to be done, and on whose behalf."""
    return {
        "request": request.model_dump(mode="json"),
        "caller": act.caller.model_dump(mode="json"),
        "provenance": act.provenance.model_dump(mode="json"),
    }


def act_of(job: Job) -> Act:
    """Whose act an ordered job is."""
    return Act(
        caller=Caller.model_validate(job.input["caller"]),
        provenance=Provenance.model_validate(job.input["provenance"]),
    )


class Interrupted(Exception):
    """The process is to stop, or another one has taken the job over: end without a result."""


class Progress:
    """A handler's way to say how far it is."""

    def __init__(self, jobs: "Jobs", job: Job, holder: str, stop: threading.Event) -> None:
        self._jobs = jobs
        self._job = job
        self._holder = holder
        self._stop = stop

    def report(self, **progress: Any) -> None:
        """Keep JSON values for those who look and for the next attempt; call it often.

        Raises `Interrupted`, which the handler lets pass.
        """
        self._jobs.update(self._job, self._holder, progress=progress)
        if self._stop.is_set():
            raise Interrupted


Handler = Callable[[Job, Progress], Mapping[str, Any]]
"""Does a job and returns its result (JSON). `Rejected` fails it with its code at once; any other
error is tried again, and fails it as `job_failed` in the end."""


class Jobs:
    """The jobs of one service, for those who want them done."""

    def __init__(self, views: Views) -> None:
        self._jobs = views[JOBS]

    def prepare(self) -> None:
        self._jobs.create_indexes([INDEX, EXPIRY])

    def start(self, kind: str, given: Mapping[str, Any], id: UUID) -> Job:
        """Have a job done; the same id is the same job for as long as that is kept.

        Afterwards it is done again, which records nothing twice: handlers are idempotent.
        """
        now = _now()
        document = {
            "_id": str(id),
            "kind": kind,
            "state": "waiting",
            "input": dict(given),
            "progress": {},
            "result": None,
            "failure": None,
            "created_at": now,
            "updated_at": now,
            "attempts": 0,
            "not_before": now,
            "holder": None,
        }
        with pymongo.timeout(CALL_SECONDS):
            try:
                self._jobs.insert_one(document)
            except DuplicateKeyError:
                found = self._jobs.find_one({"_id": str(id)})
                document = found or document
        return _job(document)

    def order(self, kind: str, request: Published, act: Act, **more: str) -> JobStarted:
        """Have done what a call asks for; the same call again asks for the same job."""
        given = {**ordered(request, act), **more}
        return JobStarted(id=self.start(kind, given, act.id_of(kind)).id)

    def get(self, id: UUID) -> Job | None:
        with pymongo.timeout(CALL_SECONDS):
            found = self._jobs.find_one({"_id": str(id)})
        return _job(found) if found else None

    def existing(self, id: UUID, *kinds: str) -> Job:
        """A job of one of these kinds. Refused as `not_found`."""
        job = self.get(id)
        if job is None or job.kind not in kinds:
            raise Rejected("not_found", {"id": str(id)})
        return job

    def existing_for(self, act: Act, id: UUID, kind: str) -> Job:
        """For who started it, and for those of the whole partnership; refused as `not_found`."""
        job = self.existing(id, kind)
        starter: str = job.input["caller"]["subject"]
        if not act.caller.roles & WHOLE_PARTNERSHIP and act.caller.subject != starter:
            raise Rejected("not_found", {"id": str(id)})
        return job

    def take(self, kinds: list[str], holder: str) -> Job | None:
        """The oldest job that waits, or whose process died. The caller must hold the lease."""
        now = _now()
        with pymongo.timeout(CALL_SECONDS):
            found = self._jobs.find_one_and_update(
                {
                    "state": {"$in": ["waiting", "running"]},
                    "kind": {"$in": kinds},
                    "not_before": {"$lte": now},
                },
                {
                    "$set": {"state": "running", "holder": holder, "updated_at": now},
                    "$inc": {"attempts": 1},
                },
                sort=[("created_at", ASCENDING)],
                return_document=ReturnDocument.AFTER,
            )
        return _job(found) if found else None

    def update(self, job: Job, holder: str, **changes: Any) -> None:
        """Change a running job. Raises `Interrupted` when it is no longer the holder's."""
        changes["updated_at"] = _now()
        with pymongo.timeout(CALL_SECONDS):
            changed = self._jobs.update_one(
                {"_id": str(job.id), "state": "running", "holder": holder}, {"$set": changes}
            )
        if changed.matched_count == 0:
            raise Interrupted


class JobRunner:
    """Runs a service's jobs, one after the other."""

    def __init__(self, jobs: Jobs, handlers: Mapping[str, Handler]) -> None:
        self._jobs = jobs
        self._handlers = handlers
        self._holder = uuid4().hex

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Until `stop` is set. Raises what the database raises."""
        del wake  # the ledger's doorbell does not ring for jobs
        self._jobs.prepare()
        while not stop.is_set():
            job = self._jobs.take(list(self._handlers), self._holder)
            if job is None:
                stop.wait(LOOK_SECONDS)
                continue
            with unit_of_work(job=str(job.id), kind=job.kind):
                self._do(job, stop)

    def _do(self, job: Job, stop: threading.Event) -> None:
        log.info("job_started", attempt=job.attempts)
        try:
            if job.attempts > ATTEMPTS:  # it killed the process each time
                self._fail(job, "job_failed", {"attempts": job.attempts - 1})
                return
            progress = Progress(self._jobs, job, self._holder, stop)
            result = self._handlers[job.kind](job, progress)
            self._end(job, "done", result=dict(result))
        except Interrupted:
            log.info("job_interrupted")
            self._put_back(job, timedelta(0), attempts=job.attempts - 1)
        except Rejected as refusal:
            self._fail(job, refusal.code, refusal.details)
        except Exception:
            log.exception("job_attempt_failed", attempt=job.attempts)
            if job.attempts >= ATTEMPTS:
                self._fail(job, "job_failed", {"attempts": job.attempts})
            else:
                self._put_back(job, timedelta(seconds=2**job.attempts), attempts=job.attempts)

    def _fail(self, job: Job, code: str, details: Mapping[str, Any]) -> None:
        self._end(job, "failed", failure={"code": code, "details": dict(details)})

    def _end(self, job: Job, state: State, **outcome: Any) -> None:
        self._change(job, state=state, expires_at=_now() + KEPT, **outcome)
        FINISHED.labels(job.kind, state).inc()
        log.info("job_ended", state=state)

    def _put_back(self, job: Job, pause: timedelta, attempts: int) -> None:
        not_before = _now() + pause
        self._change(job, state="waiting", not_before=not_before, attempts=attempts)

    def _change(self, job: Job, **changes: Any) -> None:
        try:
            self._jobs.update(job, self._holder, **changes)
        except Interrupted:
            log.warning("job_taken_over")


def _now() -> datetime:
    """In milliseconds, as MongoDB keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _job(document: Document) -> Job:
    return Job(
        id=UUID(document["_id"]),
        kind=document["kind"],
        state=document["state"],
        input=document["input"],
        progress=document["progress"],
        result=document["result"],
        failure=document["failure"],
        attempts=document["attempts"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
    )
