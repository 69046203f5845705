"""The demonstration's client over real HTTP: patience, keys, versions, and refusals without data."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from demo.gateway import Gateway, Login, Refused

LOGIN = Login("coordinator", "fundacja-prog")
Answer = tuple[int, dict[str, str], dict[str, Any]]


class Stub(ThreadingHTTPServer):
    """Gives the prepared answers in turn and keeps the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.requests: list[tuple[str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.path, dict(self.headers), body))
        status, headers, document = self.server.answers.pop(0)
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(stub: Stub, body: dict[str, Any], version: int | None = None) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        url = f"http://127.0.0.1:{stub.server_port}"
        async with httpx.AsyncClient(base_url=url) as http:
            gateway = Gateway(http, lambda login: f"token-of-{login.role}")
            return await gateway.command(LOGIN, "/participants", body, "demo/1", version)

    return asyncio.run(run())


def test_an_unavailable_gateway_is_asked_again_with_the_same_key(stub: Stub) -> None:
    busy: Answer = (503, {"Retry-After": "0"}, {"code": "no_answer"})
    stub.answers = [busy, busy, (201, {}, {"version": 1})]
    assert send(stub, {"applied_on": date(2026, 1, 2)}) == {"version": 1}
    assert [headers["Idempotency-Key"] for _, headers, _ in stub.requests] == ["demo/1"] * 3
    assert {body for _, _, body in stub.requests} == {b'{"applied_on": "2026-01-02"}'}


def test_a_command_to_something_names_the_version_seen(stub: Stub) -> None:
    stub.answers = [(200, {}, {})]
    send(stub, {}, version=7)
    [(_, headers, _)] = stub.requests
    assert headers["If-Match"] == '"7"'
    assert headers["Authorization"] == "Bearer token-of-coordinator"


def test_a_refusal_is_not_repeated_and_tells_code_and_place_only(stub: Stub) -> None:
    problem = {
        "code": "registry.pesel_invalid",
        "detail": "44051401358",
        "errors": [{"pointer": "/personal/identity/pesel", "code": "registry.pesel_invalid"}],
    }
    stub.answers = [(422, {}, problem)]
    with pytest.raises(Refused) as refused:
        send(stub, {"pesel": "44051401358"})
    assert str(refused.value) == (
        "POST /participants: 422 registry.pesel_invalid "
        "/personal/identity/pesel registry.pesel_invalid"
    )
    assert len(stub.requests) == 1


def test_patience_ends(stub: Stub) -> None:
    stub.answers = [(503, {"Retry-After": "0"}, {"code": "overloaded"})] * 6
    with pytest.raises(Refused, match="503 overloaded"):
        send(stub, {})
    assert stub.answers == []
