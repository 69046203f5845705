"""Snapshots of the books: used, equal to the whole history, and never needed."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from services.kasa.application import Kasa as Application
from services.kasa.domain.fund import Fund
from services.kasa.domain.fund_snapshot import FundSnapshot
from shared.eventstore.schema import SNAPSHOTS
from shared.kernel.money import Money
from shared.runtime.provision import Administrator
from tests.kasa.conftest import Kasa
from tests.kasa.deciding import endow
from tests.kasa.domain.test_fund_machine import state_of
from tests.kasa.test_fund import SOURCE_ID, paying_in, reconciled

Snapshots = Collection[dict[str, Any]]
INTERVAL = 5


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Application.snapshotting_intervals, Fund, INTERVAL)


@pytest.fixture
def snapshots(administrator: Administrator) -> Iterator[Snapshots]:
    """As only an administrator can change them."""
    with MongoClient[dict[str, Any]](administrator.mongodb_uri) as client:
        yield client["kasa_ledger"][SNAPSHOTS]


def paid_in(kasa: Kasa, times: int) -> None:
    for _ in range(times):
        kasa.command(paying_in("1"))


def taken(snapshots: Snapshots) -> list[int]:
    of_today = {"o": str(SOURCE_ID), "t": FundSnapshot.TOPIC}
    return [each["v"] for each in snapshots.find(of_today).sort("v")]


def replayed(kasa: Kasa) -> Fund:
    """From all events, without a snapshot."""
    application = kasa.composition.application
    fund = application.load_many(Fund, [SOURCE_ID])[SOURCE_ID]
    assert fund.restored_at == 0
    return fund


def loaded(kasa: Kasa) -> Fund:
    return kasa.composition.application.load(Fund, SOURCE_ID)


def test_a_fund_is_loaded_from_its_last_snapshot_and_is_the_same(
    kasa: Kasa, snapshots: Snapshots
) -> None:
    endow(kasa, "1000")
    paid_in(kasa, 21)
    assert taken(snapshots) == [5, 10, 15, 20]
    fund = loaded(kasa)
    assert (fund.version, fund.restored_at) == (23, 20)
    assert state_of(fund) == state_of(replayed(kasa))


def test_an_earlier_version_is_loaded_from_the_snapshot_before_it(
    kasa: Kasa, snapshots: Snapshots
) -> None:
    endow(kasa, "1000")
    paid_in(kasa, 21)
    fund = kasa.composition.application.as_of(SOURCE_ID, 17)
    assert (fund.version, fund.restored_at, fund.free) == (17, 15, Money.of("1015"))
    assert kasa.composition.application.as_of(SOURCE_ID, 3).restored_at == 0
    assert taken(snapshots)


@pytest.mark.parametrize(
    "change",
    [{"t": "kasa.Fund.Snapshot.v0"}, {"d": '{"free":"1"}'}, {"d": "damaged"}],
    ids=["of an old version", "of another shape", "damaged"],
)
def test_what_cannot_be_read_is_passed_over_and_made_anew(
    kasa: Kasa, snapshots: Snapshots, change: dict[str, str]
) -> None:
    endow(kasa, "1000")
    paid_in(kasa, 10)
    snapshots.update_many({}, {"$set": change})
    fund = loaded(kasa)
    assert (fund.version, fund.restored_at) == (12, 0)
    assert state_of(fund) == state_of(replayed(kasa))
    paid_in(kasa, 1)
    assert taken(snapshots)[-1] == 13
    assert loaded(kasa).restored_at == 13


def test_an_older_one_of_today_is_better_than_a_newer_one_of_another_version(
    kasa: Kasa, snapshots: Snapshots
) -> None:
    """While two versions of the code run, neither disturbs the other."""
    endow(kasa, "1000")
    paid_in(kasa, 10)
    snapshots.update_one({"v": 10}, {"$set": {"t": "kasa.Fund.Snapshot.v2"}})
    assert loaded(kasa).restored_at == 5


def test_what_prevents_a_snapshot_does_not_prevent_the_command(
    kasa: Kasa, snapshots: Snapshots
) -> None:
    endow(kasa, "1000")
    there = {"o": str(SOURCE_ID), "v": 5, "t": "kasa.Fund.Snapshot.v0", "d": "{}"}
    snapshots.insert_one(there)
    paid_in(kasa, 3)
    assert (taken(snapshots), loaded(kasa).version) == ([], 5)
    paid_in(kasa, 1)
    assert taken(snapshots) == [6]


def test_a_falsified_snapshot_is_found_by_reconciliation(kasa: Kasa, snapshots: Snapshots) -> None:
    """The journal is summed from the entries, the balances come from the aggregate."""
    endow(kasa, "1000")
    paid_in(kasa, 3)
    (recorded,) = snapshots.find({"v": 5})
    true, false = (f'"free":{{"amount":"{each}",' for each in ("1003.00", "9003.00"))
    falsified = recorded["d"].replace(true, false)
    assert falsified != recorded["d"]
    snapshots.update_one({"v": 5}, {"$set": {"d": falsified}})
    paid_in(kasa, 1)
    kasa.project()
    (account,) = reconciled(kasa).accounts
    assert (account.books, account.journal) == (Money.of("9004"), Money.of("1004"))
