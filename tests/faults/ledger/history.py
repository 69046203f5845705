"""Starts writer processes, tails the ledger, and judges what they saw."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import OperationalError

from shared.eventstore.commits import Commit
from shared.eventstore.ledger import Ledger

Log = list[dict[str, object]]


class Writers:
    """Writer processes on one ledger; each writes its own log."""

    def __init__(self, uri: str, database: str, folder: Path, threads: int) -> None:
        self._arguments = (uri, database, str(threads))
        self._folder = folder
        self._started = 0
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, appends: int = 0) -> None:
        self._started += 1
        log = self._folder / f"writer-{self._started}.jsonl"
        module = "tests.faults.ledger.writer"
        command = [sys.executable, "-m", module, *self._arguments, str(appends), str(log)]
        self.processes.append(subprocess.Popen(command))

    def kill(self, index: int = 0) -> None:
        process = self.processes.pop(index)
        process.kill()
        process.wait()

    def wait(self, timeout: float) -> None:
        for process in self.processes:
            assert process.wait(timeout) == 0

    def kill_all(self) -> None:
        while self.processes:
            self.kill()

    def outcomes(self, kind: str) -> Log:
        """The outcomes of all writers that have the key `kind`."""
        lines = [
            line
            for log in self._folder.glob("writer-*.jsonl")
            for line in log.read_text().splitlines(keepends=True)
        ]
        outcomes = [json.loads(line) for line in lines if line.endswith("\n")]
        return [outcome for outcome in outcomes if kind in outcome]


class Tail:
    """Follows a ledger as a projection does and keeps the positions that it saw."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stopping = threading.Event()
        self.seen: list[int] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        woken = threading.Event()
        self._ledger.listen(woken)
        try:
            while True:
                stopping = self._stopping.is_set()
                woken.clear()
                if not self._pull():
                    if stopping:
                        return
                    woken.wait(5)
        except BaseException as failure:
            self.failure = failure
        finally:
            self._ledger.unlisten(woken)

    def _pull(self) -> bool:
        start = self.seen[-1] + 1 if self.seen else 1
        try:
            commits = self._ledger.commits(start, 100)
        except OperationalError:  # the database is down for a while
            return False
        self.seen += [event.id for commit in commits for event in commit.events]
        return bool(commits)

    def stop(self) -> None:
        self._stopping.set()

    def finish(self) -> None:
        """See the rest: what killed writers had sent may be recorded after the tail was stopped."""
        while self._pull():
            pass


@contextmanager
def tailing(ledger: Ledger) -> Iterator[Tail]:
    """A tail that follows until the block is left."""
    tail = Tail(ledger)
    thread = threading.Thread(target=tail.run)
    thread.start()
    try:
        yield tail
    finally:
        tail.stop()
        thread.join()
    if tail.failure is not None:
        raise tail.failure


def all_commits(ledger: Ledger) -> list[Commit]:
    commits: list[Commit] = []
    while more := ledger.commits(commits[-1].last + 1 if commits else 1, 1000):
        commits += more
    return commits


def judge(ledger: Ledger, writers: Writers, tail: Tail) -> None:
    """Acknowledged is stored where it was said; no gap, no duplicate; the tail saw it in order."""
    commits = all_commits(ledger)
    tail.finish()
    positions = [position for commit in commits for position in commit.positions]
    assert positions == list(range(1, len(positions) + 1))
    assert [event.id for commit in commits for event in commit.events] == positions
    assert tail.seen[: len(positions)] == positions
    stored = {commit.commit_id: (commit.first, commit.last) for commit in commits}
    assert len(stored) == len(commits)
    streams = [
        (event.originator_id, event.originator_version)
        for commit in commits
        for event in commit.events
    ]
    assert len(set(streams)) == len(streams)
    times = [commit.at for commit in commits]
    assert times == sorted(times)
    acknowledged = writers.outcomes("acknowledged")
    assert len({str(one["acknowledged"]) for one in acknowledged}) == len(acknowledged)
    for one in acknowledged:
        assert stored[str(one["acknowledged"])] == (one["first"], one["last"])
