"""The relay against a real broker and a real ledger: what goes out, and what a failure leaves."""

import json
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import kombu
import pytest
from kombu.transport.pyamqp import Channel

from shared.contracts.operations import FeedRequest
from shared.messaging import topology
from shared.messaging.cursors import MongoCursors
from shared.messaging.envelopes import from_message
from shared.messaging.publisher import Outgoing, Publisher, Unconfirmed, Unroutable
from shared.messaging.relay import Cursor, LedgerBehind, Relay
from shared.runtime.development.mongodb import MongoServer
from tests.messaging.trial.ledgers import Counting, Ledgers

QUEUE = topology.inbox_name("tallying", "counting")


@pytest.fixture
def ledgers(mongodb: MongoServer) -> Iterator[Ledgers]:
    ledgers = Ledgers(mongodb.uri, f"relay_{uuid4().hex[:8]}")
    ledgers.provision()
    yield ledgers
    ledgers.client.close()


@pytest.fixture
def counting(ledgers: Ledgers) -> Counting:
    return ledgers.counting()


@pytest.fixture
def publisher(amqp_uri: str) -> Iterator[Publisher]:
    publisher = Publisher(amqp_uri, name="test", confirm_limit=3)
    yield publisher
    publisher.close()


@pytest.fixture
def channel(amqp_uri: str) -> Iterator[Channel]:
    """The broker with an empty inbox of `tallying`."""
    topology.declare(amqp_uri, topology.publishing("counting"))
    topology.declare(amqp_uri, topology.inbox("tallying", "counting"))
    with kombu.Connection(amqp_uri) as connection:
        channel = connection.channel()
        channel.auto_decode = False
        channel.queue_purge(QUEUE)
        channel.queue_purge(topology.UNROUTED)
        yield channel


def relay_of(ledgers: Ledgers, counting: Counting, publisher: Publisher, batch: int = 7) -> Relay:
    cursors = MongoCursors(ledgers.views(), "counting")
    return Relay(counting.publication, publisher, cursors, lambda: None, batch=batch)


def received(channel: Channel, count: int) -> list[kombu.Message]:
    """`count` messages of the inbox, in order, and no more."""
    messages: list[kombu.Message] = []
    tag = channel.basic_consume(QUEUE, no_ack=True, callback=messages.append)
    end = time.monotonic() + 10
    while len(messages) < count and time.monotonic() < end:
        channel.connection.drain_events(timeout=10)
    channel.basic_cancel(tag)
    assert len(messages) == count
    assert channel.queue_declare(QUEUE, passive=True).message_count == 0
    return [channel.message_to_python(message) for message in messages]


def test_public_events_go_out_once_in_order_with_their_places(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
) -> None:
    for number in range(10):
        counting.count(number, "keep", "tick")
    relay = relay_of(ledgers, counting, publisher)
    while relay.step():
        pass
    envelopes = [
        from_message(bytes(m.body), m.headers, m.properties, source="counting")
        for m in received(channel, 20)
    ]
    assert [e.position for e in envelopes] == [p for p in range(1, 31) if p % 3 != 2]
    assert [e.previous for e in envelopes] == [0, *[e.position for e in envelopes[:-1]]]
    assert [e.data["number"] for e in envelopes if "number" in e.data] == list(range(10))
    page = counting.publication.page(FeedRequest(after=0, limit=500))
    assert list(page.envelopes) == envelopes
    assert (page.through, page.head) == (30, 30)


def test_a_message_carries_cloudevents_attributes(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
) -> None:
    counting.count(5)
    relay_of(ledgers, counting, publisher).step()
    (message,) = received(channel, 1)
    (envelope,) = counting.publication.page(FeedRequest(after=0)).envelopes
    headers, properties = message.headers, message.properties
    assert headers["cloudEvents_specversion"] == "1.0"
    assert headers["cloudEvents_id"] == properties["message_id"] == str(envelope.id)
    assert headers["cloudEvents_type"] == properties["type"] == "counting.counted.v1"
    assert headers["cloudEvents_source"] == "counting"
    assert (headers["position"], headers["previous"]) == (1, 0)
    assert properties["correlation_id"] == str(envelope.correlation_id)
    assert properties["delivery_mode"] == 2
    assert message.delivery_info["routing_key"] == "counting.counted.v1"
    assert json.loads(bytes(message.body)) == envelope.data


def test_the_cursor_resumes_and_keeps_the_last_public_position(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
) -> None:
    counting.count(1, "keep", "keep")
    relay_of(ledgers, counting, publisher).step()
    assert MongoCursors(ledgers.views(), "counting").load() == Cursor(3, 1)
    counting.count(2)
    relay_of(ledgers, counting, publisher).step()
    assert [m.headers["previous"] for m in received(channel, 2)] == [0, 1]


def test_what_nobody_takes_is_kept_in_sight(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
) -> None:
    channel.queue_unbind(QUEUE, "counting.events", "#")
    counting.count(1, "tick")
    relay_of(ledgers, counting, publisher).step()
    declared = channel.queue_declare(topology.UNROUTED, passive=True)
    assert declared.message_count == 2


def test_a_broker_without_the_exchange_gets_nothing_and_the_cursor_stays(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
) -> None:
    channel.exchange_delete("counting.events")
    counting.count(1)
    relay = relay_of(ledgers, counting, publisher)
    with pytest.raises(Unconfirmed):
        relay.step()
    assert MongoCursors(ledgers.views(), "counting").load() == Cursor(0, 0)


def test_run_declares_what_is_missing_and_goes_on(
    ledgers: Ledgers,
    counting: Counting,
    publisher: Publisher,
    channel: Channel,
    amqp_uri: str,
) -> None:
    channel.exchange_delete("counting.events")
    stop = threading.Event()
    cursors = MongoCursors(ledgers.views(), "counting")
    wanted = topology.publishing("counting")
    relay = Relay(
        counting.publication, publisher, cursors, lambda: topology.declare(amqp_uri, wanted)
    )
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    counting.count(1, 2)
    end = time.monotonic() + 20
    while cursors.load().position < 2 and time.monotonic() < end:
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert cursors.load() == Cursor(2, 2)


def test_a_ledger_that_was_set_back_is_an_error(
    ledgers: Ledgers, counting: Counting, publisher: Publisher
) -> None:
    counting.count(1)
    MongoCursors(ledgers.views(), "counting").save(Cursor(9, 9))
    with pytest.raises(LedgerBehind, match="ends at 1, but was published up to 9"):
        relay_of(ledgers, counting, publisher).run(threading.Event())


def test_an_unroutable_message_is_not_taken_for_delivered(
    publisher: Publisher, channel: Channel
) -> None:
    with pytest.raises(Unroutable, match="no-such-queue"):
        publisher.publish(Outgoing("", "no-such-queue", b"x"))
    publisher.publish(Outgoing("", QUEUE, b"x"))
    received(channel, 1)


def test_a_feed_page_fits_into_a_message_and_leads_on(counting: Counting) -> None:
    for _ in range(20):
        counting.count(*range(30))
    after, numbers, pages = 0, 0, 0
    while True:
        page = counting.publication.page(FeedRequest(after=after, limit=500))
        assert len(page.model_dump_json()) < 64 * 1024
        assert not page.envelopes or page.envelopes[0].previous == after
        numbers += len(page.envelopes)
        pages += 1
        after = page.through
        if page.through >= page.head:
            break
    assert numbers == 600
    assert pages > 1
