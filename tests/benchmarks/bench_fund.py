"""A fund loaded out of a long journal: from its last snapshot, and from all its entries.

    ./dev bench fund --entries 2000,10000,100000 --contracts 500

A fixed number of contracts get a commitment, a disbursement and payments in turn. Uses the replica set of
MONGODB_URI, where that is set, else a private one.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

from services.kasa.application import Kasa
from services.kasa.domain.fund import Fund
from services.kasa.domain.ids import id_of
from shared.contracts.access import Role
from shared.contracts.kasa.vocabulary.fund import Cause, Received
from shared.eventstore.application import LedgerApplication
from shared.eventstore.schema import SNAPSHOTS
from shared.eventstore.vault import BlindIndex
from shared.kernel.money import Currency, Money
from shared.kernel.provenance import Provenance
from tests.benchmarks.bench_append import mongodb_uri

DAY: Final = date(2026, 1, 5)
SOURCE: Final = id_of("fund", "BENCH")
AT_ONCE: Final = 100
"""Entries of one commit while the journal is made long."""
LOADS: Final = 15
DATABASE: Final = "bench_kasa_ledger"
PAYMENT: Final = Received(principal=Money.of("100"), income=Money.of("10"), overpaid=Money.zero())


class Books(LedgerApplication):
    name = "kasa"
    snapshotting_intervals = Kasa.snapshotting_intervals


def provenance() -> Provenance:
    return Provenance(
        actor="bench",
        role=Role.COORDINATOR,
        command="kasa.bench",
        command_id=uuid4(),
        correlation_id=uuid4(),
    )


def opened() -> Fund:
    fund = Fund(SOURCE)
    fund.open(source="BENCH", name="Bench", currency=Currency.PLN, opened_on=DAY, today=DAY)
    plenty = Money.of("900000000000")
    fund.contribute(plenty, on=DAY, source_document="U/1", today=DAY, by="bench")
    return fund


def grow(books: Books, fund: Fund, entries: int, contracts: int) -> None:
    """Until the journal has so many entries."""
    while fund.version < entries:
        for _ in range(min(AT_ONCE, entries - fund.version)):
            post(fund, fund.version, contracts)
        books.record(fund, provenance=provenance())


def post(fund: Fund, number: int, contracts: int) -> None:
    contract = UUID(int=number % contracts + 1)
    cause = Cause(stream=contract, version=number + 1)
    if contract not in fund.commitments and contract not in fund.outstanding:
        fund.commit(contract, Money.of("1000000"), cause, on=DAY)
    elif contract in fund.commitments:
        fund.disburse(contract, Money.of("1000000"), cause, on=DAY)
    else:
        fund.receive(contract, PAYMENT, cause, on=DAY)


def milliseconds(work: Callable[[], object], times: int) -> float:
    def once() -> float:
        began = time.perf_counter()
        work()
        return (time.perf_counter() - began) * 1000

    return statistics.median(once() for _ in range(times))


def contribute(books: Books) -> None:
    fund = books.load(Fund, SOURCE)
    fund.contribute(Money.of("1"), on=DAY, source_document="U/2", today=DAY, by="bench")
    books.record(fund, provenance=provenance())


def measure(uri: str, sizes: list[int], contracts: int) -> Table:
    table = Table(title=f"A fund with {contracts:,} open contracts")
    for heading in (
        "entries",
        "load, ms",
        "command, ms",
        "whole history, ms",
        "snapshot, kB",
    ):
        table.add_column(heading, justify="right")
    env = {"MONGODB_URI": uri, "MONGODB_DATABASE": DATABASE, "CREATE_TABLE": "yes"}
    books, fund = Books(env, vault=None, index=BlindIndex(b"b" * 32)), opened()
    with MongoClient[dict[str, Any]](uri) as client:
        for size in sizes:
            grow(books, fund, size, contracts)
            load = milliseconds(lambda: books.load(Fund, SOURCE), LOADS)
            whole = milliseconds(lambda: books.load_many(Fund, [SOURCE]), 1)
            (last,) = client[DATABASE][SNAPSHOTS].find().sort("v", -1).limit(1)
            figures = (
                f"{fund.version:,}",
                f"{load:.1f}",
                f"{milliseconds(lambda: contribute(books), LOADS):.1f}",
                f"{whole:,.0f}",
                f"{len(last['d']) / 1000:.0f}",
            )
            table.add_row(*figures)
            fund = books.load(Fund, SOURCE)
    books.close()
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", default="2000,10000,100000")
    parser.add_argument("--contracts", type=int, default=500)
    arguments = parser.parse_args()
    sizes = [int(each) for each in arguments.entries.split(",")]
    with mongodb_uri() as uri:
        Console().print(measure(uri, sizes, arguments.contracts))


if __name__ == "__main__":
    main()
