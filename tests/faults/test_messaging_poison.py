"""An event that cannot be dealt with is parked; the others flow; the operator replays it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest

from shared.messaging import topology
from shared.messaging.publisher import Outgoing, Publisher
from shared.runtime.development.mongodb import MongoServer
from shared.runtime.development.rabbitmq import BrokerServer
from tests.faults.trial import PREFIX, Trial
from tests.messaging.process import ROOT
from tests.messaging.trial.ledgers import FORBIDDEN, MALFORMED, POISON

pytestmark = [pytest.mark.fault, pytest.mark.timeout(180)]


@pytest.fixture
def trial(own_broker: BrokerServer, own_mongodb: MongoServer, tmp_path: Path) -> Iterator[Trial]:
    trial = Trial(own_broker, own_mongodb, tmp_path)
    yield trial
    trial.close()


def operate(trial: Trial, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.messaging.trial.operating", *arguments],
        cwd=ROOT,
        env=os.environ | {"TRIAL_MONGODB": trial.mongodb.uri, "TRIAL_PREFIX": PREFIX},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_poison_is_parked_the_others_flow_and_replay_applies_it_once(trial: Trial) -> None:
    trial.start("relay", "feed", "consumer")
    trial.processes["consumer"].wait_for("SERVING")
    trial.counting.count(1, POISON, 2, "tick", FORBIDDEN, MALFORMED, 3)
    trial.wait_until_entered(3, limit=60)
    assert trial.tallying.numbers() == [1, 2, 3]

    parked = {p.position: p for p in trial.ledgers.parking().list()}
    assert [p.reason["kind"] for p in parked.values()] == ["failed", "refused", "invalid"]
    assert parked[2].reason == {"kind": "failed", "error": "RuntimeError", "attempts": 5}
    assert parked[5].reason["code"] == "tallying.forbidden"
    assert parked[6].reason["fields"] == ["number"]
    assert str(POISON) not in str(parked[2].reason)

    listed = operate(trial, "list")
    assert listed.returncode == 0, listed.stderr
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == [
        "counting-2",
        "counting-5",
        "counting-6",
    ]
    one = operate(trial, "replay", "counting-2")
    assert one.returncode == 0, one.stderr
    assert one.stdout.endswith("counting-2: replayed\n")
    rest = operate(trial, "replay", "--all")
    assert rest.returncode == 1
    assert rest.stdout.endswith("counting-5: replayed\n")
    assert "counting-6: stays parked" in rest.stderr
    assert trial.tallying.numbers() == [1, 2, 3, POISON, FORBIDDEN]

    again = operate(trial, "replay", "counting-2")
    assert again.returncode == 2
    assert trial.tallying.numbers() == [1, 2, 3, POISON, FORBIDDEN]
    assert operate(trial, "discard", "counting-6").returncode == 0
    assert trial.ledgers.parking().list() == []


def test_a_replay_that_was_cut_off_has_its_effect_once(trial: Trial) -> None:
    trial.start("relay", "feed", "consumer")
    trial.counting.count(POISON)
    trial.counting.count(1)
    trial.wait_until_entered(1, limit=60)
    (parked,) = trial.ledgers.parking().list()
    assert operate(trial, "replay", "--all").returncode == 0
    trial.ledgers.parking().park(parked)  # as if the process had died before it removed it
    assert operate(trial, "replay", "--all").returncode == 0
    assert trial.tallying.numbers() == [1, POISON]
    assert trial.ledgers.parking().list() == []


UNREADABLE = {
    "not JSON": Outgoing(
        "counting.events", "x", b"\xff", properties={"type": "counting.counted.v1"}
    ),
    "no attributes": Outgoing(
        "counting.events", "x", b"{}", properties={"content_type": "application/json"}
    ),
    "empty": Outgoing("", "tallying.inbox.counting", b""),
    "contradictory": Outgoing(
        "counting.events",
        "counting.counted.v1",
        b"{}",
        headers={"position": 1, "previous": 7},
        properties={"content_type": "application/json"},
    ),
}


def test_what_cannot_be_read_is_kept_and_harms_nothing(trial: Trial) -> None:
    trial.start("relay", "feed", "consumer")
    trial.processes["consumer"].wait_for("SERVING")
    publisher = Publisher(trial.broker.uri, name="test")
    trial.counting.count(1)
    trial.wait_until_entered(1, limit=60)
    publisher.publish(*UNREADABLE.values())
    trial.counting.count(2)
    trial.wait_until_entered(2, limit=60)
    assert trial.tallying.numbers() == [1, 2]
    parked = trial.ledgers.parking().list()
    assert len(parked) == len(UNREADABLE)
    assert {p.reason["kind"] for p in parked} == {"unreadable"}
    assert b"\xff" in [p.raw["body"] for p in parked if p.raw]
    assert operate(trial, "replay", "--all").returncode == 1
    publisher.close()


def test_changed_queue_arguments_are_a_clear_error_at_start(trial: Trial) -> None:
    connection = kombu.Connection(trial.broker.uri)
    channel = connection.channel()
    channel.queue_declare(
        topology.inbox_name("tallying", "counting"),
        durable=True,
        auto_delete=False,
        arguments={"x-queue-type": "quorum", "x-single-active-consumer": True},
    )
    connection.close()
    trial.start("consumer")
    assert trial.processes["consumer"].popen.wait(30) != 0
    text = trial.processes["consumer"].text()
    assert "TopologyMismatch: queue 'tallying.inbox.counting' exists with another x-" in text
    assert "the broker has none, this version declares" in text
