"""Who gets in: every role on every operation, and nobody without a token."""

from importlib import import_module
from itertools import combinations

import httpx
import pytest
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from gateway.app import create_app, endpoints
from gateway.endpoints import Endpoint, OperationRoute
from gateway.uploads import FILE_FIELDS, MULTIPART
from shared.contracts.access import Role
from shared.runtime.health import Health
from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES, FILES
from tests.gateway.test_commands import body_of, path_of

ENDPOINTS = list(endpoints())
OPERATIONS = {
    operation
    for service in FILES
    for operation in import_module(f"shared.contracts.{service}.operations").OPERATIONS
}
OPEN = [endpoint for endpoint in ENDPOINTS if endpoint.operation.open]
CLOSED = [endpoint for endpoint in ENDPOINTS if not endpoint.operation.open]
ASKS_NOBODY = {"withdrawal_page", "withdrawal_page_pl", "withdrawal_page_en"}
"""Pages with a form and nothing else."""
PUBLIC = {"/health/live", "/health/ready", "/metrics", "/openapi.json"}


def send(client: httpx.Client, endpoint: Endpoint) -> httpx.Response:
    """A request that is right in every respect but, perhaps, who sends it."""
    path = path_of(endpoint)
    if endpoint.accepts is not None:
        request = EXAMPLES[endpoint.operation.name]["request"]
        form = {name: str(value) for name, value in request.items() if name not in FILE_FIELDS}
        if endpoint.accepts != MULTIPART:
            return client.post(path, data=form)
        files = {"file": ("a.csv", b"pesel\n")}
        return client.post(path, data=form, files=files, headers=command_headers(None))
    if endpoint.method == "GET":
        return client.get(path, params={} if endpoint.handler else body_of(endpoint))
    return client.request(endpoint.method, path, json=body_of(endpoint), headers=command_headers(4))


def test_every_operation_has_an_endpoint_and_no_route_is_without_operation() -> None:
    assert {endpoint.operation for endpoint in ENDPOINTS} == OPERATIONS
    app = create_app(None, Health(), CollectorRegistry())  # type: ignore[arg-type]
    others = [route for route in app.routes if not isinstance(route, OperationRoute)]
    assert {getattr(route, "path", None) for route in others} == PUBLIC
    assert not any(isinstance(route, APIRoute) for route in others)
    assert len(app.routes) == len(ENDPOINTS) + len(PUBLIC)


@pytest.mark.parametrize("role", [*Role, None])
def test_the_matrix_of_roles_and_operations(gateway: Gateway, role: Role | None) -> None:
    """Exhaustive: a role gets in exactly where the operation names it; None is a token without any."""
    with gateway.client(*([] if role is None else [role])) as client:
        for endpoint in ENDPOINTS:
            gateway.service.calls.clear()
            response = send(client, endpoint)
            may = role in endpoint.operation.roles or endpoint.operation.open
            assert (response.status_code != 403) is may, (role, str(endpoint.operation))
            asks = may and endpoint.name not in ASKS_NOBODY
            assert (gateway.service.calls != []) is asks, (role, str(endpoint.operation))
            if may:
                assert response.status_code in {endpoint.status, 404}, response.text
            else:
                assert response.json()["code"] == "forbidden"
                challenge = response.headers["WWW-Authenticate"]
                assert 'error="insufficient_scope"' in challenge


def test_two_roles_may_what_either_may(gateway: Gateway) -> None:
    wanted = [endpoint for endpoint in ENDPOINTS if endpoint.path in {"/dashboard", "/tasks"}]
    assert len(wanted) == 2
    for pair in combinations(Role, 2):
        with gateway.client(*pair) as client:
            for endpoint in wanted:
                may = not endpoint.operation.roles.isdisjoint(pair)
                assert (send(client, endpoint).status_code == 200) is may


@pytest.mark.parametrize("endpoint", OPEN, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x.y.z"}])
def test_only_what_is_open_is_answered_to_anybody(
    gateway: Gateway, endpoint: Endpoint, headers: dict[str, str]
) -> None:
    with httpx.Client(base_url=gateway.url, headers=headers) as client:
        # the file that the example tells of is in no store here
        expected = 404 if endpoint.name == "fetch_published_file" else endpoint.status
        assert send(client, endpoint).status_code == expected
    if endpoint.name not in ASKS_NOBODY:
        assert gateway.service.last(endpoint.operation.name)["token"] is None


def test_the_open_operations_are_few_and_named() -> None:
    assert {str(operation) for operation in OPERATIONS if operation.open} == {
        "training.verify_certificate",
        "research.get_web_form",
        "research.answer_web_form",
        "research.withdraw_response",
        "research.list_published_diagnoses",
        "research.get_published_diagnosis",
        "research.get_published_needs",
        "research.fetch_published_file",
        "audit.list_checkpoints",
        "audit.get_checkpoint",
        "audit.get_tile",
        "audit.prove_inclusion",
        "audit.prove_consistency",
    }
    assert all(operation.open is not bool(operation.roles) for operation in OPERATIONS)


@pytest.mark.parametrize("endpoint", CLOSED, ids=lambda endpoint: endpoint.name)
def test_nobody_gets_in_without_a_token(gateway: Gateway, endpoint: Endpoint) -> None:
    with httpx.Client(base_url=gateway.url) as client:
        response = send(client, endpoint)
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert gateway.service.calls == []


def test_a_stranger_learns_nothing_about_the_form_of_requests(gateway: Gateway) -> None:
    """The token comes first: no hint on body, headers or ids before."""
    with httpx.Client(base_url=gateway.url) as client:
        answers = [
            client.post("/participants", content=b"{broken"),
            client.post("/participants", content=b"x" * 10_000_000),
            client.get("/participants/nonsense"),
            client.post("/imports", content=b"x"),
        ]
    assert {answer.status_code for answer in answers} == {401}


@pytest.mark.parametrize("value", ["", "Bearer", "Basic dTpw", "bearer-token abc", "abc"])
def test_anything_else_than_a_bearer_token_is_none(gateway: Gateway, value: str) -> None:
    response = httpx.get(f"{gateway.url}/dashboard", headers={"Authorization": value})
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


def test_two_tokens_are_none(gateway: Gateway) -> None:
    token = f"Bearer {gateway.issuer.token(Role.COORDINATOR)}"
    headers = [("Authorization", token), ("Authorization", token)]
    response = httpx.get(f"{gateway.url}/dashboard", headers=headers)
    assert response.json()["code"] == "unauthenticated"
