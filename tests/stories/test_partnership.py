"""The main job of the first run: one command, and the whole partnership is there.

A copy of the checkout is started with `./dev up`'s own code: real database, broker, services,
gateway, and the demonstration played through the gateway. Then it is looked at from outside, as a
frontend, a consumer, an operator and an auditor would.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from shared.contracts.access import Role
from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.identity import DevelopmentIdentity
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.processes import wait_until
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.provision import Administrator
from tests.stories.traces import flush, found_in_collections, found_in_files

ROOT = Path(__file__).parents[2]
COPIED = ("shared", "services", "gateway", "demo")
LIMIT = 400

pytestmark = [pytest.mark.slow, pytest.mark.timeout(LIMIT + 60)]


@dataclass
class Running:
    """A started platform: its folder, and what starting it printed."""

    folder: Path
    output: str

    @property
    def data(self) -> Path:
        return self.folder / ".dev"

    @property
    def gateway(self) -> str:
        state = json.loads((self.data / "up.json").read_text())
        return str(state["addresses"]["Gateway"])

    @property
    def administrator(self) -> Administrator:
        mongodb = MongoServer(self.data / "mongodb", find_mongod())
        broker = BrokerServer(self.data / "rabbitmq", find_rabbitmq())
        return Administrator(mongodb.uri, broker.uri, broker.management_url)

    def get(self, path: str, **params: Any) -> Any:
        token = DevelopmentIdentity(self.data / "identity").token(Role.COORDINATOR)
        reply = httpx.get(
            self.gateway + path,
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        reply.raise_for_status()
        return reply.json()


@pytest.fixture(scope="module")
def partnership(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("up")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".dev" / "bin").mkdir(parents=True)
    (folder / ".dev" / "bin" / "mongod").symlink_to(find_mongod())
    try:
        done = dev(folder, "up", "--detach")
        assert done.returncode == 0, done.stdout
        yield Running(folder, done.stdout)
    finally:
        dev(folder, "down")


def dev(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shared.runtime.development", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def people() -> list[dict[str, str]]:
    """The rows of the demonstration's file."""
    with (ROOT / "demo" / "participants.csv").open(encoding="cp1250", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_targets_and_actuals_are_printed(partnership: Running) -> None:
    assert "250" in partnership.output
    assert "170" in partnership.output


def test_everybody_is_in_the_ledger_and_in_the_list(partnership: Running) -> None:
    with MongoClient[dict[str, Any]](partnership.administrator.mongodb_uri) as client:
        registered = client["registry_ledger"]["commits"].count_documents(
            {"e.t": "registry.Participant.Registered"}
        )
    assert registered >= 420
    listed: set[str] = set()
    cursor: dict[str, str] = {}
    while True:
        page = partnership.get("/participants", limit=200, **cursor)
        listed |= {each["id"] for each in page["items"]}
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(listed) == registered


def test_the_dashboard_counts_both_groups(partnership: Running) -> None:
    tallies = {each["kind"]: each for each in partnership.get("/dashboard")["tallies"]}
    assert tallies["dependent"]["target"] == 250
    assert tallies["staff"]["target"] == 170
    for tally in tallies.values():
        assert 0 < tally["countable"] <= tally["enrolled"] <= tally["registered"]
        assert sum(tally["by_sex"].values()) == tally["countable"]


def test_every_public_event_went_through_the_broker(partnership: Running) -> None:
    """Nobody consumes the registry yet, so the broker shows its events among the unrouted ones."""
    administrator = partnership.administrator
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        head = client["registry_ledger"]["commits"].find_one(sort=[("_id", -1)])
        relay = client["registry_views"]["relay"]
        assert head is not None
        assert wait_until(lambda: _relayed(relay) >= head["last"], limit=30)
        public = client["registry_ledger"]["commits"].count_documents(
            {"e.t": "registry.Participant.Enrolled"}
        )
    assert public > 300
    assert wait_until(lambda: _messages(administrator, "unrouted") > public, limit=30)


def _relayed(relay: Collection[dict[str, Any]]) -> int:
    cursor = relay.find_one({"_id": "registry"})
    return int(cursor["position"]) if cursor else 0


def _messages(administrator: Administrator, queue: str) -> int:
    reply = httpx.get(f"{administrator.management_url}/api/queues/%2F/{queue}", timeout=10)
    return int(reply.raise_for_status().json().get("messages", 0))


def test_nothing_personal_lies_in_clear_anywhere(partnership: Running) -> None:
    rows = people()[::40]
    secrets = {f"PESEL of row {i}": row["PESEL"] for i, row in enumerate(rows) if row["PESEL"]}
    secrets |= {f"e-mail of row {i}": row["E-mail"] for i, row in enumerate(rows) if row["E-mail"]}
    assert len(secrets) > 10
    uri = partnership.administrator.mongodb_uri
    flush(uri)
    assert found_in_collections(uri, secrets) == set()
    assert found_in_files(partnership.data, secrets) == set()
