"""Trial services as folders, started the way real ones are: ``python -m services.NAME …``."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from shared.runtime.development.servers import free_ports

ROOT = Path(__file__).parents[3]
MAIN = 'from shared.runtime.entrypoints import run\n\nrun("{name}")\n'


class Processes:
    """Processes of services under `folder`, each with a health page of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []

    def define(self, name: str, **modules: str) -> None:
        """A service whose modules have the given code."""
        service = self.folder / "services" / name
        (service / "domain").mkdir(parents=True)
        (service / "domain" / "__init__.py").touch()
        (service / "__main__.py").write_text(MAIN.format(name=name))
        for module, code in modules.items():
            (service / f"{module}.py").write_text(code)

    def start(self, *command: str) -> tuple[subprocess.Popen[bytes], str]:
        """The process of ``python -m COMMAND`` and the address of its health page."""
        (port,) = free_ports(1)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder,
                env=self._all(HEALTH_PORT=str(port)),
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process, f"http://127.0.0.1:{port}"

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """``python -m COMMAND`` to its end."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=self._all(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _all(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{self.folder}",
            "SETTINGS_DIR": str(self.folder),
            "IDENTITY_ISSUER": "urn:test",
            "IDENTITY_AUDIENCE": "test",
            "IDENTITY_JWKS": str(self.folder / "keys.json"),
            **self._environment,
            **more,
        }


def until(seen: Callable[[], object], limit: float = 30.0) -> None:
    end = time.monotonic() + limit
    while not seen():
        assert time.monotonic() < end, "did not come about in time"
        time.sleep(0.02)


def status(page: str) -> dict[str, object]:
    """What a health page says, `{"status": "down"}` when there is none."""
    try:
        answer = httpx.get(f"{page}/health/ready", timeout=5)
    except httpx.TransportError:
        return {"status": "down"}
    content: dict[str, object] = answer.json()
    return content
