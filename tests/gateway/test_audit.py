"""Checkpoints and tiles as C2SP software asks for them: text and bytes, without a token."""

import base64
from typing import Any

import httpx
import pytest

from shared.contracts.access import Role
from shared.kernel.errors import Rejected
from tests.gateway.conftest import Gateway, command_headers
from tests.gateway.responder import EXAMPLES

NOTE = EXAMPLES["get_checkpoint"]["reply"]["note"]
HASHES = base64.b64decode(EXAMPLES["get_tile"]["reply"]["hashes"])


def get(gateway: Gateway, path: str, accept: str = "*/*") -> httpx.Response:
    return httpx.get(f"{gateway.url}{path}", headers={"Accept": accept}, timeout=20)


@pytest.mark.parametrize("path", ["/audit/checkpoints/registry", "/audit/logs/registry/checkpoint"])
def test_a_checkpoint_is_its_note_as_text(gateway: Gateway, path: str) -> None:
    answer = get(gateway, path, "text/plain")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == NOTE.encode()
    assert gateway.service.last("get_checkpoint")["payload"] == {"ledger": "registry"}


@pytest.mark.parametrize("path", ["000", "067.p/12", "x001/x234/067", "x001/067.p/255"])
def test_a_tile_is_its_hashes(gateway: Gateway, path: str) -> None:
    answer = get(gateway, f"/audit/logs/registry/tile/0/{path}")
    assert answer.status_code == 200
    assert answer.content == HASHES
    wanted = {"ledger": "registry", "level": 0, "path": path}
    assert gateway.service.last("get_tile")["payload"] == wanted


def test_what_is_not_there_is_a_problem(gateway: Gateway) -> None:
    def refuse(_call: dict[str, Any]) -> Any:
        raise Rejected("not_found", {"ledger": "nowhere"})

    gateway.service.answers["get_checkpoint"] = refuse
    answer = get(gateway, "/audit/checkpoints/nowhere")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_entries_are_for_auditors(gateway: Gateway) -> None:
    assert get(gateway, "/audit/logs/registry/entries").status_code == 401


def test_a_pack_is_a_file_for_auditors(gateway: Gateway) -> None:
    pack = EXAMPLES["order_pack"]["reply"]["id"]
    path = f"/audit/packs/{pack}/pack.zip"
    with gateway.store.create(name="pack.zip", content_type="application/zip") as writer:
        writer.write(b"PK")
        reply = {"file_id": writer.finish(), "filename": f"pack-{pack}.zip"}
    gateway.service.answers["fetch_pack"] = lambda _: reply
    assert get(gateway, path).status_code == 401
    with gateway.client(Role.COORDINATOR) as coordinator:
        assert coordinator.get(path).status_code == 403
    with gateway.client(Role.AUDITOR) as auditor:
        ordered = auditor.post("/audit/packs", json={}, headers=command_headers(None))
        assert (ordered.status_code, ordered.headers["Location"]) == (202, f"/audit/packs/{pack}")
        answer = auditor.get(path)
    assert (answer.status_code, answer.content) == (200, b"PK")
    assert answer.headers["Content-Type"] == "application/zip"
    assert gateway.service.last("fetch_pack")["payload"] == {"id": pack}
