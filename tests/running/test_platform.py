"""`./dev up` and `./dev down`: all or nothing runs, and what fails is named.

A checkout is made of the real `shared/` with stand-ins for the services' runner and the gateway:
what is tested is the starting, watching and stopping, with real servers.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.runtime.development.binaries import find_mongod
from shared.runtime.development.processes import Child, wait_until
from shared.runtime.provision import Administrator

ROOT = Path(__file__).parents[2]
STAND_IN = Path(__file__).with_name("stand_in.py")
RUNNER = """
from pathlib import Path
from gateway.__main__ import main

SERVICES = Path("services")

def discover():
    return ["trial"]

if __name__ == "__main__":
    main()
"""
LIMIT = 60
PROGRAMS = ("serve", "follow", "gateway")


class Checkout:
    """A copy of the project in which `./dev` is run; `environment` is added to ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: dict[str, str] = {}
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "shared", folder / "shared", ignore=ignored)
        (folder / "shared" / "runtime" / "entrypoints.py").write_text(RUNNER)
        for package in ("gateway", "demo"):
            (folder / package).mkdir()
        shutil.copy(STAND_IN, folder / "gateway" / "__main__.py")
        (folder / "demo" / "__main__.py").write_text('print("250 and 170")\n')
        (folder / ".dev" / "bin").mkdir(parents=True)
        (folder / ".dev" / "bin" / "mongod").symlink_to(find_mongod())

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "shared.runtime.development", *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder)} | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=LIMIT)
        return process.returncode, output

    @property
    def state(self) -> dict[str, dict[str, str]]:
        state: dict[str, dict[str, str]] = json.loads((self.folder / ".dev/up.json").read_text())
        return state

    def marker(self, part: str) -> str:
        """Of a program, a server or the supervisor."""
        if part == "supervisor":
            return str(self.state[part])
        if part in PROGRAMS:
            return self.state["children"][part]
        remembered = self.folder / ".dev" / part / "server.json"
        return str(json.loads(remembered.read_text())["marker"])

    def ending(self, word: str) -> list[float]:
        """When the programs said it, by one clock."""
        logs = (self.folder / ".dev" / "log" / f"{name}.log" for name in PROGRAMS)
        lines = [line.split() for log in logs for line in log.read_text().splitlines()]
        return [float(line[1]) for line in lines if line[0] == word]

    def processes(self) -> list[str]:
        """The command lines of all processes that have to do with this checkout."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.folder).encode() in environment + command:
                found.append(command.replace(b"\0", b" ").decode())
        return found


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """Starts its own servers."""
    made = Checkout(tmp_path / "checkout")
    yield made
    made.run("down")


@pytest.fixture
def served_checkout(checkout: Checkout, administrator: Administrator) -> Checkout:
    """Is told to use the servers of the test session."""
    checkout.environment = {
        "MONGODB_URI": administrator.mongodb_uri,
        "AMQP_URI": administrator.amqp_uri,
        "AMQP_MANAGEMENT_URL": administrator.management_url,
    }
    return checkout


@pytest.mark.slow
def test_up_runs_everything_and_down_leaves_no_process(checkout: Checkout) -> None:
    code, output = checkout.run("up", "--detach")
    assert code == 0, output
    assert "250 and 170" in output
    gateway = checkout.state["addresses"]["Gateway"]
    assert gateway in output
    assert httpx.get(f"{gateway}/health/ready").text == "yes"
    running = "\n".join(checkout.processes())
    assert all(program in running for program in ("mongod", "beam.smp", "epmd", "gateway"))

    code, output = checkout.run("up")
    assert (code, output.splitlines()[0]) == (0, "already up")

    assert checkout.run("down") == (0, "stopped\n")
    assert checkout.processes() == []


@pytest.mark.slow
def test_down_ends_what_a_killed_supervisor_left(checkout: Checkout) -> None:
    checkout.run("up", "--detach", "--no-demo")
    Child(str(checkout.state["supervisor"])).kill()
    assert "mongod" in "\n".join(checkout.processes())
    assert checkout.run("down") == (0, "stopped\n")
    assert checkout.processes() == []


@pytest.mark.slow
@pytest.mark.parametrize("killed", [("mongodb", "rabbitmq"), ("supervisor",)])
def test_programs_that_lost_what_they_depend_on_are_stopped_side_by_side(
    checkout: Checkout, killed: tuple[str, ...]
) -> None:
    """Each waits for the dead server up to its own limit: one after the other took a minute."""
    checkout.environment["STAND_IN_LINGERS"] = "2"
    checkout.run("up", "--detach", "--no-demo")
    for part in killed:
        Child(checkout.marker(part)).kill()
    if "supervisor" not in killed:
        assert wait_until(lambda: bool(checkout.state["stopping"]), limit=LIMIT)
    assert checkout.run("up", "--detach", "--no-demo")[0] == 0
    asked, ended = checkout.ending("asked"), checkout.ending("ended")
    assert len(asked) == len(ended) == len(PROGRAMS)
    assert max(asked) < min(ended)


@pytest.mark.slow
def test_up_after_everything_was_killed_at_once(checkout: Checkout) -> None:
    """As after a crash of the machine: nothing said goodbye, and all files are as they were."""
    checkout.run("up", "--detach", "--no-demo")
    markers = [checkout.marker(part) for part in ("supervisor", *PROGRAMS, "mongodb", "rabbitmq")]
    for marker in markers:
        Child(marker).kill()
    code, output = checkout.run("status")
    assert (code, output.splitlines()[0]) == (0, "down")
    assert checkout.run("up", "--detach", "--no-demo")[0] == 0
    gateway = checkout.state["addresses"]["Gateway"]
    assert httpx.get(f"{gateway}/health/ready").text == "yes"


def test_down_when_nothing_runs_says_so(checkout: Checkout) -> None:
    assert checkout.run("down") == (0, "nothing was running\n")


@pytest.mark.parametrize("part", ["serve", "follow"])
def test_a_part_that_does_not_start_is_named_and_the_rest_is_stopped(
    served_checkout: Checkout, part: str
) -> None:
    served_checkout.environment["STAND_IN_BREAKS"] = part
    code, output = served_checkout.run("up", "--detach")
    log = served_checkout.folder / ".dev" / "log" / f"{part}.log"
    assert code == 1
    assert f"{part}: ended with code 1: the stand-in breaks as told (log: {log})" in output
    assert served_checkout.processes() == []


def test_a_part_that_is_killed_later_ends_the_rest(served_checkout: Checkout) -> None:
    served_checkout.run("up", "--detach")
    Child(served_checkout.state["children"]["follow"]).kill()
    assert wait_until(lambda: served_checkout.processes() == [], limit=LIMIT)
    status = served_checkout.run("status")[1].splitlines()
    log = served_checkout.folder / ".dev" / "log" / "follow.log"
    assert status[:2] == ["down", f"failed: follow: killed by SIGKILL (log: {log})"]


def test_up_waits_for_a_platform_that_is_stopping(served_checkout: Checkout) -> None:
    served_checkout.run("up", "--detach")
    Child(served_checkout.state["children"]["follow"]).kill()
    assert wait_until(lambda: bool(served_checkout.state["stopping"]), limit=LIMIT)
    assert served_checkout.run("up", "--detach")[0] == 0
    gateway = served_checkout.state["addresses"]["Gateway"]
    assert httpx.get(f"{gateway}/health/ready").text == "yes"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything(served_checkout: Checkout, number: signal.Signals) -> None:
    process = served_checkout.start("up")
    assert process.stdout is not None
    output = ""
    while "Ctrl-C stops everything" not in output:
        output += (line := process.stdout.readline())
        assert line, output
    process.send_signal(number)
    rest, _ = process.communicate(timeout=LIMIT)
    assert rest.splitlines()[-2:] == ["stopping", "stopped; nothing is left running"]
    assert process.returncode == 0
    assert served_checkout.processes() == []


def test_the_demo_is_played_once_until_the_data_is_forgotten(served_checkout: Checkout) -> None:
    for expected in (True, False):
        _, output = served_checkout.run("up", "--detach")
        assert ("playing the partnership" in output) is expected
        served_checkout.run("down")
    served_checkout.run("down", "--wipe")
    assert [path.name for path in (served_checkout.folder / ".dev").iterdir()] == ["bin"]
    _, output = served_checkout.run("up", "--detach")
    assert "playing the partnership" in output
