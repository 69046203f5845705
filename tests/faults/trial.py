"""The trial's processes on private servers, to be killed and restarted; and what must come out."""

import random
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.messaging.cursors import MongoCursors
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from shared.runtime.development.servers import ServerFailed
from tests.messaging.process import Process
from tests.messaging.trial.ledgers import Ledgers

PREFIX = "trial"
COMMIT = 5
"""Facts per commit of the publisher."""


@dataclass
class Trial:
    """`relay` publishes, `feed` answers for what is missing, `consumer` records the effects."""

    broker: BrokerServer
    mongodb: MongoServer
    folder: Path
    ledgers: Ledgers = field(init=False)
    processes: dict[str, Process] = field(default_factory=dict)
    generation: int = 0

    def __post_init__(self) -> None:
        self.ledgers = Ledgers(self.mongodb.uri, PREFIX)
        self.ledgers.provision()
        self.counting = self.ledgers.counting()
        self.tallying = self.ledgers.tallying()

    def start(self, *names: str) -> None:
        for name in names:
            self.generation += 1
            service = {"relay": (), "feed": ("counting",), "consumer": ("tallying",)}[name]
            module = "following" if name == "relay" else "serving"
            self.processes[name] = Process(
                f"tests.messaging.trial.{module}",
                *service,
                self.broker.uri,
                self.mongodb.uri,
                PREFIX,
                log=self.folder / f"{name}.{self.generation}.log",
            )

    def kill(self, name: str) -> None:
        """SIGKILL, then at once a new one."""
        if name == "broker":
            self.broker.kill()
            self.start_broker()
        else:
            self.processes[name].close()
            self.start(name)

    def start_broker(self) -> None:
        for _ in range(3):
            try:
                self.broker.start()
            except ServerFailed:  # a port of the killed node is still taken
                time.sleep(1)
            else:
                return
        raise AssertionError("the broker does not start")

    def wipe_broker(self) -> None:
        """The broker forgets everything: queues, bindings, messages."""
        self.broker.kill()
        shutil.rmtree(self.broker.folder / "data")
        self.start_broker()

    def close(self) -> None:
        for process in self.processes.values():
            process.close()
        self.ledgers.client.close()

    def count_in_background(self, numbers: Sequence[int], seed: int) -> threading.Thread:
        """Record all numbers in order, mixed with events that are ignored or not published."""
        lots = random.Random(seed)

        def run() -> None:
            for start in range(0, len(numbers), COMMIT):
                facts: list[int | str] = list(numbers[start : start + COMMIT])
                facts.insert(lots.randrange(len(facts) + 1), lots.choice(["tick", "keep"]))
                self.counting.count(*facts)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def entered(self) -> int:
        return self.tallying.recorder.max_notification_id() or 0

    def wait_until_entered(self, count: int, limit: float) -> None:
        end = time.monotonic() + limit
        while self.entered() < count:
            if time.monotonic() > end:
                raise AssertionError(f"{self.entered()} of {count} effects after {limit} s")
            time.sleep(0.2)

    def wait_until_published(self, limit: float) -> None:
        """The relay has handed everything to the broker."""
        head = self.counting.recorder.max_notification_id() or 0
        cursors = MongoCursors(self.ledgers.views(), "counting")
        end = time.monotonic() + limit
        while cursors.load().position < head:
            if time.monotonic() > end:
                raise AssertionError(f"relay at {cursors.load()} of {head} after {limit} s")
            time.sleep(0.1)
