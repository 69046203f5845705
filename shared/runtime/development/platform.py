"""The whole platform on one machine: servers, services, gateway, as one thing to start and stop.

A supervisor process owns everything and writes what it does to a state file, so that other commands
(`up`, `down`, `status`) can see and end it; whatever it started is also found by its marker when the
supervisor itself was killed.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shared.runtime.development.processes import Child

SUPERVISOR_GRACE = 90.0
CHILD_GRACE = 30.0
KEPT_BY_WIPE = ("python", "bin")
"""Beginnings of names in the data folder that hold programs, not data."""


@dataclass
class State:
    """What is known of a running platform; `failure` ends a start that did not succeed."""

    supervisor: str
    ready: bool = False
    stopping: bool = False
    failure: str = ""
    children: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    """What a person may open, by name."""
    demo: str = ""
    """What playing the demo partnership printed."""

    @property
    def phase(self) -> str:
        return "stopping" if self.stopping else "up" if self.ready else "starting"


@dataclass(frozen=True)
class Platform:
    """The data folder of a checkout and where everything is in it."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "settings"

    @property
    def identity(self) -> Path:
        return self.folder / "identity"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def progress_log(self) -> Path:
        return self.logs / "up.log"

    @property
    def demo_marker(self) -> Path:
        return self.folder / "demo-loaded"

    @property
    def ports(self) -> Path:
        return self.folder / "ports.json"

    @property
    def mongodb(self) -> Path:
        return self.folder / "mongodb"

    @property
    def rabbitmq(self) -> Path:
        return self.folder / "rabbitmq"

    @property
    def _state_file(self) -> Path:
        return self.folder / "up.json"

    def log_files(self) -> dict[str, Path]:
        """Every log there is, by the part that writes it."""
        found = {path.stem: path for path in sorted(self.logs.glob("*.log"))}
        for part in (self.mongodb, self.rabbitmq):
            if (part / "server.log").exists():
                found[part.name] = part / "server.log"
        return found

    def load(self) -> State | None:
        """The state of the platform that was started last, or None when it was ended properly."""
        with suppress(FileNotFoundError):
            return State(**json.loads(self._state_file.read_text()))
        return None

    def save(self, state: State) -> None:
        fresh = self._state_file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(state), indent=2))
        fresh.replace(self._state_file)

    def running(self) -> State | None:
        """The state, if its supervisor lives."""
        state = self.load()
        return state if state and Child(state.supervisor).alive else None

    def stop(self) -> bool:
        """End everything that was started here; whether there was anything to end."""
        state = self.load()
        found = False
        if state:
            found = _end([state.supervisor], SUPERVISOR_GRACE)
            found |= _end(state.children.values(), CHILD_GRACE)
        servers = [marker for folder in self._servers() for marker in _marker_of(folder)]
        found |= _end(servers, CHILD_GRACE)
        self._state_file.unlink(missing_ok=True)
        return found

    def wipe(self) -> None:
        """Forget all data; the Python environment and downloaded programs stay."""
        for path in self.folder.iterdir():
            if path.name.startswith(KEPT_BY_WIPE):
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _servers(self) -> Iterator[Path]:
        yield from (self.rabbitmq, self.mongodb)


def _end(markers: Iterable[str], grace: float) -> bool:
    """Stop, side by side, those that live; whether any did."""
    living = [child for child in map(Child, markers) if child.alive]
    with ThreadPoolExecutor() as side_by_side:
        list(side_by_side.map(lambda child: child.stop(grace), living))
    return bool(living)


@contextmanager
def swept(folder: Path) -> Iterator[None]:
    """Afterwards, end every server with data below `folder`, and remove the folder."""
    try:
        yield
    finally:
        for remembered in folder.rglob("server.json"):
            for marker in _marker_of(remembered.parent):
                Child(marker).kill()
        shutil.rmtree(folder, ignore_errors=True)


def _marker_of(server_folder: Path) -> list[str]:
    with suppress(FileNotFoundError, KeyError):
        return [json.loads((server_folder / "server.json").read_text())["marker"]]
    return []


def base_environment() -> dict[str, str]:
    """Ours, with the modules of the checkout found from anywhere."""
    return dict(os.environ) | {"PYTHONPATH": str(Path.cwd()), "PYTHONUNBUFFERED": "1"}
