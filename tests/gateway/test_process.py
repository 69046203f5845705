"""`python -m gateway` as it runs in production: its own process, its own least rights."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.contracts.access import Role
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.development.servers import free_ports
from tests.conftest import Provision
from tests.gateway.conftest import command_headers, until
from tests.gateway.responder import Responder
from tests.gateway.test_commands import REGISTER
from tests.gateway.tokens import AUDIENCE, ISSUER, Issuer


@pytest.fixture
def environment(provisioned: Provision, issuer: Issuer) -> dict[str, str]:
    (port,) = free_ports(1)
    return os.environ | {
        "SETTINGS_DIR": str(provisioned(["registry"])),
        "GATEWAY_PORT": str(port),
        "IDENTITY_ISSUER": ISSUER,
        "IDENTITY_AUDIENCE": AUDIENCE,
        "IDENTITY_JWKS": str(issuer.key_set),
    }


@pytest.fixture
def process(environment: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen([sys.executable, "-m", "gateway"], env=environment, stderr=log)
    yield started
    started.kill()
    started.wait()


def test_it_serves_with_its_own_rights_and_ends_when_asked(
    process: "subprocess.Popen[bytes]",
    environment: dict[str, str],
    broker: BrokerServer,
    issuer: Issuer,
    tmp_path: Path,
) -> None:
    service = Responder(broker.uri)
    service.start()
    headers = {"Authorization": f"Bearer {issuer.token(Role.COORDINATOR)}"}
    base = f"http://127.0.0.1:{environment['GATEWAY_PORT']}"
    with httpx.Client(base_url=base, headers=headers, timeout=10) as client:

        def ready() -> bool:
            try:
                return client.get("/health/ready").is_success
            except httpx.TransportError:
                return False

        until(ready, limit=30)
        created = client.post("/participants", json=REGISTER, headers=command_headers(None))
        assert created.status_code == 201
        form = {"partner": "stowarzyszenie-a", "dry_run": "true"}
        files = {"file": ("a.csv", b"pesel\n")}
        uploaded = client.post("/imports", data=form, files=files, headers=command_headers(None))
        assert uploaded.status_code == 202, uploaded.text
        assert "gateway_http_seconds" in client.get("/metrics").text
    service.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in {0, -signal.SIGTERM}
    log = (tmp_path / "log").read_text()
    assert '"route": "/participants"' in log
    assert "Traceback" not in log
    assert REGISTER["personal"]["identity"]["pesel"] not in log


@pytest.mark.parametrize(("proxies", "second"), [("127.0.0.0/8", 401), ("192.0.2.1", 429)])
def test_a_clients_address_is_taken_from_a_known_proxy_only(
    environment: dict[str, str], proxies: str, second: int
) -> None:
    environment |= {"GATEWAY_PROXIES": proxies, "GATEWAY_ADDRESS_BURST": "1"}
    environment |= {"GATEWAY_ADDRESS_RATE": "0.001"}
    url = f"http://127.0.0.1:{environment['GATEWAY_PORT']}/dashboard"
    process = subprocess.Popen([sys.executable, "-m", "gateway"], env=environment)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=10) as client:
            clients = ("198.51.100.1", "198.51.100.2", "198.51.100.1")
            told = [client.get(url, headers={"X-Forwarded-For": each}) for each in clients]
    finally:
        process.kill()
        process.wait()
    assert [each.status_code for each in told] == [401, second, 429]


@pytest.mark.parametrize("missing", ["IDENTITY_JWKS", "SETTINGS_DIR"])
def test_a_missing_setting_is_named_and_ends_the_start(
    environment: dict[str, str], missing: str
) -> None:
    del environment[missing]
    ended = subprocess.run(
        [sys.executable, "-m", "gateway"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    named = {"IDENTITY_JWKS": "IDENTITY_JWKS", "SETTINGS_DIR": "GATEWAY_AMQP_URI"}
    assert named[missing] in ended.stderr
