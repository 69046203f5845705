"""A process patched by eventlet, as `serve` is: appends and a subscription in green threads.

Prints what it saw as JSON. Between two lines that it reads from standard input the test holds the
database back, and a ticking green thread shows whether the others go on.
"""

# ruff: noqa: E402 (patching comes before everything else)
import eventlet

eventlet.monkey_patch()

import itertools
import json
import sys
import threading
import time

from shared.eventstore.ledger import Ledger
from shared.eventstore.recorders import MongoDBApplicationRecorder
from tests.eventstore.ledgers import event, open_ledger

WRITERS, APPENDS = 32, 20
TICK_SECONDS = 0.01


def tick(ticks: list[float]) -> None:
    while True:
        ticks.append(time.monotonic())
        time.sleep(TICK_SECONDS)


def follow(ledger: Ledger, total: int, seen: list[int]) -> None:
    with MongoDBApplicationRecorder(ledger).subscribe() as subscription:
        while len(seen) < total:
            seen.append(next(subscription).id)


def main(uri: str, name: str) -> None:
    ticks: list[float] = []
    acknowledged: list[int] = []
    seen: list[int] = []

    def write() -> None:
        acknowledged.extend(ledger.append([event()]))

    def write_many() -> None:
        for _ in range(APPENDS):
            write()

    with open_ledger(uri, name) as ledger:
        reader = threading.Thread(target=follow, args=(ledger, WRITERS * APPENDS + 2, seen))
        reader.start()
        writers = [threading.Thread(target=write_many) for _ in range(WRITERS)]
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()

        print("ready", flush=True)
        sys.stdin.readline()
        eventlet.spawn(tick, ticks)
        first = eventlet.spawn(write)
        time.sleep(0.1)  # until it is on its way, and the others queue behind it
        killed, last = (eventlet.spawn(write) for _ in range(2))
        time.sleep(1.0)
        killed.kill()  # while it waits in the queue
        stalled = list(ticks)
        print("stalled", flush=True)
        first.wait()
        last.wait()
        reader.join()
    gaps = [after - before for before, after in itertools.pairwise(stalled)]
    report = {"acknowledged": sorted(acknowledged), "seen": seen, "longest_gap": max(gaps)}
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
