"""Names are joined to what services tell by id, and nobody loses a page because they are missing."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway import names
from gateway.app import endpoints
from gateway.endpoints import Endpoint
from shared.contracts.access import Role
from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway
from tests.gateway.responder import EXAMPLES, SILENCE, example_reply
from tests.gateway.test_commands import body_of, path_of

ENDPOINTS = [endpoint for endpoint in endpoints() if endpoint.names]
TODAY = next(endpoint for endpoint in ENDPOINTS if endpoint.path == "/today")
ANNA = EXAMPLES["name_participants"]["reply"]["items"][0]


def nameless(document: Any) -> Any:
    """As the service answers it: it knows no names."""
    if isinstance(document, dict):
        return {
            key: None if key == "participant_name" else nameless(value)
            for key, value in document.items()
        }
    return [nameless(each) for each in document] if isinstance(document, list) else document


def names_in(document: Any) -> list[Any]:
    if isinstance(document, dict):
        own = [document["participant_name"]] if "participant_name" in document else []
        return own + names_in(list(document.values()))
    return (
        [name for each in document for name in names_in(each)] if isinstance(document, list) else []
    )


def read(gateway: Gateway, endpoint: Endpoint, *roles: Role) -> httpx.Response:
    operation = endpoint.operation.name
    gateway.service.answers[operation] = lambda _: nameless(example_reply(operation))
    with gateway.client(*roles) as client:
        return client.get(path_of(endpoint), params=body_of(endpoint))


def asked(gateway: Gateway) -> list[dict[str, Any]]:
    return [call for name, call in gateway.service.calls if name == "name_participants"]


def test_every_reply_that_has_names_is_given_them() -> None:
    told = {
        endpoint.path
        for endpoint in endpoints()
        if "participant_name" in str(endpoint.operation.reply.model_json_schema())
        and endpoint.handler is None
    }
    assert told == {endpoint.path for endpoint in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_names_are_joined_by_one_call_with_the_callers_own_token(
    gateway: Gateway, endpoint: Endpoint
) -> None:
    response = read(gateway, endpoint, Role.COORDINATOR, Role.TRAINER)
    assert response.status_code == 200, response.text
    assert response.headers[names.HEADER] == "joined"
    assert response.json() == EXAMPLES[endpoint.operation.name]["reply"]
    (call,) = asked(gateway)
    assert call["token"] == gateway.service.last(endpoint.operation.name)["token"]
    assert (call["command_id"], call["expected_version"]) == (None, None)
    assert len(call["payload"]["ids"]) == len(set(call["payload"]["ids"]))


def test_of_many_participants_a_hundred_are_named_at_once(gateway: Gateway) -> None:
    reply = example_reply("list_warnings")
    (warning,) = reply["items"]
    people = [str(uuid4()) for _ in range(230)]
    items = [warning | {"participant_id": each, "participant_name": None} for each in people]
    gateway.service.answers["list_warnings"] = lambda _: reply | {"items": items, "total": 230}
    gateway.service.answers["name_participants"] = lambda call: {
        "items": [
            {"id": each, "given_name": f"G{each}", "family_name": "F"}
            for each in call["payload"]["ids"]
        ]
    }
    with gateway.client(Role.COORDINATOR) as client:
        found = client.get("/attendance/warnings").json()["items"]
    assert [each["participant_name"]["given_name"] for each in found] == [f"G{e}" for e in people]
    assert sorted(len(call["payload"]["ids"]) for call in asked(gateway)) == [30, 100, 100]


def test_who_has_no_name_stays_without_one(gateway: Gateway) -> None:
    gateway.service.answers["name_participants"] = lambda _: {"items": [ANNA]}
    response = read(gateway, TODAY, Role.TRAINER)
    assert response.headers[names.HEADER] == "joined"
    anna = {name: ANNA[name] for name in ("given_name", "family_name")}
    assert names_in(response.json()) == [anna, None, anna]


def silent(_: Any) -> Any:
    return SILENCE


def refusing(_: Any) -> Any:
    raise Rejected("internal", {"trace_id": "0"})


def breaking(_: Any) -> Any:
    return {"items": "nonsense"}


@pytest.mark.parametrize("registry", [silent, refusing, breaking])
def test_a_registry_that_does_not_answer_costs_the_names_and_not_the_page(
    gateway: Gateway, registry: Any, logged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.5)
    gateway.service.answers["name_participants"] = registry
    response = read(gateway, TODAY, Role.TRAINER)
    assert (response.status_code, response.headers[names.HEADER]) == (200, "unavailable")
    assert response.json() == nameless(example_reply("get_today"))
    assert any("names_unavailable" in line for line in logged)


def test_who_may_not_ask_for_names_gets_none_and_no_call_is_made(gateway: Gateway) -> None:
    edition = next(endpoint for endpoint in ENDPOINTS if endpoint.name == "get_edition")
    response = read(gateway, edition, Role.AUDITOR)
    assert (response.status_code, response.headers[names.HEADER]) == (200, "withheld")
    assert set(map(str, names_in(response.json()))) == {"None"}
    assert asked(gateway) == []


def test_a_page_without_participants_asks_nobody(gateway: Gateway) -> None:
    gateway.service.answers["list_warnings"] = lambda _: {"items": [], "total": 0}
    with gateway.client(Role.CASEWORKER) as client:
        response = client.get("/attendance/warnings")
    assert (response.status_code, response.headers[names.HEADER]) == (200, "joined")
    assert asked(gateway) == []
