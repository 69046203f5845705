"""Positions under any mixture of conflicting appends from two processes' sequencers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventstore.ledger import Ledger
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import event, new_ledger, new_name, open_ledger

Keys = tuple[tuple[int, int], ...]
"""(stream, version) of an append's events."""


@dataclass(frozen=True)
class Plan:
    keys: Keys
    tracked: int | None


plans = st.builds(
    Plan,
    keys=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=4).map(
        tuple
    ),
    tracked=st.none() | st.integers(1, 6),
)
writers = st.lists(st.lists(plans, max_size=8), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def ledgers(mongodb: MongoServer) -> Iterator[tuple[Ledger, Ledger]]:
    name = new_name()
    with new_ledger(mongodb.uri, name) as one, open_ledger(mongodb.uri, name) as other:
        yield one, other


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(writers)
def test_positions_are_contiguous_and_only_conflicts_are_refused(
    ledgers: tuple[Ledger, Ledger], work: list[list[Plan]]
) -> None:
    start = ledgers[0].head() + 1
    streams = [uuid4() for _ in range(4)]
    upstream = str(uuid4())

    def write(writer: int) -> list[tuple[Plan, range | None]]:
        return [
            (plan, attempt(ledgers[writer % 2], plan, streams, upstream)) for plan in work[writer]
        ]

    with ThreadPoolExecutor(len(work)) as pool:
        outcomes = list(pool.map(write, range(len(work))))

    commits = ledgers[0].commits(start, 1000)
    positions = [position for commit in commits for position in commit.positions]
    assert positions == list(range(start, start + len(positions)))
    recorded = {commit.positions: commit for commit in commits}
    accepted = [(plan, found) for own in outcomes for plan, found in own if found is not None]
    assert sorted(own_positions.start for _, own_positions in accepted) == [
        one.first for one in commits
    ]
    for plan, own_positions in accepted:
        commit = recorded[own_positions]
        assert [(one.originator_id, one.originator_version) for one in commit.events] == [
            (streams[stream], version) for stream, version in plan.keys
        ]
    for own in outcomes:  # each writer's own order is kept
        starts = [found.start for _, found in own if found is not None]
        assert starts == sorted(starts)
    tracked = [commit.tracking.notification_id for commit in commits if commit.tracking]
    assert tracked == sorted(set(tracked))
    taken = {key for plan, _ in accepted for key in plan.keys}
    refused = [plan for own in outcomes for plan, found in own if found is None]
    for plan in refused:
        twice = len(set(plan.keys)) < len(plan.keys)
        stale = plan.tracked is not None and plan.tracked <= max(tracked, default=0)
        assert twice or stale or taken & set(plan.keys)


def attempt(ledger: Ledger, plan: Plan, streams: list[UUID], upstream: str) -> range | None:
    events = [event(streams[stream], version) for stream, version in plan.keys]
    tracking = None if plan.tracked is None else Tracking(upstream, plan.tracked)
    try:
        return ledger.append(events, tracking=tracking)
    except IntegrityError:
        return None
