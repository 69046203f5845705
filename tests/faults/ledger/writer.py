"""A process that appends from many threads and writes down what was acknowledged.

`python -m tests.faults.ledger.writer URI DATABASE THREADS APPENDS LOG`: each thread makes APPENDS
appends (0: until killed) of one to three events. One JSON line per outcome; a line that a kill cut
short was not acknowledged to anybody.
"""

import json
import os
import random
import sys
import threading
from pathlib import Path
from uuid import uuid4

from eventsourcing.persistence import PersistenceError

from tests.eventstore.ledgers import event, open_ledger

TIMEOUT = 60.0


def main(uri: str, database: str, threads: int, appends: int, log: Path) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(outcome: dict[str, object]) -> None:
        os.write(file, json.dumps(outcome).encode() + b"\n")

    def write() -> None:
        number = 0
        while appends == 0 or number < appends:
            number += 1
            commit_id = str(uuid4())
            events = [event() for _ in range(random.randint(1, 3))]
            try:
                positions = ledger.append(events, commit_id)
            except PersistenceError as error:
                say({"failed": commit_id, "error": str(error)})
            else:
                say({"acknowledged": commit_id, "first": positions[0], "last": positions[-1]})

    with open_ledger(uri, database, TIMEOUT) as ledger:
        running = [threading.Thread(target=write) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
