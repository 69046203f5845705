"""The platform as processes that a test may kill one by one, and its users.

`./dev up` stops everything when one part fails; here the rest goes on, as in production.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from shared.contracts.access import Role
from shared.runtime.development import identity
from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.identity import DevelopmentIdentity
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.processes import Child, wait_until
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.entrypoints import discover
from shared.runtime.provision import Administrator, provision

ROOT = Path(__file__).parents[2]
SERVICES = tuple(discover())
PROGRAMS = {
    "serve": ("shared.runtime.entrypoints", "serve"),
    "follow": ("shared.runtime.entrypoints", "follow"),
    "gateway": ("gateway",),
}
READY = 60.0
PATIENCE = 60.0
T = TypeVar("T")


class Refused(Exception):
    """A problem document: its status, code, errors and details."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.problem: dict[str, Any] = response.json()
        super().__init__(f"{response.request.method} {response.request.url}: {self.problem}")

    @property
    def code(self) -> str:
        return str(self.problem["code"])


@dataclass(frozen=True)
class User:
    """A person with a token; the subject is `ROLE@PARTNER`."""

    http: httpx.Client
    token: str

    def give(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        version: int | None = None,
        method: str = "POST",
        key: str = "",
    ) -> dict[str, Any]:
        """Give a command. Raises `Refused`."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._answer(method, path, headers, json=body).json()  # type: ignore[no-any-return]

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        return self._answer("GET", path, {}, params=query).json()  # type: ignore[no-any-return]

    def fetch(self, path: str) -> bytes:
        return self._answer("GET", path, {}).content

    def upload(self, path: str, content: bytes, key: str = "", **fields: str) -> dict[str, Any]:
        """Send a CSV file that is imported whole or not at all."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        form = {"dry_run": "false", "mode": "all_or_nothing", **fields}
        file = {"file": ("file.csv", content)}
        return self._answer("POST", path, headers, data=form, files=file).json()  # type: ignore[no-any-return]

    def finished(self, path: str) -> dict[str, Any]:
        """A job when it has ended."""

        def ended() -> dict[str, Any] | None:
            job = self.read(path)
            return job if job["state"] in {"done", "failed"} else None

        return eventually(ended)

    def _answer(
        self, method: str, path: str, headers: Mapping[str, str], **request: Any
    ) -> httpx.Response:
        headers = {**headers, "Authorization": f"Bearer {self.token}"}
        response = self.http.request(method, path, headers=headers, **request)
        if not response.is_success:
            raise Refused(response)
        return response


class Playground:
    """Services and gateway on servers of a test."""

    def __init__(self, folder: Path, mongodb: MongoServer, broker: BrokerServer) -> None:
        self.mongodb, self.broker = mongodb, broker
        self.logs = folder / "logs"
        self._identity = DevelopmentIdentity(folder / "identity")
        self._children: dict[str, Child] = {}
        self._ports = dict(zip(PROGRAMS, _free_ports(len(PROGRAMS)), strict=True))
        settings = folder / "settings"
        administrator = Administrator(mongodb.uri, broker.uri, broker.management_url)
        provision(settings, SERVICES, administrator, report=lambda _: None)
        self.url = f"http://127.0.0.1:{self._ports['gateway']}"
        self.http = httpx.Client(base_url=self.url, timeout=30)
        self._environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "SETTINGS_DIR": str(settings),
            "LOG_FORMAT": "json",
            "IDENTITY_ISSUER": identity.ISSUER,
            "IDENTITY_AUDIENCE": identity.AUDIENCE,
            "IDENTITY_JWKS": str(self._identity.key_set),
            "TRAINING_VERIFICATION_URL": f"{self.url}/verify",
            "RESEARCH_FORM_URL": f"{self.url}/ask",
            "GATEWAY_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._ports["gateway"]),
        }

    def start(self) -> None:
        for name in PROGRAMS:
            self.launch(name)
        for name in PROGRAMS:
            self.await_ready(name)

    def launch(self, name: str) -> None:
        self._children[name] = Child.spawn(
            [sys.executable, "-m", *PROGRAMS[name]],
            env=self._environment | {"HEALTH_PORT": str(self._ports[name])},
            cwd=ROOT,
            log=self.logs / f"{name}.log",
        )

    def await_ready(self, name: str) -> None:
        url = f"http://127.0.0.1:{self._ports[name]}/health/ready"
        assert wait_until(lambda: _is_ready(url), limit=READY), f"{name} is not ready"

    def kill(self, name: str) -> None:
        """As a crash would: SIGKILL."""
        self._children[name].signal(signal.SIGKILL)
        self._children[name].kill()

    def end(self) -> None:
        self.http.close()
        for child in self._children.values():
            child.kill()

    def user(self, role: Role, partner: str) -> User:
        return User(self.http, self._identity.token(role, partner=partner))


@contextmanager
def playground(folder: Path) -> Iterator[Playground]:
    """A platform that runs, on servers of its own."""
    mongodb = MongoServer(folder / "mongodb", find_mongod())
    broker = BrokerServer(folder / "rabbitmq", find_rabbitmq())
    platform = None
    mongodb.launch()
    broker.launch()
    try:
        mongodb.wait_ready()
        broker.wait_ready()
        platform = Playground(folder, mongodb, broker)
        platform.start()
        yield platform
    finally:
        if platform is not None:
            platform.end()
        broker.kill()
        mongodb.kill()


def eventually(found: Callable[[], T | None]) -> T:
    """Ask until there is an answer."""
    deadline = time.monotonic() + PATIENCE
    while (answer := found()) is None:
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)
    return answer


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
