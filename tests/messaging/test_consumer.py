"""The consuming loop on a real broker, in plain threads: the way out of eventlet stays open."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import kombu
import pytest
from eventsourcing.persistence import Tracking

from shared.contracts.events import Envelope
from shared.contracts.operations import FeedPage
from shared.messaging import topology
from shared.messaging.consumer import InboxConsumer
from shared.messaging.envelopes import to_message
from shared.messaging.publisher import Publisher
from shared.messaging.reactions import Reactions
from tests.messaging.test_inbox import MemoryParking, MemoryTracker, World, envelope
from tests.messaging.trial.contracts import Counted

QUEUE = topology.inbox_name("tallying", "counting")


class Tally:
    """Records what it hears of, as slowly as `delay` says."""

    def __init__(self) -> None:
        self.tracker = MemoryTracker()
        self.numbers: list[int] = []
        self.delay = 0.0
        self.taken = threading.Event()

    def enter(self, event: Counted, envelope: Envelope, tracking: Tracking) -> None:
        self.taken.set()
        time.sleep(self.delay)
        self.tracker.insert_tracking(tracking)
        self.numbers.append(event.number)


@pytest.fixture
def tally(amqp_uri: str) -> Tally:
    topology.declare(amqp_uri, topology.inbox("tallying", "counting"))
    with kombu.Connection(amqp_uri) as connection:
        connection.default_channel.queue_purge(QUEUE)
    return Tally()


@contextmanager
def consuming(
    uri: str, tally: Tally, feed: Callable[[int], FeedPage] | None = None
) -> Iterator[InboxConsumer]:
    parking = MemoryParking()
    reactions = Reactions(
        "tallying",
        "counting",
        {Counted: tally.enter},
        tally.tracker,
        parking,  # type: ignore[arg-type]
    )
    consumer = InboxConsumer(uri, reactions, doorbell_seconds=0.5)
    if feed is not None:
        consumer.inbox.feed = feed
    runs = (consumer.listener.run, consumer.work, consumer.ring)
    threads = [threading.Thread(target=run) for run in runs]
    for thread in threads:
        thread.start()
    try:
        yield consumer
    finally:
        consumer.stop(limit=10)
        for thread in threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in threads)


def waits(condition: Callable[[], bool], limit: float = 20.0) -> bool:
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def nothing(after: int) -> FeedPage:
    return FeedPage(envelopes=(), through=after, head=after)


def left(uri: str, queue: str = QUEUE) -> int:
    with kombu.Connection(uri) as connection:
        declared = connection.default_channel.queue_declare(queue, passive=True)
        return int(declared.message_count)


def publish(uri: str, *positions: int, previous: int = 0) -> None:
    publisher = Publisher(uri, name="test")
    pairs = zip((previous, *positions), positions, strict=False)
    publisher.publish(*(to_message(envelope(p, before)) for before, p in pairs))
    publisher.close()


def test_messages_that_come_in_order_need_no_feed(amqp_uri: str, tally: Tally) -> None:
    def no_feed(after: int) -> FeedPage:
        asked.append(after)
        return nothing(after)

    asked: list[int] = []
    publish(amqp_uri, 1, 2, 4, 5)
    with consuming(amqp_uri, tally, no_feed):
        assert waits(lambda: tally.numbers == [1, 2, 4, 5])
        assert waits(lambda: len(asked) > 0)
    assert set(asked) <= {0, 5}
    assert left(amqp_uri) == 0


def test_stopping_finishes_the_event_at_hand_and_leaves_the_rest(
    amqp_uri: str, tally: Tally
) -> None:
    tally.delay = 1.0
    publish(amqp_uri, 1, 2, 4)
    with consuming(amqp_uri, tally, nothing):
        assert tally.taken.wait(20)
    assert tally.numbers == [1]
    assert tally.tracker.last == {"counting": 1}
    assert waits(lambda: left(amqp_uri) >= 2)
    tally.delay = 0.0
    with consuming(amqp_uri, tally, nothing):
        assert waits(lambda: tally.numbers == [1, 2, 4])


def test_two_consumers_are_served_one_at_a_time(amqp_uri: str, tally: Tally) -> None:
    with consuming(amqp_uri, tally, nothing), consuming(amqp_uri, tally, nothing):
        publish(amqp_uri, 1, 2)
        assert waits(lambda: tally.numbers == [1, 2])
        publish(amqp_uri, 4, 5, previous=2)
        assert waits(lambda: tally.numbers == [1, 2, 4, 5])


def test_a_deleted_queue_comes_back(amqp_uri: str, tally: Tally) -> None:
    with consuming(amqp_uri, tally, nothing) as consumer:
        assert consumer.listener.consuming.wait(20)
        with kombu.Connection(amqp_uri) as connection:
            connection.default_channel.queue_delete(QUEUE)
        assert waits(lambda: not consumer.listener.consuming.is_set())
        assert consumer.listener.consuming.wait(20)
        publish(amqp_uri, 1)
        assert waits(lambda: tally.numbers == [1])


def test_a_dead_lettered_event_is_kept_and_read_from_the_feed(amqp_uri: str, tally: Tally) -> None:
    publish(amqp_uri, 1, 2, 4)
    with kombu.Connection(amqp_uri) as connection:
        channel = connection.default_channel
        channel.basic_qos(0, 1, False)
        channel.basic_consume(
            QUEUE, callback=lambda m: channel.basic_reject(m.delivery_tag, requeue=False)
        )
        connection.drain_events(timeout=10)
    assert waits(lambda: left(amqp_uri, f"{QUEUE}.dead") >= 1)
    with consuming(amqp_uri, tally, World([1, 2, 4]).feed):
        assert waits(lambda: tally.numbers == [1, 2, 4])
