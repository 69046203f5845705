"""What surrounds every request: headers, correlation, HEAD, health, metrics, log."""

from uuid import UUID, uuid4

import httpx
import pytest

from gateway.edge import HEADERS
from tests.gateway.conftest import Gateway, command_headers, until
from tests.gateway.test_commands import PARTICIPANT, REGISTER

PATH = f"/participants/{PARTICIPANT}"


@pytest.mark.parametrize("path", ["/dashboard", "/nothing", "/health/live", "/openapi.json"])
def test_every_answer_carries_the_security_headers(coordinator: httpx.Client, path: str) -> None:
    headers = coordinator.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_the_correlation_id_is_taken_over_and_travels(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    given = str(uuid4())
    response = coordinator.get(PATH, headers={"X-Correlation-ID": given})
    assert response.headers["X-Correlation-ID"] == given
    assert gateway.service.last("get_participant")["correlation_id"] == given


def test_a_correlation_id_is_made_when_none_is_given(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    first, second = (coordinator.get(PATH).headers["X-Correlation-ID"] for _ in range(2))
    assert UUID(first) != UUID(second)
    assert gateway.service.last("get_participant")["correlation_id"] == second


@pytest.mark.parametrize(
    "value", ["", "Anna Kowalska", "x" * 5000, "{41d833b5-a076-4f21-bd29-678519bd67d9}"]
)
def test_a_correlation_id_that_is_none_is_refused(coordinator: httpx.Client, value: str) -> None:
    response = coordinator.get(PATH, headers={"X-Correlation-ID": value})
    assert (response.status_code, response.json()["code"]) == (400, "correlation_id_invalid")
    UUID(response.headers["X-Correlation-ID"])


def test_head_is_get_without_the_body(coordinator: httpx.Client) -> None:
    head, get = coordinator.head(PATH), coordinator.get(PATH)
    assert (head.status_code, head.content) == (200, b"")
    ignored = {"date", "x-correlation-id"}
    told = {name: value for name, value in head.headers.items() if name not in ignored}
    assert told == {name: value for name, value in get.headers.items() if name not in ignored}
    assert coordinator.head(f"{PATH}/exit").status_code == 405


def test_health_needs_no_token_and_tells_what_is_missing(gateway: Gateway) -> None:
    with httpx.Client(base_url=gateway.url) as client:
        assert client.get("/health/live").json() == {"status": "live"}
        assert client.get("/health/ready").json() == {"status": "ready"}


def test_metrics_count_by_template_never_by_address(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    coordinator.get(f"{PATH}?limit=44051401359")
    coordinator.get("/participants/44051401359")
    coordinator.get("/44051401359")
    coordinator.request("INVENTED", "/participants")
    text = httpx.get(f"{gateway.url}/metrics").text
    assert 'method="GET",route="/participants/{participant_id}",status="200"' in text
    assert 'method="GET",route="unmatched",status="404"' in text
    assert 'method="other"' in text
    assert 'operation="registry.get_participant",outcome="ok"' in text
    assert "INVENTED" not in text
    assert "44051401359" not in text


def test_the_log_names_the_template_and_nothing_personal(
    coordinator: httpx.Client, logged: list[str]
) -> None:
    canary = "44051401359"
    coordinator.get(f"/participants/{canary}?family_name={canary}", headers={"Referer": canary})
    coordinator.post("/participants/search", json={"pesel": canary})
    coordinator.post(
        "/participants", json=REGISTER | {"reference": canary}, headers=command_headers(None)
    )
    until(lambda: len([line for line in logged if "milliseconds" in line]) == 3)
    text = "".join(logged)
    assert "/participants/{participant_id}" in text
    assert "/participants/search" in text
    assert canary not in text
    assert str(coordinator.headers["Authorization"]).removeprefix("Bearer ") not in text
