"""Money goes out while `serve`, the database and the broker are killed: each tranche is paid once, what
was acknowledged is recorded, and the books are the contracts'.

Several officers pay out their loans, tranche by tranche: asked for, approved by another person,
confirmed. Whatever is not answered is sent again, as a client would, under the same key.
`FAULT_SEED` repeats a run.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from pymongo import MongoClient

from tests.stories.lender import Lender, ago, zlotys
from tests.stories.playground import Playground, Refused, User, playground

SEED = int(os.environ.get("FAULT_SEED", "456"))
VICTIMS = ("serve", "mongodb", "broker")
PASSING = {429, 502, 503, 504}
"""No answer for now."""
TRANCHE = "500.00"
PATIENCE = 180.0
"""Seconds until a command must have been answered, whatever dies meanwhile."""
T = TypeVar("T")

pytestmark = [pytest.mark.fault, pytest.mark.slow]


@dataclass
class Desk:
    """One officer's loan. `acknowledged` are the commands that were answered."""

    lender: Lender
    loan: str
    acknowledged: list[str] = field(default_factory=list)
    position: int = 0

    def pay_out(self, tranches: int) -> None:
        for number in range(tranches):
            asked = {"amount": zlotys(TRANCHE), "source_document": f"DYSP/{number}"}
            self._give(self.lender.officer, "/disbursements", asked, f"ask/{number}")
            request = self._card()["requests"][number]["id"]
            end, approved = f"/requests/{request}", {"approve": True}
            self._give(self.lender.second, f"{end}/decision", approved, f"approve/{number}")
            paid = {"bank_reference": self.reference(number), "paid_on": ago(88)}
            self._give(self.lender.officer, f"{end}/payment", paid, f"pay/{number}")

    def reference(self, number: int) -> str:
        return f"WB/{self.loan[:8]}/{number}"

    def _give(self, by: User, end: str, body: Mapping[str, Any], key: str) -> None:
        version = self._card()["version"]
        path, own = f"/loans/{self.loan}{end}", f"{self.loan}/{key}"
        receipt = patiently(partial(by.give, path, body, version=version, key=own))
        self.position = receipt["position"]
        self.acknowledged.append(receipt["command_id"])

    def _card(self) -> dict[str, Any]:
        path = f"/loans/{self.loan}"
        return patiently(partial(self.lender.officer.read, path, at_least=self.position))


def patiently(step: Callable[[], T]) -> T:
    """Until there is an answer. Raises `Refused` when it is a no."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except (httpx.TransportError, Refused) as failed:
            passing = not isinstance(failed, Refused) or failed.status in PASSING
            if not passing or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Playground]:
    with playground(tmp_path) as running:
        yield running


@pytest.mark.timeout(400)
def test_each_tranche_is_paid_once_whatever_is_killed(platform: Playground) -> None:
    kills = [*VICTIMS]
    random.Random(SEED).shuffle(kills)
    _prove(platform, desks=2, tranches=4, kills=kills)


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_soak_disbursements(platform: Playground) -> None:
    lots = random.Random(SEED)
    _prove(platform, desks=2, tranches=40, kills=[lots.choice(VICTIMS) for _ in range(40)])


def _prove(platform: Playground, desks: int, tranches: int, kills: Sequence[str]) -> None:
    lender = _prepared(platform)
    enterprise = lender.found([{"number": f"Z-{each}"} for each in range(3)], "lead")
    lender.declare(enterprise, 95)
    opened = [_desk(lender, enterprise, number) for number in range(1, desks + 1)]
    lots = random.Random(SEED)
    with ThreadPoolExecutor(desks) as officers:
        working = [officers.submit(desk.pay_out, tranches) for desk in opened]
        for victim in kills:
            time.sleep(lots.uniform(0.1, 2.5))
            _kill(platform, victim)
        for each in working:
            each.result()
    print(f"{desks} loans of {tranches} tranches, kills {dict(Counter(kills))}")
    _require_paid_once(platform, opened, tranches)
    patiently(partial(_balanced, lender, max(each.position for each in opened), desks * tranches))


def _prepared(platform: Playground) -> Lender:
    lender = Lender(platform)
    lender.endow("500000.00")
    lender.announce(91)
    return lender


def _desk(lender: Lender, enterprise: str, number: int) -> Desk:
    terms = {"months": 24, "first_due_on": ago(60)}
    loan = lender.sign(enterprise, f"POZ/2026/{number:04}", "50000.00", **terms)
    lender.meet_condition(loan)
    return Desk(lender, loan)


def _kill(platform: Playground, victim: str) -> None:
    """As a crash would, and start it again."""
    if victim == "serve":
        platform.kill("serve")
        platform.launch("serve")
        platform.await_ready("serve")
    else:
        server = platform.mongodb if victim == "mongodb" else platform.broker
        server.kill()
        server.start()


def _require_paid_once(platform: Playground, opened: Sequence[Desk], tranches: int) -> None:
    """By the ledger itself: what it holds is all that counts."""
    with MongoClient[dict[str, Any]](platform.mongodb.uri) as client:
        commits = list(client["kasa_ledger"]["commits"].find(sort=[("_id", 1)]))
    last = 0
    for commit in commits:
        assert commit["_id"] == last + 1
        last = commit["last"]
    recorded = {commit["commit_id"] for commit in commits}
    assert recorded >= {each for desk in opened for each in desk.acknowledged}
    events = [
        json.loads(event["d"])
        for commit in commits
        for event in commit["e"]
        if event["t"] == "kasa.Loan.Disbursed"
    ]
    paid = Counter(event["bank_reference"] for event in events)
    assert paid == Counter(desk.reference(each) for desk in opened for each in range(tranches))
    assert len({event["request_id"] for event in events}) == len(events)


def _balanced(lender: Lender, position: int, tranches: int) -> None:
    """The books are the contracts', to the grosz."""
    asked = {"at_least": position}
    found = lender.coordinator.read("/fund/reconciliation", **asked)
    assert (found["found"], found["accounts"]) == (0, [])
    source = lender.coordinator.read(f"/fund/sources/{lender.source}", **asked)
    balances = {each["account"]: each["balance"]["amount"] for each in source["balances"]}
    assert Decimal(balances["disbursed"]) == tranches * Decimal(TRANCHE)
