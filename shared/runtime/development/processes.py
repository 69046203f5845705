"""Processes that a checkout started, recognised by a marker in their environment.

Process ids are recycled, so a remembered id proves nothing. Every process started here, and whatever
it starts in turn (Erlang's port mapper, disk monitors, worker processes), inherits a random marker;
only a process that still carries it is ever signalled. Linux only: reads ``/proc``.
"""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARKER = "TJP_PROCESS"


def new_marker() -> str:
    return uuid.uuid4().hex


@dataclass
class Child:
    """One started program with all its descendants."""

    marker: str
    popen: subprocess.Popen[bytes] | None = field(default=None, compare=False)

    @classmethod
    def spawn(
        cls, command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, log: Path
    ) -> "Child":
        """Start `command` in a session of its own (Ctrl-C reaches only us), its output in `log`."""
        marker = new_marker()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            popen = subprocess.Popen(
                [str(part) for part in command],
                env={**env, MARKER: marker},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(marker, popen)

    def pids(self) -> list[int]:
        """The living processes that carry the marker; empty when all is over."""
        if self.popen is not None:
            self.popen.poll()  # reaps it, so that no zombie is left
        return [pid for pid in _all_pids() if _carries(pid, self.marker)]

    @property
    def alive(self) -> bool:
        """Whether the program itself runs (or, started by an earlier process, any part of it)."""
        if self.popen is not None:
            return self.popen.poll() is None
        return bool(self.pids())

    def signal(self, number: signal.Signals) -> None:
        for pid in self.pids():
            _signal_marked(pid, self.marker, number)

    def stop(self, grace: float) -> None:
        """Ask the program to end, then end by force whatever is left after `grace` seconds.

        Its descendants are asked only once the program itself is gone, so that it can end them in
        its own order.
        """
        pids = self.pids()
        leader = self.popen.pid if self.popen is not None else min(pids, default=0)
        _signal_marked(leader, self.marker, signal.SIGTERM)
        wait_until(lambda: leader not in self.pids(), limit=grace)
        self.signal(signal.SIGTERM)
        if not wait_until(lambda: not self.pids(), limit=2.0):
            self.signal(signal.SIGKILL)
        self._wait_gone()

    def kill(self) -> None:
        """SIGKILL to every part, at once; returns when all are gone."""
        self.signal(signal.SIGKILL)
        self._wait_gone()

    def _wait_gone(self) -> None:
        if not wait_until(lambda: not self.pids(), limit=10.0):
            raise TimeoutError(f"processes {self.pids()} did not end after SIGKILL")
        if self.popen is not None:
            self.popen.wait(timeout=10.0)


def wait_until(condition: Callable[[], bool], *, limit: float, pause: float = 0.05) -> bool:
    """Poll `condition` for at most `limit` seconds; whether it became true."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(pause)
    return True


def _all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _carries(pid: int, marker: str) -> bool:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:  # gone, or another user's
        return False
    return f"{MARKER}={marker}".encode() in environment.split(b"\0")


def _signal_marked(pid: int, marker: str, number: signal.Signals) -> None:
    """Signal `pid` if it carries the marker; the file descriptor rules out recycling in between."""
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if _carries(pid, marker):
            signal.pidfd_send_signal(descriptor, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)
