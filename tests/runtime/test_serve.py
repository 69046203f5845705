"""`serve` as real processes: tokens checked, calls drained, several services side by side."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import kombu
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import encode
from jwt.algorithms import OKPAlgorithm

from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.views import Projector
from tests.messaging.caller import Caller, request
from tests.runtime.trial.counting import TOTALS, Counting, write_settings
from tests.runtime.trial.services import Processes, status

KEY = Ed25519PrivateKey.generate()
SERVICE = "from tests.runtime.trial.answering import {} as Service\n"


@pytest.fixture
def amqp_uri(broker: BrokerServer, name: str) -> Iterator[str]:
    with httpx.Client(base_url=broker.management_url, timeout=30) as management:
        management.put(f"/api/vhosts/{name}").raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        management.put(f"/api/permissions/{name}/admin", json=rights).raise_for_status()
        yield broker.uri + name
        management.delete(f"/api/vhosts/{name}").raise_for_status()


@pytest.fixture
def processes(
    mongodb: MongoServer, amqp_uri: str, name: str, tmp_path: Path
) -> Iterator[Processes]:
    write_settings(tmp_path, mongodb.uri, name, amqp_uri)
    for other in ("answering", "dying"):
        (tmp_path / f"{other}.env").write_bytes((tmp_path / "counting.env").read_bytes())
    keys = [OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one"}]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": keys}))
    made = Processes(tmp_path, STOP_SECONDS="5")
    made.define("counting", service=SERVICE.format("Counting"))
    made.define("answering", service=SERVICE.format("Answering"))
    yield made
    made.end()


def token(**changes: object) -> str:
    now = int(time.time())
    claims = {
        "iss": "urn:test",
        "aud": "test",
        "sub": "anna",
        "iat": now,
        "exp": now + 600,
        "roles": ["coordinator"],
    }
    return encode(claims | changes, KEY, "EdDSA", headers={"kid": "one"})


def until_ready(page: str, limit: float = 60.0) -> None:
    end = time.monotonic() + limit
    while status(page) != {"status": "ready"}:
        assert time.monotonic() < end, status(page)
        time.sleep(0.05)


def until(seen: Callable[[], object], limit: float = 30.0) -> None:
    end = time.monotonic() + limit
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_one_process_answers_for_all_services_to_proved_callers(
    processes: Processes, amqp_uri: str
) -> None:
    process, page = processes.start("shared.runtime.entrypoints", "serve")
    until_ready(page)
    with Caller(amqp_uri, "answering") as caller:
        answer = caller.call("who", {}, token=token())
        assert answer["result"] == {"reached": True, "subject": "anna", "pid": process.pid}
        expired = caller.call("who", {}, token=token(exp=1))
        assert expired["error"]["exc_args"][0] == "token_expired"
        forged = token(aud="another")
        assert caller.call("who", {}, token=forged)["error"]["exc_args"][0] == "token_invalid"
        denied = caller.call("who", {}, token=token(roles=["trainer"]))
        assert denied["error"]["exc_args"][0] == "forbidden"
    with Caller(amqp_uri, "counting") as caller:
        slept = caller.call("sleep", {"milliseconds": 1}, token=token())
        assert slept["result"] == {"milliseconds": 1}
    metrics = httpx.get(f"{page}/metrics").text
    for service in ("answering", "counting"):
        assert f'runtime_serving{{service="{service}"}} 1.0' in metrics
    process.terminate()
    assert process.wait(20) == 0


def test_a_query_waits_for_what_its_caller_wrote_while_others_are_answered(
    processes: Processes, counting: Counting, amqp_uri: str
) -> None:
    """Under eventlet a wait must not hold up the whole process."""
    projector = Projector(TOTALS, counting.views)
    projector.prepare()
    head = counting.record(uuid4(), 1, [1])
    _, page = processes.start("services.counting", "serve")
    until_ready(page)
    call = {"token": token(), "correlation_id": str(uuid4()), "payload": {"position": head}}
    with Caller(amqp_uri, "counting") as waiting, Caller(amqp_uri, "counting") as other:
        correlation = waiting.send("wait", request(call=call))
        for _ in range(20):
            assert other.call("sleep", {"milliseconds": 1}, token=token())["result"]
        assert correlation not in waiting.replies
        projector.advance(counting.history, 0)
        assert waiting.reply(correlation)["result"]["reached"] is True


def test_running_calls_are_answered_before_the_process_ends(
    processes: Processes, amqp_uri: str
) -> None:
    process, page = processes.start("services.counting", "serve")
    until_ready(page)
    payload = {"milliseconds": 1500}
    call = {"token": token(), "correlation_id": str(uuid4()), "payload": payload}
    with Caller(amqp_uri, "counting") as caller:
        running = [caller.send("sleep", request(call=call)) for _ in range(5)]
        time.sleep(0.5)
        process.terminate()
        for correlation in running:
            assert caller.reply(correlation)["result"] == payload
    assert process.wait(20) == 0
    assert '"stopped"' in processes.log.read_text()


def test_a_call_that_does_not_end_does_not_keep_the_process(
    processes: Processes, amqp_uri: str
) -> None:
    process, page = processes.start("services.counting", "serve")
    until_ready(page)
    call = {
        "token": token(),
        "correlation_id": str(uuid4()),
        "payload": {"milliseconds": 60_000},
    }
    with Caller(amqp_uri, "counting") as caller:
        caller.send("sleep", request(call=call))
        time.sleep(0.5)
        began = time.monotonic()
        process.terminate()
        process.wait(30)
    assert time.monotonic() - began < 20


def test_a_service_that_cannot_start_ends_the_process_and_says_why(
    processes: Processes,
) -> None:
    processes.define("dying", service=SERVICE.format("Dying"))
    ended = processes.run("shared.runtime.entrypoints", "serve")
    assert ended.returncode == 1
    (line,) = [
        json.loads(line) for line in ended.stderr.splitlines() if "service_not_started" in line
    ]
    assert line["service"] == "dying"
    assert "rules.toml" in json.dumps(line)


def test_other_queue_arguments_end_the_process_instead_of_hanging(
    processes: Processes, amqp_uri: str
) -> None:
    with kombu.Connection(amqp_uri) as connection:
        connection.default_channel.queue_declare("rpc-counting", durable=True, auto_delete=False)
    ended = processes.run("services.counting", "serve")
    assert ended.returncode == 1
    assert "service_not_started" in ended.stderr
    assert "TopologyMismatch" in ended.stderr


def test_a_lost_broker_shows_in_readiness_and_passes(
    own_broker: BrokerServer, processes: Processes, mongodb: MongoServer, name: str
) -> None:
    write_settings(processes.folder, mongodb.uri, name, own_broker.uri)
    process, page = processes.start("services.counting", "serve")
    until_ready(page)
    own_broker.kill()
    until(lambda: "counting" in str(status(page).get("missing")))
    own_broker.start()
    until_ready(page)
    with Caller(own_broker.uri, "counting") as caller:
        assert caller.call("sleep", {"milliseconds": 1}, token=token())["result"]
    process.terminate()
    assert process.wait(20) == 0
