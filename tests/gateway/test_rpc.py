"""Remote calls when all is well, and when the service or the broker is not."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import amqp
import httpx
import pytest

from gateway import rpc
from shared.contracts.access import Role
from shared.kernel.errors import Rejected
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.files import FileStore
from tests.gateway.conftest import TIMEOUT, Gateway, Served, build, command_headers, until
from tests.gateway.responder import EXAMPLES, SILENCE, Responder, example_reply
from tests.gateway.test_commands import PARTICIPANT, REGISTER
from tests.gateway.tokens import Issuer

PATH = f"/participants/{PARTICIPANT}"


def management(broker: BrokerServer, path: str) -> Any:
    return httpx.get(f"{broker.management_url}/api/{path}", timeout=10).json()


def test_the_request_is_what_nameko_expects(gateway: Gateway, coordinator: httpx.Client) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    coordinator.get(PATH, headers={"traceparent": trace})
    message = gateway.service.messages[-1]
    body = json.loads(message.body)
    assert (body["args"], set(body["kwargs"])) == ([], {"call"})
    assert (message.exchange, message.routing_key) == ("nameko-rpc", "registry.get_participant")
    assert (message.content_type, message.content_encoding) == ("application/json", "utf-8")
    assert (message.delivery_mode, message.expiration) == (1, TIMEOUT)
    assert message.correlation_id
    assert message.reply_to
    call_ids = message.headers["nameko.call_id_stack"]
    assert isinstance(call_ids, list)
    assert str(call_ids[0]).startswith("gateway.registry.get_participant.")
    assert str(message.headers["traceparent"]).split("-")[1] == trace.split("-")[1]
    assert not any(name.startswith("nameko.a") for name in message.headers)


def test_polish_letters_pass_both_ways(gateway: Gateway, coordinator: httpx.Client) -> None:
    name = {"family_name": "Gżegżółka-Źdźbło"}
    body = REGISTER | {"personal": {"identity": name}}
    coordinator.post("/participants", json=body, headers=command_headers(None))
    assert gateway.service.last("register_participant")["payload"] == body
    assert "Gżegżółka".encode() in gateway.service.messages[-1].body


def test_a_refusal_becomes_its_problem(gateway: Gateway, coordinator: httpx.Client) -> None:
    def refuse(_: object) -> None:
        raise Rejected("stale_version", {"version": 9}, "/personal/identity/pesel")

    gateway.service.answers["update_participant"] = refuse
    change = {"changed_on": "2006-04-01", "personal": {}}
    response = coordinator.patch(PATH, json=change, headers=command_headers())
    assert response.status_code == 412
    problem = response.json()
    assert problem["details"] == {"version": 9}
    (error,) = problem["errors"]
    assert (error["in"], error["pointer"]) == ("body", "/personal/identity/pesel")


@pytest.mark.parametrize(
    ("operation", "method", "path", "body", "refused", "told"),
    [
        ("search_participants", "POST", "/participants/search", {"pesel": "1"}, "/pesel", "body"),
        ("list_participants", "GET", "/participants", None, "/cursor", "query"),
        ("get_participant", "GET", PATH, None, "/id", "path/participant_id"),
        (
            "withdraw_consent",
            "POST",
            f"{PATH}/consents/image/withdrawal",
            {"withdrawn_on": "2026-01-02"},
            "/purpose",
            "path",
        ),
    ],
)
def test_a_refusal_names_the_place_the_caller_put_the_field_in(
    gateway: Gateway,
    coordinator: httpx.Client,
    operation: str,
    method: str,
    path: str,
    body: dict[str, str] | None,
    refused: str,
    told: str,
) -> None:
    def refuse(_: object) -> None:
        raise Rejected("registry.wrong_state", {}, refused)

    gateway.service.answers[operation] = refuse
    response = coordinator.request(method, path, json=body, headers=command_headers())
    place, _, name = told.partition("/")
    (error,) = response.json()["errors"]
    assert (error["in"], error["pointer"]) == (place, f"/{name}" if name else refused)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: b"{not json",
        lambda _: b"[]",
        lambda _: b'{"result": null}',
        lambda _: b'{"result": null, "error": {}}',
        lambda _: b'{"result": null, "error": {"exc_type": "Rejected", "exc_args": []}}',
        lambda _: {"id": "somebody"},
        lambda _: None,
        lambda _: 1 / 0,
    ],
)
def test_an_answer_that_makes_no_sense_is_the_service_s_failure(
    gateway: Gateway, coordinator: httpx.Client, answer: Any
) -> None:
    gateway.service.answers["get_participant"] = answer
    response = coordinator.get(PATH)
    assert (response.status_code, response.json()["code"]) == (502, "service_failed")
    assert "zero" not in response.text
    assert coordinator.get("/dashboard").status_code == 200


def test_a_code_missing_from_the_table_is_a_failure_not_a_crash(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    def refuse(_: object) -> None:
        raise Rejected("registry.never_heard_of")

    gateway.service.answers["get_participant"] = refuse
    assert coordinator.get(PATH).json()["code"] == "service_failed"


def test_a_silent_service_is_given_up_in_time(gateway: Gateway, coordinator: httpx.Client) -> None:
    gateway.service.answers["get_participant"] = lambda _: SILENCE
    start = time.monotonic()
    response = coordinator.get(PATH)
    assert time.monotonic() - start < TIMEOUT + 2
    assert (response.status_code, response.json()["code"]) == (503, "no_answer")
    assert response.headers["Retry-After"] == "5"


def test_an_answer_that_comes_too_late_disturbs_nobody(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    def slow(_: object) -> Any:
        time.sleep(TIMEOUT + 0.5)
        return example_reply("get_participant") | {"version": 99}

    gateway.service.answers["get_participant"] = slow
    assert coordinator.get(PATH).status_code == 503
    gateway.service.answers.clear()
    time.sleep(0.7)
    assert coordinator.get(PATH).json()["version"] == 5


def test_many_at_once_each_get_their_own_answer(gateway: Gateway) -> None:
    def echo(call: dict[str, Any]) -> Any:
        return example_reply("get_participant") | {"id": call["payload"]["id"]}

    gateway.service.answers["get_participant"] = echo
    ids = [f"018f6d1e-2f0b-7c0e-9b7e-{number:012x}" for number in range(300)]
    with gateway.client(Role.COORDINATOR) as client, ThreadPoolExecutor(32) as pool:
        answers = pool.map(lambda one: client.get(f"/participants/{one}").json()["id"], ids)
    assert list(answers) == ids


def test_more_calls_than_can_be_kept_are_refused_at_once(
    gateway: Gateway, coordinator: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "MAX_PENDING", 0)
    response = coordinator.get(PATH)
    assert (response.status_code, response.json()["code"]) == (503, "overloaded")
    assert response.headers["Retry-After"] == "2"
    assert gateway.service.calls == []


class Alone:
    """A gateway and, when it is wanted, a service on a broker of their own."""

    def __init__(
        self, broker: BrokerServer, issuer: Issuer, store: FileStore, timeout: float = TIMEOUT
    ) -> None:
        self.broker = broker
        self.service = Responder(broker.uri)
        self.served = Served(build(broker.uri, issuer, store, timeout))
        token = issuer.token(Role.COORDINATOR)
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.Client(base_url=self.served.url, headers=headers, timeout=20)

    @property
    def ready(self) -> bool:
        return self.client.get("/health/ready").status_code == 200

    def answers(self) -> bool:
        return self.client.get(PATH).status_code == 200

    def close(self) -> None:
        self.client.close()
        self.served.stop()
        self.service.close()


@pytest.fixture
def alone(own_broker: BrokerServer, issuer: Issuer, store: FileStore) -> Iterator[Alone]:
    alone = Alone(own_broker, issuer, store)
    yield alone
    alone.close()


def test_a_service_that_never_was_is_refused_at_once(alone: Alone) -> None:
    with amqp.Connection(
        host=f"127.0.0.1:{alone.broker.port}", userid="admin", password=alone.broker.password
    ) as connection:
        connection.channel().exchange_declare(
            "nameko-rpc", "topic", durable=True, auto_delete=False
        )
    until(lambda: alone.ready)
    start = time.monotonic()
    response = alone.client.get(PATH)
    assert time.monotonic() - start < TIMEOUT / 2
    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert response.json()["details"] == {"service": "registry"}
    assert response.headers["Retry-After"] == "5"


@pytest.mark.fault
def test_a_stopped_service_is_bounded_and_nothing_is_left_to_do_when_it_returns(
    alone: Alone,
) -> None:
    alone.service.start()
    until(lambda: alone.ready)
    assert alone.answers()
    alone.service.stop()
    start = time.monotonic()
    response = alone.client.post("/participants", json=REGISTER, headers=command_headers(None))
    assert time.monotonic() - start < TIMEOUT + 2
    assert (response.status_code, response.json()["code"]) == (503, "no_answer")
    alone.service.calls.clear()
    time.sleep(TIMEOUT)  # the request expires on the broker
    alone.service.start()
    until(alone.answers)
    assert {operation for operation, _ in alone.service.calls} == {"get_participant"}


@pytest.mark.fault
def test_the_broker_is_killed_and_comes_back(alone: Alone) -> None:
    alone.service.start()
    until(lambda: alone.ready)
    alone.broker.kill()
    until(lambda: not alone.ready)
    start = time.monotonic()
    response = alone.client.get(PATH)
    assert time.monotonic() - start < TIMEOUT + 2
    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert alone.client.get("/health/live").status_code == 200
    assert alone.client.get("/health/ready").json()["details"] == {
        "missing": {"broker": "not connected"}
    }
    alone.broker.start()
    until(lambda: alone.ready, limit=60)
    until(alone.answers, limit=30)


@pytest.mark.fault
def test_the_broker_may_come_later_than_the_gateway(
    own_broker: BrokerServer, issuer: Issuer, store: FileStore
) -> None:
    own_broker.stop()
    alone = Alone(own_broker, issuer, store)
    try:
        assert not alone.ready
        assert alone.client.get(PATH).json()["code"] == "service_unavailable"
        own_broker.start()
        alone.service.start()
        until(lambda: alone.ready, limit=60)
        until(alone.answers, limit=30)
    finally:
        alone.close()


@pytest.fixture
def patient(own_broker: BrokerServer, issuer: Issuer, store: FileStore) -> Iterator[Alone]:
    patient = Alone(own_broker, issuer, store, timeout=15)
    yield patient
    patient.close()


@pytest.mark.fault
def test_a_forced_disconnect_in_the_middle_of_a_call_still_returns_the_answer(
    patient: Alone,
) -> None:
    patient.service.start()
    until(lambda: patient.ready)
    until(lambda: gateway_connections(patient.broker))
    cut_off = []

    def cut(_: object) -> Any:
        time.sleep(0.5)  # the request is confirmed by then: what is lost can only be the answer
        for name in gateway_connections(patient.broker):
            httpx.delete(f"{patient.broker.management_url}/api/connections/{name}")
            cut_off.append(name)
        return example_reply("get_participant")

    patient.service.answers["get_participant"] = cut
    assert patient.client.get(PATH).json() == EXAMPLES["get_participant"]["reply"]
    assert len(cut_off) == 1


def gateway_connections(broker: BrokerServer) -> set[str]:
    """Names of the connections that consume a reply queue."""
    consumers = management(broker, "consumers")
    return {
        consumer["channel_details"]["connection_name"]
        for consumer in consumers
        if consumer["queue"]["name"].startswith("rpc.reply-gateway-")
    }


@pytest.mark.fault
def test_a_deleted_reply_queue_is_made_again(alone: Alone) -> None:
    alone.service.start()
    until(lambda: alone.ready)
    (queue,) = [
        queue["name"]
        for queue in management(alone.broker, "queues")
        if queue["name"].startswith("rpc.reply-gateway-")
    ]
    httpx.delete(f"{alone.broker.management_url}/api/queues/%2F/{queue}").raise_for_status()
    until(alone.answers, limit=15)
