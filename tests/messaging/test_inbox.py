"""The inbox rule under loss, duplication and reordering: every public event, once, in order."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, Tracking
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.events import Envelope, event_id
from shared.contracts.operations import FeedPage
from shared.kernel.errors import Rejected
from shared.messaging.inbox import Verdict, judge
from shared.messaging.parking import Parked
from shared.messaging.reactions import Inbox, Patience, Reactions, Stopped
from tests.messaging.trial.contracts import SUBJECT, Counted, Ticked

positions = st.integers(min_value=0, max_value=40)


@given(tracked=positions, previous=positions, position=positions)
def test_the_rule(tracked: int, previous: int, position: int) -> None:
    if previous >= position:
        with pytest.raises(ValueError, match="does not follow"):
            judge(tracked, previous, position)
        return
    expected = (
        Verdict.DUPLICATE
        if position <= tracked
        else Verdict.NEXT
        if previous <= tracked
        else Verdict.GAP
    )
    assert judge(tracked, previous, position) is expected


class MemoryTracker:
    """What a recorder does with tracking; effects are recorded through it too."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.last.get(application_name)

    def insert_tracking(self, tracking: Tracking) -> None:
        if tracking.notification_id <= self.last.get(tracking.application_name, 0):
            raise IntegrityError
        self.last[tracking.application_name] = tracking.notification_id


class MemoryParking:
    def __init__(self) -> None:
        self.kept: list[Parked] = []

    def park(self, parked: Parked) -> None:
        self.kept.append(parked)

    def count(self) -> int:
        return len(self.kept)


class World:
    """A publisher with public events at some positions, and a consumer's ledger."""

    def __init__(self, public: Sequence[int], *, page: int = 3) -> None:
        self.envelopes = [
            envelope(position, previous)
            for previous, position in zip([0, *public], public, strict=False)
        ]
        self.head = max(public, default=0) + 2
        self.page = page
        self.tracker = MemoryTracker()
        self.parking = MemoryParking()
        self.effects: list[int] = []
        self.fail: Callable[[int], None] = lambda _: None

    def feed(self, after: int) -> FeedPage:
        found = [e for e in self.envelopes if e.position > after][: self.page]
        if found:
            found[0] = found[0].model_copy(update={"previous": after})
        more = len([e for e in self.envelopes if e.position > after]) > self.page
        through = found[-1].position if more else self.head
        return FeedPage(envelopes=tuple(found), through=through, head=self.head)

    def enter(self, event: Counted, envelope: Envelope, tracking: Tracking) -> None:
        self.fail(event.number)
        self.tracker.insert_tracking(tracking)
        self.effects.append(event.number)

    def consumer(self) -> Inbox:
        """A new process: it knows what is recorded and nothing else."""
        reactions = Reactions(
            "tallying",
            "counting",
            {Counted: self.enter},
            self.tracker,
            self.parking,  # type: ignore[arg-type]
        )
        patience = Patience(attempts=3, passing_seconds=0.2, first_pause=0.001, longest_pause=0.01)
        inbox = Inbox(reactions, self.feed, threading.Event(), patience)
        inbox.resume()
        return inbox

    @property
    def expected(self) -> list[int]:
        return [e.position for e in self.envelopes if e.type == Counted.TYPE]


def envelope(position: int, previous: int) -> Envelope:
    """Every third event is of a type that nobody reacts to."""
    event = (
        Ticked(subject=SUBJECT) if position % 3 == 0 else Counted(subject=SUBJECT, number=position)
    )
    return Envelope(
        id=event_id("counting", position),
        type=event.TYPE,
        source="counting",
        subject=SUBJECT,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        position=position,
        previous=previous,
        data=event.model_dump(mode="json"),
    )


public_positions = st.lists(st.integers(min_value=1, max_value=60), unique=True, max_size=25).map(
    sorted
)


@given(public=public_positions, data=st.data())
def test_whatever_the_broker_does_each_effect_comes_once_in_order(
    public: list[int], data: st.DataObject
) -> None:
    world = World(public)
    inbox = world.consumer()
    # Messages come lost, doubled and shuffled; the consumer dies now and then.
    several = st.lists(st.sampled_from(world.envelopes), max_size=40) if public else st.just([])
    for message in data.draw(several):
        if data.draw(st.integers(0, 9)) == 0:
            inbox = world.consumer()
        inbox.receive(message)
        assert inbox.tracked >= message.position
        assert world.effects == world.expected[: len(world.effects)]
    inbox.catch_up()
    assert world.effects == world.expected
    assert inbox.tracked == world.head
    assert world.parking.kept == []


def test_ignored_events_are_recorded_at_the_end() -> None:
    world = World([1, 3, 6])
    inbox = world.consumer()
    inbox.catch_up()
    assert world.tracker.last == {"counting": 1}
    inbox.save(at_once=True)
    assert world.tracker.last == {"counting": world.head}


def test_a_refused_event_is_parked_at_once_and_the_next_is_taken() -> None:
    world = World([1, 2, 4])
    tries: list[int] = []

    def refuse(number: int) -> None:
        tries.append(number)
        if number == 2:
            raise Rejected("tallying.forbidden", {"limit": 1})

    world.fail = refuse
    world.consumer().catch_up()
    assert (world.effects, tries) == ([1, 4], [1, 2, 4])
    (parked,) = world.parking.kept
    assert (parked.id, parked.position) == ("counting-2", 2)
    assert parked.envelope == world.envelopes[1].model_dump(mode="json")
    assert world.tracker.last["counting"] >= 2


def test_a_conflict_with_another_command_is_decided_again() -> None:
    world = World([1])
    failures = iter([Rejected("version_conflict"), Rejected("stale_version"), None])

    def conflict(_: int) -> None:
        failure = next(failures)
        if failure is not None:
            raise failure

    world.fail = conflict
    world.consumer().catch_up()
    assert (world.effects, world.parking.kept) == ([1], [])


def test_an_unknown_failure_is_tried_in_place_a_few_times_then_parked() -> None:
    world = World([1, 2])
    tries: list[int] = []

    def fail(number: int) -> None:
        tries.append(number)
        if number == 1:
            raise KeyError("Kowalska")

    world.fail = fail
    world.consumer().catch_up()
    assert tries == [1, 1, 1, 2]
    (parked,) = world.parking.kept
    assert parked.reason == {"kind": "failed", "error": "KeyError", "attempts": 3}


def test_a_passing_failure_outlasts_the_attempts() -> None:
    world = World([1])
    tries: list[int] = []

    def away(number: int) -> None:
        tries.append(number)
        if len(tries) < 8:
            raise OperationalError("connection refused")

    world.fail = away
    world.consumer().catch_up()
    assert (world.effects, len(tries), world.parking.kept) == ([1], 8, [])


def test_an_effect_that_another_consumer_recorded_is_not_repeated() -> None:
    world = World([1, 2])
    late = world.consumer()
    world.consumer().catch_up()
    late.receive(world.envelopes[0])
    late.receive(world.envelopes[1])
    assert (world.effects, world.parking.kept) == ([1, 2], [])


def test_stopping_leaves_the_event_for_the_next_consumer() -> None:
    world = World([1])
    inbox = world.consumer()

    def fail(_: int) -> None:
        inbox.stop.set()
        raise OperationalError

    world.fail = fail
    with pytest.raises(Stopped):
        inbox.receive(world.envelopes[0])
    world.fail = lambda _: None
    world.consumer().receive(world.envelopes[0])
    assert (world.effects, world.parking.kept) == ([1], [])


def test_a_known_event_of_the_wrong_shape_is_parked_and_an_unknown_version_ignored() -> None:
    world = World([1, 2, 4])
    wrong = world.envelopes[0].model_copy(update={"data": {"subject": str(SUBJECT)}})
    newer = world.envelopes[1].model_copy(update={"type": "counting.counted.v2"})
    inbox = world.consumer()
    inbox.receive(wrong)
    inbox.receive(newer)
    inbox.receive(world.envelopes[2])
    assert world.effects == [4]
    (parked,) = world.parking.kept
    assert parked.reason == {"kind": "invalid", "fields": ["number"]}


def test_a_field_added_later_is_ignored() -> None:
    world = World([1])
    data = world.envelopes[0].data | {"added": "later"}
    world.consumer().receive(world.envelopes[0].model_copy(update={"data": data}))
    assert world.effects == [1]
