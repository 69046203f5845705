"""A broker that hangs, or that lost the leaders of its queues: bounded calls, and a way back."""

import signal
import time
from collections.abc import Iterator

import kombu
import pytest

from shared.messaging import topology
from shared.messaging.feed import FeedClient, FeedUnavailable
from shared.messaging.publisher import Outgoing, Publisher, Unconfirmed
from shared.runtime.development.rabbitmq import BrokerServer

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]

INBOX = topology.inbox("tallying", "counting")
QUEUE = topology.inbox_name("tallying", "counting")


@pytest.fixture
def stopped_broker(own_broker: BrokerServer) -> Iterator[BrokerServer]:
    """A broker that accepts connections and never answers again."""
    topology.declare(own_broker.uri, INBOX)
    yield own_broker
    child = own_broker._child
    assert child is not None
    child.signal(signal.SIGCONT)


def freeze(broker: BrokerServer) -> None:
    child = broker._child
    assert child is not None
    child.signal(signal.SIGSTOP)


def test_nothing_waits_for_ever_for_a_broker_that_hangs(stopped_broker: BrokerServer) -> None:
    """The bounds are generous: they tell "bounded" from "for ever", not fast from slow."""
    publisher = Publisher(stopped_broker.uri, name="test", confirm_limit=1)
    publisher.publish(Outgoing("", QUEUE, b"x"))
    freeze(stopped_broker)
    started = time.monotonic()
    with pytest.raises(Unconfirmed, match=r"no confirm within 1 s|timed out"):
        publisher.publish(Outgoing("", QUEUE, b"x"))
    with pytest.raises(Unconfirmed):  # it has to connect anew
        publisher.publish(Outgoing("", QUEUE, b"x"))
    with pytest.raises(topology.BrokerUnready, match="RabbitMQ not ready after 1 s"):
        topology.declare(stopped_broker.uri, INBOX, limit=1)
    with pytest.raises(FeedUnavailable):
        FeedClient(stopped_broker.uri, "counting", limit=1).page(0)
    publisher.close()
    assert time.monotonic() - started < 60


def test_a_queue_that_lost_its_leader_is_made_anew(
    own_broker: BrokerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed within a second of its declaration, a quorum queue hangs ever after."""
    monkeypatch.setattr(topology, "PATIENCE", 3.0)
    with kombu.Connection(own_broker.uri) as connection:
        topology._declare(connection, INBOX)
    own_broker.kill()
    time.sleep(0.5)
    own_broker.start()
    topology.declare(own_broker.uri, INBOX, limit=90)
    publisher = Publisher(own_broker.uri, name="test")
    for queue in INBOX.queues:
        publisher.publish(Outgoing("", queue.name, b"x"))
    publisher.close()
