"""The table of errors is complete, bilingual, and the only shape errors have."""

import ast
import re
import tomllib
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from gateway import rpc
from gateway.app import BY_STATUS
from gateway.problems import RULES, TABLE, preferred_language
from tests.gateway.conftest import Gateway, command_headers, until
from tests.gateway.test_commands import PARTICIPANT

ROOTS = ("gateway", "services", "shared")
RAISED = {"Rejected", "Problem"}
POLISH = re.compile("[ąćęłńóśźż]")


def raised_codes() -> dict[str, str]:
    """Every code that any code of ours can end a request with, with the file it stands in."""
    found: dict[str, str] = {}
    for path in (path for root in ROOTS for path in Path(root).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in RAISED:
                constants = [
                    part for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)
                ]
                found |= {str(constant.value): str(path) for constant in constants}
    return found


def test_every_code_raised_anywhere_is_in_the_table() -> None:
    codes = raised_codes()
    assert "idempotency_key_missing" in codes
    assert {code: path for code, path in codes.items() if code not in TABLE} == {}


def test_every_row_is_whole() -> None:
    for code, entry in TABLE.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)?", code)
        assert 400 <= entry.status < 600
        texts = [entry.title] + ([entry.detail] if entry.detail else [])
        for text in texts:
            assert set(text) == {"pl", "en"}
            assert text["pl"] != text["en"]
            assert not POLISH.search(text["en"])
        assert (entry.retry_after is not None) is (entry.status in {429, 503})
    for rule in RULES.values():
        assert set(rule.expected) == {"pl", "en"}


def test_no_pydantic_error_kind_is_listed_twice() -> None:
    rows = tomllib.loads(Path("gateway/problems.toml").read_text())["field_errors"]
    kinds = [kind for row in rows for kind in row["kinds"]]
    assert len(kinds) == len(set(kinds))


def test_errors_of_the_framework_are_in_the_table() -> None:
    assert all(TABLE[code].status == status for status, code in BY_STATUS.items())


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "pl"),
        ("", "pl"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de, en;q=0.5", "en"),
        ("en;q=0.4, pl;q=0.6", "pl"),
        ("en;q=0", "pl"),
        ("de", "pl"),
        ("en;q=nonsense", "pl"),
        ("*", "pl"),
        ("en;Q=0.9", "en"),
        ("en-GB;q=0.7, pl;q=0.6, en;q=0.5", "en"),
        ("pl;q=0, *", "en"),
        ("en;q=0, *", "pl"),
        ("en;q=0.5, *;q=0.8", "pl"),
        ("en;q=nan", "pl"),
        (",;,=;q", "pl"),
    ],
)
def test_the_language_is_negotiated(accept_language: str | None, language: str) -> None:
    assert preferred_language(accept_language) == language


def test_a_problem_speaks_the_callers_language(coordinator: httpx.Client) -> None:
    polish = coordinator.post("/participants", json={})
    english = coordinator.post("/participants", json={}, headers={"Accept-Language": "en"})
    assert polish.headers["Content-Language"] == "pl"
    assert english.headers["Content-Language"] == "en"
    assert polish.json()["title"] == "Brak nagłówka Idempotency-Key"
    assert english.json()["title"] == "The Idempotency-Key header is missing"
    assert polish.json()["code"] == english.json()["code"]


def test_the_shape_of_a_problem(coordinator: httpx.Client) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01", "Accept-Language": "en"}
    response = coordinator.get("/participants?limit=0", headers=headers)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:tu-jest-praca:problem:invalid",
        "title": "The request holds invalid data",
        "status": 422,
        "code": "invalid",
        "detail": "The member errors names every invalid field and says what was expected.",
        "trace_id": trace_id,
        "errors": [
            {
                "in": "query",
                "pointer": "/limit",
                "code": "range",
                "expected": "a value of at least 1",
            }
        ],
        "details": {},
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "path_unknown"),
        ("GET", "/nothing/here", 404, "path_unknown"),
        ("GET", "/docs", 404, "path_unknown"),
        ("GET", "/participants/", 404, "path_unknown"),
        ("DELETE", f"/participants/{PARTICIPANT}", 405, "method_not_allowed"),
        ("PUT", "/participants", 405, "method_not_allowed"),
        ("TRACE", "/participants", 405, "method_not_allowed"),
        ("BREW", "/participants", 405, "method_not_allowed"),
        ("POST", "/health/live", 405, "method_not_allowed"),
    ],
)
def test_errors_of_the_framework_have_the_same_shape(
    coordinator: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    response = coordinator.request(method, path)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert UUID(hex=response.json()["trace_id"]).int != 0


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/participants", "GET, HEAD, OPTIONS, POST"),
        (f"/participants/{PARTICIPANT}", "GET, HEAD, OPTIONS, PATCH"),
        (f"/participants/{PARTICIPANT}/exit", "OPTIONS, POST"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_405_tell_all_methods(
    gateway: Gateway, coordinator: httpx.Client, path: str, allowed: str
) -> None:
    options = coordinator.options(path)
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["Allow"] == allowed
    assert coordinator.put(path).headers["Allow"] == allowed
    assert gateway.service.calls == []


def test_a_failure_of_ours_tells_nothing_but_where_to_look(
    coordinator: httpx.Client, monkeypatch: pytest.MonkeyPatch, logged: list[str]
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("Anna Przykładowa, 44051401359")

    monkeypatch.setattr(rpc.RpcClient, "call", fail)
    response = coordinator.post(
        "/participants/search", json={"family_name": "Przykładowa"}, headers=command_headers(None)
    )
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    until(lambda: "'status': 500" in "".join(logged))
    assert "request_failed" in "".join(logged)
    for text in (response.text, "".join(logged)):
        assert "44051401359" not in text
        assert "Przykładowa" not in text
        assert "Traceback" not in text
