"""Relay, feed, consumer and broker are killed again and again: each effect once, in order.

The size is set by the environment: `FAULT_EVENTS` and `FAULT_KILLS`; `FAULT_SEED` repeats a run.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from tests.faults.trial import Trial

EVENTS = int(os.environ.get("FAULT_EVENTS", "1500"))
KILLS = int(os.environ.get("FAULT_KILLS", "8"))
SEED = int(os.environ.get("FAULT_SEED", "456"))
VICTIMS = ("relay", "consumer", "feed", "broker")

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120 + EVENTS / 20 + KILLS * 20)]


@pytest.fixture
def trial(own_broker: BrokerServer, own_mongodb: MongoServer, tmp_path: Path) -> Iterator[Trial]:
    trial = Trial(own_broker, own_mongodb, tmp_path)
    yield trial
    trial.close()


def test_every_effect_once_and_in_order_whatever_is_killed(trial: Trial) -> None:
    lots = random.Random(SEED)
    numbers = list(range(EVENTS))
    trial.start("relay", "feed", "consumer")
    started = time.monotonic()
    writer = trial.count_in_background(numbers, SEED)
    killed = dict.fromkeys(VICTIMS, 0)
    for _ in range(KILLS):
        time.sleep(lots.uniform(0.1, 2.5))
        victim = lots.choice(VICTIMS)
        killed[victim] += 1
        trial.kill(victim)
    writer.join()
    last_kill = time.monotonic()
    trial.wait_until_entered(EVENTS, limit=60 + EVENTS / 50)
    print(
        f"{EVENTS} events, kills {killed}, {trial.entered()} effects, "
        f"{last_kill - started:.0f} s of kills, {time.monotonic() - last_kill:.1f} s to catch up"
    )
    trial.wait_until_published(limit=90)
    time.sleep(3)  # whatever would come twice has the time to
    assert trial.tallying.numbers() == numbers
    assert trial.ledgers.parking().list() == []


def test_a_broker_that_lost_everything_loses_nothing(trial: Trial) -> None:
    numbers = list(range(EVENTS // 2))
    trial.start("relay", "feed", "consumer")
    writer = trial.count_in_background(numbers, SEED)
    trial.wait_until_entered(len(numbers) // 4, limit=60)
    trial.wipe_broker()
    writer.join()
    trial.wait_until_entered(len(numbers), limit=90)
    assert trial.tallying.numbers() == numbers


def test_what_the_broker_lost_is_read_though_no_message_ever_comes(trial: Trial) -> None:
    """The relay published everything, the broker lost it, and nothing new happens."""
    numbers = list(range(50))
    trial.start("relay")
    trial.count_in_background(numbers, SEED).join()
    trial.wait_until_published(limit=60)
    trial.processes["relay"].close()
    trial.wipe_broker()
    trial.start("feed", "consumer")
    trial.wait_until_entered(len(numbers), limit=60)
    assert trial.tallying.numbers() == numbers
