import json
import subprocess
import sys

from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import new_ledger, new_name
from tests.faults.ledger.proxy import proxied, through

APPENDS = 32 * 20 + 2


def test_a_patched_process_appends_and_follows_without_blocking_its_hub(
    mongodb: MongoServer,
) -> None:
    name = new_name()
    with (
        new_ledger(mongodb.uri, name) as ledger,
        proxied(mongodb.port) as proxy,
        subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "tests.eventstore.patched_process"),
                *(through(mongodb.uri, mongodb.port, proxy), name),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            proxy.flowing.clear()
            process.stdin.write("held\n")
            process.stdin.flush()
            assert process.stdout.readline() == "stalled\n"
            assert ledger.head() == APPENDS - 2
            proxy.flowing.set()
            report = json.loads(process.stdout.readline())
            assert process.wait(20) == 0
        finally:
            process.kill()
        assert ledger.head() == APPENDS  # the killed one was never recorded
    assert report["acknowledged"] == report["seen"] == list(range(1, APPENDS + 1))
    # A blocked hub would have been silent for the whole second that the database was held back.
    assert report["longest_gap"] < 0.5
