"""The health page, asked over HTTP as a probe asks it."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import Counter

from shared.runtime.health import Health


@pytest.fixture
def health() -> Iterator[Health]:
    made = Health()
    yield made
    made.close()


def test_ready_when_every_check_passes(health: Health) -> None:
    reasons: dict[str, str | None] = {"ledger": None, "broker": "no connection"}
    health.check("ledger", lambda: reasons["ledger"])
    health.check("broker", lambda: reasons["broker"])
    page = f"http://127.0.0.1:{health.serve('127.0.0.1', 0)}/health"
    answer = httpx.get(f"{page}/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "missing": {"broker": "no connection"}}
    assert httpx.get(f"{page}/live").status_code == 200
    reasons["broker"] = None
    answer = httpx.get(f"{page}/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_a_check_that_raises_is_not_ready_and_keeps_its_text(health: Health) -> None:
    def broken() -> str | None:
        raise ValueError("personal")

    health.check("ledger", broken)
    answer = httpx.get(f"http://127.0.0.1:{health.serve('127.0.0.1', 0)}/health/ready")
    assert answer.json()["missing"] == {"ledger": "ValueError"}


def test_metrics_are_prometheus_text(health: Health) -> None:
    Counter("trial_commits", "Commits of this test").inc(3)
    answer = httpx.get(f"http://127.0.0.1:{health.serve('127.0.0.1', 0)}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "trial_commits_total 3.0" in answer.text


def test_a_client_that_says_nothing_holds_nobody_up(health: Health) -> None:
    port = health.serve("127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", port)):
        assert httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=2).status_code == 200
    assert httpx.get(f"http://127.0.0.1:{port}/else").status_code == 404
