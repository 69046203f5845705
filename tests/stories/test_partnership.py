"""The main job of the first run: one command, and the whole partnership is there.

A copy of the checkout is started with `./dev up`'s own code: real database, broker, services,
gateway, and the demonstration played through the gateway. Then it is looked at from outside, as a
frontend, a consumer, an operator and an auditor would.
"""

import csv
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from demo.courses import RUNNING, courses
from demo.mistakes import Mistakes, rows_of
from demo.people import Person
from demo.people import people as demo_people
from demo.research import LEFT_OPEN, RESULTS
from demo.survey import COUNTY
from demo.training import LEFT_BECAUSE, PASSED_ON_BECAUSE
from shared.contracts.access import Role
from shared.runtime.development.binaries import find_mongod, find_rabbitmq
from shared.runtime.development.identity import DevelopmentIdentity
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.processes import wait_until
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.follow import Follower
from shared.runtime.provision import Administrator
from shared.runtime.rebuild import verify
from shared.runtime.settings import SETTINGS_DIR, ServiceSettings
from tests.stories.traces import flush, found_in_collections, found_in_files

ROOT = Path(__file__).parents[2]
COPIED = ("shared", "services", "gateway", "demo")
LIMIT = 400
LEAST_SHOWN = 5
"""Of people who answered, in a table for everybody."""

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

    def get(self, path: str, by: Role = Role.COORDINATOR, **params: Any) -> Any:
        token = DevelopmentIdentity(self.data / "identity").token(by)
        reply = httpx.get(
            self.gateway + path,
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        reply.raise_for_status()
        return reply.json()

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """All items of a list, however many fit into one answer."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(path, Role.COORDINATOR, limit=200, **query, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


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


def everyone() -> tuple[list[Person], Mistakes]:
    """The people of the demonstration, one by one, and the mistakes in their rows."""
    rows, mistakes = rows_of(demo_people())
    return list({row.person.reference: row.person for row in rows}.values()), mistakes


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
    listed = {each["id"] for each in partnership.pages("/participants")}
    assert len(listed) == registered


def test_the_dashboard_counts_both_groups(partnership: Running) -> None:
    tallies = {each["kind"]: each for each in partnership.get("/dashboard")["tallies"]}
    assert tallies["dependent"]["target"] == 250
    assert tallies["staff"]["target"] == 170
    for tally in tallies.values():
        assert 0 < tally["countable"] <= tally["enrolled"] <= tally["registered"]
        assert sum(tally["by_sex"].values()) == tally["countable"]


def test_training_heard_of_everybody_admitted(partnership: Running) -> None:
    """Through the broker: training never asks the registry."""
    with MongoClient[dict[str, Any]](partnership.administrator.mongodb_uri) as client:
        commits = client["registry_ledger"]["commits"]
        decided = {"e.t": "registry.Participant.RecruitmentDecided"}
        admitted = commits.count_documents(decided)
        heard = client["training_ledger"]["commits"]
        assert admitted > 300
        assert wait_until(
            lambda: heard.count_documents({"e.t": "training.Learner.Admitted"}) > 300, limit=30
        )
        starts = commits.count_documents({"e.t": "registry.Participant.Enrolled"})
    assert starts > 300


def test_courses_started_support_and_ended_with_certificates(partnership: Running) -> None:
    plans = {course.plan.code: course for course in courses(*everyone())}
    editions = {each["code"]: each for each in partnership.pages("/editions")}
    assert editions.keys() == {*plans, RUNNING}
    for code, course in plans.items():
        edition = partnership.get(f"/editions/{editions[code]['id']}")
        states = Counter(each["state"] for each in edition["enrolments"])
        completed = sum(map(course.completes, course.members))
        assert states["completed"] == completed
        assert states["completed"] + states["not_completed"] + states["abandoned"] == len(
            course.members
        )
        certified = [each for each in edition["enrolments"] if each["certificate_id"]]
        assert len(certified) == completed - course.plan.revoked
    with MongoClient[dict[str, Any]](partnership.administrator.mongodb_uri) as client:
        by_event = client["registry_ledger"]["commits"].count_documents(
            {"e.t": "registry.Participant.Enrolled", "meta.actor": "service:registry"}
        )
    assert by_event == sum(len(course.starts) for course in plans.values())


def test_certificates_are_numbered_without_gaps(partnership: Running) -> None:
    numbers = [each["number"] for each in partnership.pages("/certificates")]
    by_year: dict[str, list[int]] = {}
    for number in numbers:
        _, year, ordinal = number.split("/")
        by_year.setdefault(year, []).append(int(ordinal))
    assert len(numbers) > 50
    for ordinals in by_year.values():
        assert sorted(ordinals) == list(range(1, len(ordinals) + 1))


def test_the_trainer_has_a_session_today(partnership: Running) -> None:
    [session] = partnership.get("/today", by=Role.TRAINER)["sessions"]
    assert len(session["marks"]) >= 8
    assert all(mark["participant_name"] for mark in session["marks"])


def test_a_diagnosis_is_open_to_everybody_and_nobody_can_be_picked_out(
    partnership: Running,
) -> None:
    public = f"{partnership.gateway}/public/diagnoses"
    (listed,) = httpx.get(public, timeout=30).json()["items"]
    found = httpx.get(f"{public}/{listed['id']}", timeout=30).json()
    assert found["territory"] == list(COUNTY)
    hidden = 0
    for name in (each["name"] for each in found["files"] if each["name"].endswith(".csv")):
        text = httpx.get(f"{public}/{listed['id']}/files/{name}", timeout=30).text
        for row in csv.DictReader(text.splitlines()):
            hidden += row["status"] == "C"
            assert (row["n"] == "") is (row["status"] == "C")
            assert not 0 < int(row["n"] or 0) < LEAST_SHOWN
    assert hidden > 0
    needs = httpx.get(f"{public}/{listed['id']}/needs", timeout=30).json()["communes"]
    assert sorted(each["rank"] for each in needs) == [1, 2, 3, 4, 5]
    counted = [
        each
        for each in partnership.pages("/applications")
        for given in partnership.get(f"/applications/{each['id']}")["inputs"]
        if given["basis"].startswith(listed["id"])
    ]
    assert counted  # the fund scored with it


def test_what_people_tell_after_they_left_is_a_result_once_it_is_confirmed(
    partnership: Running,
) -> None:
    answered = list(partnership.pages("/follow-ups", state="answered"))
    states: Counter[bool] = Counter()
    for each in answered:
        participant = partnership.get(f"/participants/{each['participant_id']}")
        waiting = {one["proposal_id"] for one in participant["proposed_results"]}
        told = participant["episodes"][-1][f"{RESULTS[each['kind']]}_observed_on"]
        assert (each["id"] in waiting) is (told is None)
        assert told in (None, each["observed_on"])
        states[told is None] += 1
    assert (states[True], states[False]) == (
        min(len(answered), LEFT_OPEN),
        max(0, len(answered) - LEFT_OPEN),
    )


@pytest.mark.parametrize("service", ["registry", "training"])
def test_read_models_made_anew_from_the_ledger_are_the_same(
    partnership: Running, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTINGS_DIR, str(partnership.data / "settings"))
    monkeypatch.setenv("TRAINING_VERIFICATION_URL", f"{partnership.gateway}/verify")
    bootstrap = importlib.import_module(f"services.{service}.bootstrap")
    follower: Follower = bootstrap.follower(ServiceSettings.load(service))
    try:
        for projection in follower.projections:
            comparison = verify(projection, follower.views, follower.history)
            assert comparison.drifted == []
            assert comparison.position == follower.history.head()
    finally:
        follower.close()


def test_nothing_personal_lies_in_clear_anywhere(partnership: Running) -> None:
    rows = people()[::40]
    secrets = {f"PESEL of row {i}": row["PESEL"] for i, row in enumerate(rows) if row["PESEL"]}
    secrets |= {f"e-mail of row {i}": row["E-mail"] for i, row in enumerate(rows) if row["E-mail"]}
    assert len(secrets) > 10
    secrets |= {"why somebody left": LEFT_BECAUSE, "why a place passed on": PASSED_ON_BECAUSE}
    uri = partnership.administrator.mongodb_uri
    flush(uri)
    assert found_in_collections(uri, secrets) == set()
    assert found_in_files(partnership.data, secrets) == set()
