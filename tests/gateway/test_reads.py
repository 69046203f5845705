"""Reads: parameters, cursors, waiting for an own command, purpose, ETag."""

import httpx
import pytest

from gateway.app import endpoints
from gateway.endpoints import Endpoint
from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway
from tests.gateway.responder import EXAMPLES
from tests.gateway.test_commands import PARTICIPANT, body_of, path_of

QUERIES = [endpoint for endpoint in endpoints() if endpoint.reads and endpoint.handler is None]


@pytest.mark.parametrize("endpoint", QUERIES, ids=lambda endpoint: str(endpoint.operation))
def test_every_query_arrives_whole_and_its_answer_returns_whole(
    gateway: Gateway, everybody: httpx.Client, endpoint: Endpoint
) -> None:
    body = body_of(endpoint)
    response = (
        everybody.get(path_of(endpoint), params=body)
        if endpoint.method == "GET"
        else everybody.post(path_of(endpoint), json=body)
    )
    assert response.status_code == 200, response.text
    assert response.json() == EXAMPLES[endpoint.operation.name]["reply"]
    assert response.headers["Cache-Control"] == "no-store"
    call = gateway.service.last(endpoint.operation.name)
    assert call["payload"] == EXAMPLES[endpoint.operation.name]["request"]
    assert (call["command_id"], call["expected_version"], call["at_least"]) == (None, None, None)


def test_reads_of_one_aggregate_carry_its_version(coordinator: httpx.Client) -> None:
    assert coordinator.get(f"/participants/{PARTICIPANT}").headers["ETag"] == '"5"'
    assert "ETag" not in coordinator.get("/participants").headers


@pytest.mark.parametrize("endpoint", QUERIES, ids=lambda endpoint: str(endpoint.operation))
def test_every_query_can_wait_for_a_position(
    gateway: Gateway, everybody: httpx.Client, endpoint: Endpoint
) -> None:
    body = body_of(endpoint)
    if endpoint.method == "GET":
        everybody.get(path_of(endpoint), params=body | {"at_least": 17})
    else:
        everybody.post(path_of(endpoint), params={"at_least": 17}, json=body)
    call = gateway.service.last(endpoint.operation.name)
    assert (call["at_least"], "at_least" in call["payload"]) == (17, False)


def test_a_read_that_is_behind_says_when_to_come_again(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    def behind(_: object) -> None:
        raise Rejected("not_caught_up", {"position": 16})

    gateway.service.answers["get_participant"] = behind
    response = coordinator.get(f"/participants/{PARTICIPANT}", params={"at_least": 17})
    assert (response.status_code, response.json()["code"]) == (503, "not_caught_up")
    assert response.headers["Retry-After"] == "1"
    assert response.json()["details"] == {"position": 16}


@pytest.mark.parametrize(
    ("parameters", "pointer", "code"),
    [
        ({"limit": "201"}, "/limit", "range"),
        ({"limit": "0"}, "/limit", "range"),
        ({"limit": "many"}, "/limit", "type"),
        ({"kind": "tourist"}, "/kind", "choice"),
        ({"changed_since": "-1"}, "/changed_since", "range"),
        ({"at_least": "-1"}, "/at_least", "range"),
        ({"countable": "perhaps"}, "/countable", "type"),
        ({"partner": "A B"}, "/partner", "format"),
        ({"sort": "name"}, "/sort", "unknown"),
    ],
)
def test_a_wrong_parameter_is_named(
    gateway: Gateway, coordinator: httpx.Client, parameters: dict[str, str], pointer: str, code: str
) -> None:
    response = coordinator.get("/participants", params=parameters)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    (error,) = response.json()["errors"]
    assert (error["in"], error["pointer"], error["code"]) == ("query", pointer, code)
    assert gateway.service.calls == []


def test_an_id_that_is_none_is_named(coordinator: httpx.Client) -> None:
    (error,) = coordinator.get("/participants/44051401359").json()["errors"]
    assert error == {
        "in": "path",
        "pointer": "/participant_id",
        "code": "format",
        "expected": "identyfikator UUID",
    }


def test_the_purpose_of_a_read_travels_as_a_code(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    path = f"/participants/{PARTICIPANT}"
    coordinator.get(path, headers={"X-Purpose": "enrolment.check"})
    assert gateway.service.last("get_participant")["purpose"] == "enrolment.check"
    refused = coordinator.get(path, headers={"X-Purpose": "Anna K. asked"})
    assert (refused.status_code, refused.json()["code"]) == (400, "purpose_invalid")
