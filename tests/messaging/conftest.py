"""A private virtual host per test module and the trial's processes."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from shared.runtime.development.rabbitmq import BrokerServer
from tests.messaging.process import Process


@pytest.fixture(scope="module")
def amqp_uri(broker: BrokerServer) -> Iterator[str]:
    name = f"trial-{uuid4().hex[:8]}"
    with httpx.Client(base_url=broker.management_url, timeout=10) as management:
        management.put(f"/api/vhosts/{name}").raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        management.put(f"/api/permissions/{name}/admin", json=rights).raise_for_status()
        yield broker.uri + name
        management.delete(f"/api/vhosts/{name}").raise_for_status()


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
