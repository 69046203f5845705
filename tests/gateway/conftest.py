"""A real broker, a responder in the place of the services, and the gateway behind real HTTP."""

import asyncio
import base64
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from pymongo import MongoClient
from structlog.types import EventDict

from gateway.app import create_app
from gateway.endpoints import Parts
from gateway.files import Files
from gateway.limits import Limit, Limits
from gateway.rpc import RpcClient
from shared.contracts.access import Role
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.files import FileStore, create_file_store
from shared.runtime.health import Health
from tests.gateway.responder import Responder
from tests.gateway.tokens import Issuer

TIMEOUT = 1.5
"""Seconds the gateway under test waits for a service."""


class Served:
    """An application behind uvicorn in a thread of its own, on a free port of the loopback."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            http="h11",
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def _run(self) -> None:
        asyncio.run(self._server.serve())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)


def until(condition: object, limit: float = 20.0) -> None:
    assert callable(condition)
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.02)


UNLIMITED = Limits(Limit(1_000_000, 1_000_000), Limit(1_000_000, 1_000_000))


def build(
    uri: str,
    issuer: Issuer,
    store: FileStore,
    timeout: float = TIMEOUT,
    limits: Limits = UNLIMITED,
) -> FastAPI:
    metrics = CollectorRegistry()
    rpc = RpcClient(uri, timeout=timeout, registry=metrics)
    health = Health()
    health.check("broker", lambda: None if rpc.ready else "not connected")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await rpc.start()
        yield
        await rpc.stop()

    parts = Parts(rpc, issuer.verifier, Files(store), limits)
    return create_app(parts, health, metrics, lifespan)


@pytest.fixture(scope="session")
def store(mongodb: MongoServer) -> Iterator[FileStore]:
    """The real file store, in a database of its own."""
    uri = mongodb.uri.replace("/?", "/gateway_tests_files?")
    client: MongoClient[dict[str, Any]] = MongoClient(uri)
    create_file_store(client.get_default_database())
    client.close()
    store = FileStore.connect(uri, base64.b64encode(secrets.token_bytes(32)).decode())
    yield store
    store.close()


@pytest.fixture(scope="session", autouse=True)
def log_lines() -> Iterator[list[str]]:
    """Every line of the log, instead of on the screen."""
    lines: list[str] = []

    def keep(_: object, __: str, event: EventDict) -> EventDict:
        lines.append(repr(event))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    yield lines
    structlog.reset_defaults()


@pytest.fixture
def logged(log_lines: list[str]) -> list[str]:
    """The lines of one test."""
    log_lines.clear()
    return log_lines


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("identity"))


@dataclass
class Gateway:
    """The gateway under test with the service behind it."""

    url: str
    issuer: Issuer
    service: Responder
    store: FileStore

    def client(self, *roles: Role, subject: str = "user-7") -> httpx.Client:
        """A client whose caller has these roles; commands carry a new key by default."""
        headers = {"Authorization": f"Bearer {self.issuer.token(*roles, subject=subject)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20)


@pytest.fixture(scope="session")
def running(broker: BrokerServer, issuer: Issuer, store: FileStore) -> Iterator[Gateway]:
    service = Responder(broker.uri)
    service.start()
    served = Served(build(broker.uri, issuer, store))
    with httpx.Client(base_url=served.url) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
    yield Gateway(served.url, issuer, service, store)
    served.stop()
    service.close()


@pytest.fixture
def gateway(running: Gateway) -> Iterator[Gateway]:
    """The running gateway, with a service that answers everything by its examples again."""
    running.service.answers.clear()
    running.service.calls.clear()
    yield running
    running.service.answers.clear()


@pytest.fixture
def coordinator(gateway: Gateway) -> Iterator[httpx.Client]:
    with gateway.client(Role.COORDINATOR) as client:
        yield client


@pytest.fixture
def everybody(gateway: Gateway) -> Iterator[httpx.Client]:
    """A caller who may do whatever anybody may."""
    with gateway.client(*Role) as client:
        yield client


def command_headers(version: int | None = 4) -> dict[str, str]:
    headers = {"Idempotency-Key": str(uuid4())}
    return headers if version is None else headers | {"If-Match": f'"{version}"'}
