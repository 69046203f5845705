"""Appends per second and their latency: our ledger against PostgreSQL, SQLite and raw inserts.

`./dev bench append [--events N] [--writers 1,4,16,64] [--seconds S]`

All stores take short turns in random order within each round, so that a busy moment of the machine,
or what another store leaves to be written, hits all of them alike. Medians over the rounds count,
and ratios more than figures. Uses the replica set of MONGODB_URI
if that is set (databases named `bench_…` are dropped), else a private one.
"""

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from shared.runtime.development.binaries import find_mongod
from shared.runtime.development.mongodb import MongoServer
from tests.benchmarks.append_stores import (
    MAX_WRITERS,
    PostgresCluster,
    RawStore,
    Store,
    drop_database,
    ledger_store,
    postgres_store,
    sqlite_store,
)
from tests.benchmarks.preload import preload

TARGETS = (
    # (store, other store, writers, ratio to reach)
    ("ledger", "PostgreSQL", 16, 5.0),
    ("ledger", "raw insert_one", 64, 2.0),
    ("ledger", "raw insert_one", 1, 0.9),
)
CACHE = "cache_size=4G"
TARGET_P99_AT_64 = 0.040


@dataclass(frozen=True)
class Round:
    """Appends per second, and latencies in seconds."""

    rate: float
    p50: float
    p99: float


def measure(store: Store, writers: int, seconds: float) -> Round:
    latencies: list[list[float]] = [[] for _ in range(writers)]
    failures: list[Exception] = []
    start = threading.Barrier(writers + 1)
    end = 0.0

    def write(own: list[float]) -> None:
        try:
            store.append()  # connects
            start.wait()
            while (began := time.perf_counter()) < end:
                store.append()
                own.append(time.perf_counter() - began)
        except Exception as error:
            failures.append(error)
            start.abort()

    threads = [threading.Thread(target=write, args=(own,)) for own in latencies]
    for thread in threads:
        thread.start()
    end = time.perf_counter() + 60  # replaced before the barrier opens
    while start.n_waiting < writers and not failures:
        time.sleep(0.001)
    began = time.perf_counter()
    end = began + seconds
    if not failures:
        start.wait()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    taken = time.perf_counter() - began
    ordered = sorted(latency for own in latencies for latency in own)
    return Round(len(ordered) / taken, _quantile(ordered, 0.5), _quantile(ordered, 0.99))


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(rounds: list[Round]) -> Round:
    return Round(
        statistics.median(one.rate for one in rounds),
        statistics.median(one.p50 for one in rounds),
        statistics.median(one.p99 for one in rounds),
    )


@contextmanager
def mongodb_uri() -> Iterator[str]:
    if uri := os.environ.get("MONGODB_URI"):
        yield uri
        return
    with tempfile.TemporaryDirectory(prefix="bench-mongodb-") as folder:
        server = MongoServer(Path(folder), find_mongod())
        server.start()
        # The private servers have a small cache. A production server takes half of the memory; a
        # small one measures how busily dirty index pages are evicted.
        with MongoClient[dict[str, Any]](server.uri) as client:
            client.admin.command("setParameter", 1, wiredTigerEngineRuntimeConfig=CACHE)
        try:
            yield server.uri
        finally:
            server.kill()


def compare(
    stores: list[Store], writers: list[int], seconds: float, rounds: int, console: Console
) -> dict[tuple[str, int], Round]:
    results: dict[tuple[str, int], list[Round]] = defaultdict(list)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("", total=rounds * len(writers) * len(stores))
        for number in range(rounds):
            for count in writers:
                for store in random.sample(stores, k=len(stores)):
                    progress.update(
                        task,
                        description=f"round {number + 1}: {store.name}, {count} writers",
                    )
                    results[store.name, count].append(measure(store, count, seconds))
                    progress.advance(task)
    return {key: median(found) for key, found in results.items()}


def show(results: dict[tuple[str, int], Round], title: str, console: Console) -> None:
    table = Table("store", "writers", "appends/s", "p50 ms", "p99 ms", "of ledger", title=title)
    for (name, writers), result in sorted(results.items(), key=lambda item: item[0][1]):
        share = result.rate / results["ledger", writers].rate
        table.add_row(
            name,
            str(writers),
            f"{result.rate:,.0f}",
            f"{result.p50 * 1000:.2f}",
            f"{result.p99 * 1000:.2f}",
            f"{share:.2f}",
        )
    console.print(table)


def judge(results: dict[tuple[str, int], Round], console: Console) -> None:
    for store, other, writers, target in TARGETS:
        if (store, writers) in results and (other, writers) in results:
            ratio = results[store, writers].rate / results[other, writers].rate
            verdict = "reached" if ratio >= target else "MISSED"
            console.print(f"{store} / {other} at {writers}: {ratio:.2f} (≥ {target}: {verdict})")
    if ("ledger", 64) in results:
        p99 = results["ledger", 64].p99
        verdict = "reached" if p99 <= TARGET_P99_AT_64 else "MISSED"
        console.print(f"ledger p99 at 64: {p99 * 1000:.1f} ms (≤ 40 ms: {verdict})")


def compare_sizes(uri: str, events: int, arguments: argparse.Namespace, console: Console) -> None:
    """The same ledger at ten thousand events and at `events`, side by side in the same rounds."""
    with ExitStack() as stack:
        stores: list[Store] = []
        for size in (10_000, events):
            name = f"bench_{uuid4().hex[:8]}"
            stack.callback(drop_database, uri, name)
            store = ledger_store(uri, name)
            stack.callback(store.close)
            preload(uri, name, size, console)
            store.name = "ledger" if size == 10_000 else f"at {size:,}"
            stores.append(store)
        results = compare(stores, arguments.writers, arguments.seconds, arguments.rounds, console)
    show(results, f"ledger at 10,000 events, and at {events:,}", console)
    for writers in arguments.writers:
        ratio = results[f"at {events:,}", writers].rate / results["ledger", writers].rate
        verdict = "reached" if ratio >= 0.9 else "MISSED"
        console.print(f"at {writers} writers: {ratio:.2f} of the rate (≥ 0.9: {verdict})")


def compare_stores(uri: str, arguments: argparse.Namespace, console: Console) -> None:
    with ExitStack() as stack:
        name = f"bench_{uuid4().hex[:8]}"
        stack.callback(drop_database, uri, name)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-sqlite-")))
        cluster = PostgresCluster()
        cluster.start()
        stack.callback(cluster.stop)
        stores: list[Store] = [
            ledger_store(uri, name),
            RawStore(uri, name),
            postgres_store(cluster),
            sqlite_store(folder),
        ]
        for store in stores:
            stack.callback(store.close)
        results = compare(stores, arguments.writers, arguments.seconds, arguments.rounds, console)
    show(results, "one event per append, durable when acknowledged", console)
    judge(results, console)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--events", type=int, default=0, help="compare with a ledger of this size")
    parser.add_argument(
        "--writers",
        type=lambda text: [int(part) for part in text.split(",")],
        default=[1, 4, 16, 64],
    )
    parser.add_argument("--seconds", type=float, default=1.0, help="per store, writers and round")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    if max(arguments.writers) > MAX_WRITERS:
        parser.error(f"--writers: at most {MAX_WRITERS}")
    console = Console()
    with mongodb_uri() as uri:
        if arguments.events:
            compare_sizes(uri, arguments.events, arguments, console)
        else:
            compare_stores(uri, arguments, console)


if __name__ == "__main__":
    main()
