"""Commands: what they must carry, what becomes of it, and what the answer tells."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.app import endpoints
from gateway.endpoints import Endpoint
from shared.contracts.access import Role
from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES

REGISTER = EXAMPLES["register_participant"]["request"]
PARTICIPANT = EXAMPLES["get_participant"]["request"]["id"]
ENROL = {"started_on": "2006-03-01", "support": "T/3"}
ENROLMENT = f"/participants/{PARTICIPANT}/enrolment"
COMMANDS = [endpoint for endpoint in endpoints() if endpoint.keyed and endpoint.handler is None]


def path_of(endpoint: Endpoint) -> str:
    """The endpoint's path, filled with its documented example."""
    values = EXAMPLES[endpoint.operation.name]["request"]
    return endpoint.path.format(
        **{name: values[field] for name, field in endpoint.path_fields.items()}
    )


def body_of(endpoint: Endpoint) -> dict[str, Any]:
    values = EXAMPLES[endpoint.operation.name]["request"]
    return {name: values[name] for name in endpoint.other_fields if name in values}


def test_registering_answers_created_with_receipt_and_location(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    response = coordinator.post("/participants", json=REGISTER, headers=command_headers(None))
    assert response.status_code == 201
    assert response.json() == EXAMPLES["receipt"]
    assert response.headers["Location"] == f"/participants/{PARTICIPANT}"
    assert response.headers["ETag"] == '"5"'
    assert gateway.service.last("register_participant")["payload"] == REGISTER


@pytest.mark.parametrize("endpoint", COMMANDS, ids=lambda endpoint: str(endpoint.operation))
def test_every_command_arrives_whole_under_its_operation(
    gateway: Gateway, everybody: httpx.Client, endpoint: Endpoint
) -> None:
    headers = command_headers(4 if endpoint.versioned else None)
    response = everybody.request(
        endpoint.method, path_of(endpoint), json=body_of(endpoint), headers=headers
    )
    assert response.status_code == endpoint.status, response.text
    call = gateway.service.last(endpoint.operation.name)
    assert call["payload"] == EXAMPLES[endpoint.operation.name]["request"]
    assert call["expected_version"] == (4 if endpoint.versioned else None)
    assert call["command_id"] is not None
    assert call["token"] == everybody.headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("endpoint", COMMANDS, ids=lambda endpoint: str(endpoint.operation))
def test_a_parameter_that_would_be_ignored_is_refused(
    gateway: Gateway, everybody: httpx.Client, endpoint: Endpoint
) -> None:
    response = everybody.request(
        endpoint.method,
        path_of(endpoint),
        params={"dry_run": "true"},
        json=body_of(endpoint),
        headers=command_headers(4 if endpoint.versioned else None),
    )
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    (error,) = response.json()["errors"]
    assert (error["in"], error["pointer"], error["code"]) == ("query", "/dry_run", "unknown")
    assert gateway.service.calls == []


def test_fields_not_sent_are_not_made_up(gateway: Gateway, coordinator: httpx.Client) -> None:
    change = {"changed_on": "2006-04-01", "personal": {"identity": {"phone": None}}}
    coordinator.patch(f"/participants/{PARTICIPANT}", json=change, headers=command_headers())
    sent = gateway.service.last("update_participant")["payload"]
    assert sent == {"participant_id": PARTICIPANT, **change}


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_invalid"),
        ("two words", "idempotency_key_invalid"),
        ("zażółć".encode(), "idempotency_key_invalid"),
        ("x" * 201, "idempotency_key_invalid"),
    ],
)
def test_a_command_needs_a_plain_key(
    gateway: Gateway, coordinator: httpx.Client, key: str | bytes | None, code: str
) -> None:
    headers = (
        {} if key is None else {b"Idempotency-Key": key if isinstance(key, bytes) else key.encode()}
    )
    response = coordinator.post("/participants", json=REGISTER, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert gateway.service.calls == []


def test_two_keys_are_none(coordinator: httpx.Client) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    response = coordinator.post("/participants", json=REGISTER, headers=headers)
    assert response.json()["code"] == "idempotency_key_invalid"


def test_the_command_id_belongs_to_caller_and_key(gateway: Gateway) -> None:
    def command_id(subject: str, key: str) -> str:
        with gateway.client(Role.COORDINATOR, subject=subject) as client:
            client.post("/participants", json=REGISTER, headers={"Idempotency-Key": key})
        return str(gateway.service.last("register_participant")["command_id"])

    first = command_id("user-7", "k")
    assert command_id("user-7", "k") == first
    assert len({first, command_id("user-8", "k"), command_id("user-7", "l")}) == 3
    # "user-7" + "1" and "user-71" + "" would read alike if they were merely joined
    assert command_id("user-7", "11") != command_id("user-71", "1")


def test_a_repeated_command_says_so(gateway: Gateway, coordinator: httpx.Client) -> None:
    receipt = EXAMPLES["receipt"] | {"repeated": True}
    gateway.service.answers["register_participant"] = lambda _: receipt
    response = coordinator.post("/participants", json=REGISTER, headers=command_headers(None))
    assert response.status_code == 201
    assert response.headers["Idempotent-Replayed"] == "true"
    del gateway.service.answers["register_participant"]
    fresh = coordinator.post("/participants", json=REGISTER, headers=command_headers(None))
    assert "Idempotent-Replayed" not in fresh.headers


@pytest.mark.parametrize("endpoint", COMMANDS, ids=lambda endpoint: str(endpoint.operation))
def test_if_match_is_required_exactly_where_a_command_depends_on_what_was_seen(
    gateway: Gateway, everybody: httpx.Client, endpoint: Endpoint
) -> None:
    response = everybody.request(
        endpoint.method, path_of(endpoint), json=body_of(endpoint), headers=command_headers(None)
    )
    if not endpoint.versioned:
        assert response.status_code == endpoint.status
    else:
        assert (response.status_code, response.json()["code"]) == (428, "if_match_missing")
        assert gateway.service.calls == []


def test_what_is_not_recorded_yet_has_version_0(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    session = EXAMPLES["mark_attendance"]["request"]["session_id"]
    marks = {"marks": EXAMPLES["mark_attendance"]["request"]["marks"]}
    headers = command_headers(0)
    response = coordinator.post(f"/sessions/{session}/attendance", json=marks, headers=headers)
    assert response.status_code == 200
    assert gateway.service.last("mark_attendance")["expected_version"] == 0


@pytest.mark.parametrize(
    "value", ["5", 'W/"5"', "*", '"5", "6"', '"five"', '"-1"', '"00"', '"05"', '"' + "9" * 30 + '"']
)
def test_if_match_is_one_strong_etag(
    gateway: Gateway, coordinator: httpx.Client, value: str
) -> None:
    headers = command_headers(None) | {"If-Match": value}
    response = coordinator.post(ENROLMENT, json=ENROL, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "if_match_invalid")
    assert gateway.service.calls == []


def test_of_fifty_racing_on_one_version_one_wins(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    version, lock = 4, threading.Lock()

    def enrol(call: dict[str, Any]) -> dict[str, Any]:
        nonlocal version
        with lock:
            if call["expected_version"] != version:
                raise Rejected("stale_version", {"current": version})
            version += 1
            return EXAMPLES["receipt"] | {"version": version}

    gateway.service.answers["enrol_participant"] = enrol
    with ThreadPoolExecutor(50) as pool:
        answers = list(
            pool.map(
                lambda _: coordinator.post(ENROLMENT, json=ENROL, headers=command_headers(4)),
                range(50),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 49
    stale = next(answer for answer in answers if answer.status_code == 412).json()
    assert (stale["code"], stale["details"]) == ("stale_version", {"current": 5})


def test_the_same_key_with_another_body_is_refused(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    first: dict[str, Any] = {}

    def register(call: dict[str, Any]) -> dict[str, Any]:
        if first.setdefault(call["command_id"], call["payload"]) != call["payload"]:
            raise Rejected("command_reused")
        return EXAMPLES["receipt"]

    gateway.service.answers["register_participant"] = register
    headers = {"Idempotency-Key": str(uuid4())}
    assert coordinator.post("/participants", json=REGISTER, headers=headers).status_code == 201
    other = coordinator.post("/participants", json=REGISTER | {"kind": "staff"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "command_reused")
