"""Only what we started is ever signalled, and nothing of it stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.development.processes import Child, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN_PROGRAM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ignoring", flush=True)
time.sleep(60)
"""
STUBBORN = [sys.executable, "-c", STUBBORN_PROGRAM]
# A daemon in a session of its own, whose parent is gone: neither parent id nor group leads to it.
DAEMON_PROGRAM = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
time.sleep(60)
"""
DAEMON = [sys.executable, "-c", DAEMON_PROGRAM]


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else."""
    process = subprocess.Popen(SLEEP)
    yield process
    process.kill()
    process.wait()


def spawn(command: list[str], folder: Path) -> Child:
    return Child.spawn(command, env=dict(os.environ), cwd=folder, log=folder / "log")


def test_a_recycled_process_id_is_not_killed(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    child = spawn(SLEEP, tmp_path)
    child.kill()
    assert child.popen is not None
    # The kernel gives the number to somebody else; Popen itself would signal it.
    child.popen.pid, child.popen.returncode = stranger.pid, -signal.SIGKILL
    child.stop(grace=0.1)
    child.kill()
    assert stranger.poll() is None


def test_a_child_is_found_again_by_its_marker(tmp_path: Path) -> None:
    child = spawn(SLEEP, tmp_path)
    assert child.popen is not None
    assert wait_until(lambda: child.pids() != [], limit=5)
    known = Child(child.marker)
    assert known.alive
    known.signal(signal.SIGKILL)
    assert child.popen.wait(timeout=5) == -signal.SIGKILL
    assert not known.alive


def test_daemons_are_stopped_with_the_program(tmp_path: Path) -> None:
    child = spawn(DAEMON, tmp_path)
    assert wait_until(lambda: len(child.pids()) == 2, limit=5)
    child.stop(grace=5)
    assert child.pids() == []


def test_a_program_that_will_not_end_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = spawn(STUBBORN, tmp_path)
    assert wait_until(lambda: (tmp_path / "log").read_text() != "", limit=5)
    child.stop(grace=0.2)
    assert child.popen is not None
    assert child.popen.returncode == -signal.SIGKILL
