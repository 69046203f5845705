"""The trial's programs as processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


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
