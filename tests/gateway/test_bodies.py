"""What people and programs send by mistake or on purpose."""

import gzip
import json
import socket
from uuid import uuid4

import httpx
import pytest

from gateway import requests
from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES
from tests.gateway.test_commands import REGISTER

JSON_HEADERS = {"Content-Type": "application/json"}
CANARY = "44051401359"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"kind": "dependent",}',
        b"{'kind': 'dependent'}",
        b'{"kind": NaN}',
        b'{"kind": Infinity}',
        b'{"kind": 1e999}',
        b'{"kind": "a", "kind": "b"}',
        b'{"personal": {"identity": {"pesel": "1", "pesel": "2"}}}',
        b'{"kind": "\\ud800"}',
        b'{"kind": "\xff"}',
        b"\x00",
        b"[" * 40_000,
        b'{"kind": ' + b"9" * 5_000 + b"}",
        gzip.compress(json.dumps(REGISTER).encode()),
    ],
)
def test_broken_json_is_told_as_such(
    gateway: Gateway, coordinator: httpx.Client, body: bytes
) -> None:
    headers = command_headers(None) | JSON_HEADERS
    response = coordinator.post("/participants", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) in {
        (400, "json_invalid"),
        (422, "invalid"),
    }
    assert (response.status_code == 422) is (body == b"")
    assert gateway.service.calls == []


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "7", "true", "[{}]"])
def test_json_that_is_no_object_is_refused(coordinator: httpx.Client, body: str) -> None:
    headers = command_headers(None) | JSON_HEADERS
    response = coordinator.post("/participants", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [""]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code", "expected"),
    [
        ({"kind": 7}, "/kind", "choice", "jedna z wartości: dependent, staff"),
        ({"kind": CANARY}, "/kind", "choice", "jedna z wartości: dependent, staff"),
        ({"applied_on": "2006-13-01"}, "/applied_on", "format", "data w formacie RRRR-MM-DD"),
        ({"applied_on": {}}, "/applied_on", "format", "data w formacie RRRR-MM-DD"),
        ({"partner": "Ala ma kota"}, "/partner", "format", None),
        ({"partner": None}, "/partner", "type", "tekst"),
        ({"colour": CANARY}, "/colour", "unknown", "tylko pola opisane w dokumentacji"),
        ({"personal": []}, "/personal", "type", "obiekt"),
        (
            {"personal": {"identity": {"address": {"house_number": "1"}}}},
            "/personal/identity/address/postal_code",
            "missing",
            "pole wymagane",
        ),
        (
            {"personal": {"identity": {"given_name": "x" * 201}}},
            "/personal/identity/given_name",
            "length",
            "długość najwyżej 200",
        ),
        (
            {"personal": {"special": {"grounds": ["disabled", CANARY]}}},
            "/personal/special/grounds/1",
            "choice",
            None,
        ),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected_but_not_repeated(
    coordinator: httpx.Client,
    wrong: dict[str, object],
    pointer: str,
    code: str,
    expected: str | None,
) -> None:
    response = coordinator.post(
        "/participants", json=REGISTER | wrong, headers=command_headers(None)
    )
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    error = next(error for error in response.json()["errors"] if error["pointer"] == pointer)
    assert (error["in"], error["code"]) == ("body", code)
    assert expected is None or error["expected"] == expected
    assert CANARY not in response.text


def test_a_personal_value_typed_as_a_name_is_not_repeated(coordinator: httpx.Client) -> None:
    wrong = REGISTER | {"Anna Kowalska": 1, "personal": {"identity": {"jan.kowalski@x.pl": 2}}}
    response = coordinator.post("/participants", json=wrong, headers=command_headers(None))
    assert response.status_code == 422
    assert "owalsk" not in response.text
    pointers = {error["pointer"] for error in response.json()["errors"]}
    assert pointers == {"", "/personal/identity"}


def test_ten_megabytes_are_refused_before_they_are_read(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    big = json.dumps(REGISTER | {"reference": "x" * 10_000_000})
    headers = command_headers(None) | JSON_HEADERS
    response = coordinator.post("/participants", content=big, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert response.json()["details"] == {"limit_bytes": requests.MAX_JSON}
    assert gateway.service.calls == []


def test_ten_megabytes_without_a_declared_length_are_refused_too(coordinator: httpx.Client) -> None:
    headers = command_headers(None) | JSON_HEADERS
    pieces = (b"x" * 100_000 for _ in range(100))
    response = coordinator.post("/participants", content=pieces, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "media_type", [None, "text/plain", "application/xml", "multipart/form-data; boundary=x", "json"]
)
def test_only_json_is_read(coordinator: httpx.Client, media_type: str | None) -> None:
    headers = command_headers(None) | ({} if media_type is None else {"Content-Type": media_type})
    response = coordinator.post(
        "/participants", content=json.dumps(REGISTER).encode(), headers=headers
    )
    assert (response.status_code, response.json()["code"]) == (415, "media_type_unsupported")
    assert response.json()["details"] == {"expected": "application/json"}


def test_a_charset_beside_the_media_type_is_accepted(coordinator: httpx.Client) -> None:
    headers = command_headers(None) | {"Content-Type": "Application/JSON; charset=utf-8"}
    response = coordinator.post(
        "/participants", content=json.dumps(REGISTER).encode(), headers=headers
    )
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/*", 200),
        ("text/html, application/json;q=0.5", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0.0, text/html", 406),
    ],
)
def test_only_what_can_be_given_may_be_asked_for(
    coordinator: httpx.Client, accept: str, status: int
) -> None:
    response = coordinator.get("/dashboard", headers={"Accept": accept})
    assert response.status_code == status
    if status == 406:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "not_acceptable"


def test_a_body_that_stops_arriving_is_given_up(
    gateway: Gateway, coordinator: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "BODY_PAUSE", 0.3)
    address = ("127.0.0.1", int(gateway.url.rpartition(":")[2]))
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(
            b"POST /participants HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Idempotency-Key: k\r\nContent-Length: 1000\r\n"
            + f"Authorization: {coordinator.headers['Authorization']}\r\n\r\n{{".encode()
        )
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in answer


def test_a_caller_that_leaves_in_the_middle_harms_nobody(
    gateway: Gateway, coordinator: httpx.Client
) -> None:
    address = ("127.0.0.1", int(gateway.url.rpartition(":")[2]))
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(
            b"POST /participants HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Idempotency-Key: k\r\nContent-Length: 1000\r\n"
            + f"Authorization: {coordinator.headers['Authorization']}\r\n\r\n{{".encode()
        )
    assert coordinator.get("/dashboard").status_code == 200
    assert [operation for operation, _ in gateway.service.calls] == ["get_dashboard"]


def test_a_list_is_not_called_too_short_because_its_items_are_wrong(
    coordinator: httpx.Client,
) -> None:
    path = f"/sessions/{uuid4()}/attendance"
    marks = [{"participant_id": str(uuid4()), "minutes": -1}]
    for given, pointers in ((marks, ["/marks/0/minutes"]), ([], ["/marks"])):
        response = coordinator.post(path, json={"marks": given}, headers=command_headers(1))
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == pointers


def test_parts_that_do_not_go_together_are_refused(everybody: httpx.Client) -> None:
    """A rule over the whole request, some of which is in the path."""
    twice = EXAMPLES["export_responses"]["request"].copy()
    del twice["dataset_id"]
    twice["columns"] = twice["columns"][:1] * 2
    path = f"/datasets/{uuid4()}/exports"
    response = everybody.post(path, json=twice, headers=command_headers(None))
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert [(each["in"], each["pointer"]) for each in response.json()["errors"]] == [("body", "")]
