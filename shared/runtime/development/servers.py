"""What the private database and broker nodes have in common: a folder, a process, a way to be ready.

Used by ``./dev up``, by the tests and by the fault runs, which stop, kill and restart them. Ports
are free ones, remembered in the folder; everything listens on the loopback interface only.
"""

import json
import os
import random
import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.runtime.development.processes import Child

Report = Callable[[str], None]
"""Receives what is being waited for, whenever that changes."""


def silent(_text: str) -> None:
    """Report nothing."""


ADMIN = "admin"
OUTGOING_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


class ServerFailed(Exception):
    """A node did not become ready: which one, why, and where its log is."""

    def __init__(self, part: str, reason: str, log: Path) -> None:
        super().__init__(f"{part}: {reason} (log: {log})")
        self.part, self.reason, self.log = part, reason, log


class Server(ABC):
    """One node with its data under `folder`; a second object on the same folder sees the same node.

    `binary` is the program to run. Not thread-safe.
    """

    part: str
    grace = 30.0

    def __init__(self, folder: Path, binary: Path) -> None:
        self.folder = folder.resolve()
        self.binary = binary
        self.log = self.folder / "server.log"
        self._remembered = self.folder / "server.json"
        self._log_start = 0
        self._state: dict[str, Any] = {}
        if self._remembered.exists():
            self._state = json.loads(self._remembered.read_text())
        self._child = Child(self._state["marker"]) if "marker" in self._state else None

    @abstractmethod
    def _launch(self) -> Child:
        """Start the program and return at once."""

    @abstractmethod
    def _unready(self) -> str | None:
        """Why it cannot be used yet, or None when it can. May raise any passing error."""

    @abstractmethod
    def _reason_in_log(self) -> str:
        """The first error that the program wrote down since it was launched."""

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.alive

    @property
    def password(self) -> str:
        if "password" not in self._state:
            self._remember(password=secrets.token_urlsafe(24))
        return str(self._state["password"])

    def start(self, report: Report = silent, limit: float = 90.0) -> None:
        """Start the node, unless it runs, and return when it can really be used.

        Raises ServerFailed when it ends or is not ready within `limit` seconds; it is stopped then.
        """
        self.launch()
        self.wait_ready(report, limit)

    def launch(self) -> None:
        """Only start the process, so that several nodes can start side by side."""
        if self.running:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._child is not None:
            self._child.kill()  # parts that outlived the program
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self._child = self._launch()
        self._remember(marker=self._child.marker)

    def wait_ready(self, report: Report = silent, limit: float = 90.0) -> None:
        end = time.monotonic() + limit
        said = ""
        while True:
            try:
                missing = summary = self._unready()
            except Exception as error:  # the client libraries raise many kinds while it starts
                missing, summary = f"{type(error).__name__}: {error}", "does not answer yet"
            if missing is None:
                return
            if not self.running:
                self._fail(f"ended while starting: {self._reason_in_log()}")
            if time.monotonic() >= end:
                self._fail(f"not ready after {limit:.0f} s: {missing}")
            if summary and summary != said:
                report(summary)
                said = summary
            time.sleep(0.1)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop(self.grace)

    def kill(self) -> None:
        """SIGKILL, as a power cut would end it."""
        if self._child is not None:
            self._child.kill()

    def restart(self, report: Report = silent, limit: float = 90.0) -> None:
        self.stop()
        self.start(report, limit)

    def _fail(self, reason: str) -> None:
        self.kill()
        raise ServerFailed(self.part, reason, self.log)

    def _log_lines(self) -> list[str]:
        """What was logged since the launch."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace").splitlines()

    def _remember(self, **values: object) -> None:
        self._state.update(values)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._remembered.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._state))
        fresh.replace(self._remembered)

    def _ports(self, *names: str) -> list[int]:
        """The remembered ports, or fresh ones for all names when one of them is taken by now."""
        ports = [int(self._state.get(name, 0)) for name in names]
        if not all(port and is_free(port) for port in ports):
            ports = free_ports(len(names))
            self._remember(**dict(zip(names, ports, strict=True)))
        return ports


def free_ports(count: int) -> list[int]:
    """Distinct ports that nothing uses, below those the kernel gives to outgoing connections.

    A port from the kernel's own range would not do: while a node is down, a client that reconnects
    in a loop can be given that very port for its own end, connects to itself and keeps it occupied.
    """
    lowest_outgoing = int(OUTGOING_PORTS.read_text().split()[0])
    candidates = random.sample(range(10_000, lowest_outgoing), k=200)
    free = [port for port in candidates if is_free(port)][:count]
    if len(free) < count:
        raise OSError(f"fewer than {count} of 200 ports tried are free")
    return free


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: TIME_WAIT is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def plain_environment() -> dict[str, str]:
    """What a server needs of ours; settings meant for other nodes must not leak into it."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
