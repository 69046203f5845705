"""The trial's following process: the relay of `counting`, in plain threads."""

import signal
import sys
import threading

from shared.messaging import topology
from shared.messaging.cursors import MongoCursors
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from tests.messaging.trial.ledgers import Ledgers


def main(amqp_uri: str, mongodb_uri: str, prefix: str) -> None:
    ledgers = Ledgers(mongodb_uri, prefix)
    counting = ledgers.counting()
    stop, wake = threading.Event(), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    counting.recorder.ledger.listen(wake)
    relay = Relay(
        counting.publication,
        Publisher(amqp_uri, name="relay of counting"),
        MongoCursors(ledgers.views(), "counting"),
        lambda: topology.declare(amqp_uri, topology.publishing("counting")),
    )
    print("FOLLOWING", flush=True)
    relay.run(stop, wake)


if __name__ == "__main__":
    main(*sys.argv[1:])
