"""A private virtual host per test module and the trial's processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from shared.runtime.development.rabbitmq import BrokerServer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def amqp_uri(broker: BrokerServer) -> Iterator[str]:
    name = f"trial-{uuid4().hex[:8]}"
    with httpx.Client(base_url=broker.management_url, timeout=10) as management:
        management.put(f"/api/vhosts/{name}").raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        management.put(f"/api/permissions/{name}/admin", json=rights).raise_for_status()
        yield broker.uri + name
        management.delete(f"/api/vhosts/{name}").raise_for_status()


class Process:
    """A program of the trial; its output is kept."""

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self.log = log
        self._output = log.open("ab")
        self.popen = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | {"EVENTLET_NO_GREENDNS": "yes", "PYTHONUNBUFFERED": "1"},
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, words: str, limit: float = 60.0) -> None:
        end = time.monotonic() + limit
        while words not in self.text():
            if self.popen.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"no {words!r} from {self.popen.args!r}:\n{self.text()}")
            time.sleep(0.05)

    def close(self) -> None:
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait(10)
        self._output.close()


Start = Callable[..., Process]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a module of the trial; it is killed when the tests of the file are over."""
    processes: list[Process] = []

    def started(module: str, *arguments: str) -> Process:
        log = tmp_path_factory.mktemp("trial") / f"{module}.log"
        processes.append(Process(f"tests.messaging.trial.{module}", *arguments, log=log))
        return processes[-1]

    yield started
    for process in processes:
        process.close()
