"""The connection is cut before the append arrives, or after it was recorded and before its reply."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from eventsourcing.persistence import OperationalError

from shared.eventstore.connection import connect, durable
from shared.eventstore.ledger import Ledger
from shared.runtime.development.mongodb import MongoServer
from tests.eventstore.ledgers import event, new_ledger, new_name
from tests.faults.ledger.history import all_commits
from tests.faults.ledger.proxy import Cut, Proxy, proxied, through

pytestmark = pytest.mark.fault


class Line:
    """A ledger behind a proxy, and the same ledger seen directly."""

    def __init__(self, proxy: Proxy, behind: Ledger, direct: Ledger) -> None:
        self.proxy = proxy
        self.behind = behind
        self.direct = direct


@pytest.fixture
def line(mongodb: MongoServer) -> Iterator[Line]:
    name = new_name()
    with (
        new_ledger(mongodb.uri, name) as direct,
        proxied(mongodb.port) as proxy,
        connect(through(mongodb.uri, mongodb.port, proxy)) as client,
    ):
        yield Line(proxy, Ledger(durable(client, name), timeout=5), direct)


@pytest.mark.parametrize("cuts", [["after"], ["before"], ["before", "before", "after"]])
def test_an_append_whose_connection_is_cut_is_recorded_once(line: Line, cuts: list[Cut]) -> None:
    line.behind.append([event()])
    line.proxy.cuts = list(cuts)
    assert line.behind.append([event(), event()], "command-1") == range(2, 4)
    assert line.proxy.cuts == []
    assert [commit.first for commit in all_commits(line.direct)] == [1, 2]


def test_a_line_that_stays_dead_is_an_unknown_outcome_which_the_commit_id_resolves(
    line: Line,
) -> None:
    line.behind.append([event()])
    events = [event()]
    line.proxy.cuts = ["after"]
    line.proxy.close()  # no way to read back what happened
    with pytest.raises(OperationalError, match="outcome of commit command-1 is unknown"):
        line.behind.append(events, "command-1")
    assert line.direct.append(events, "command-1") == range(2, 3)
    assert line.direct.head() == 2


def test_many_writers_on_a_bad_line(line: Line) -> None:
    dice = random.Random(7)

    def write(_: int) -> tuple[str, range]:
        commit_id = str(uuid4())
        if dice.random() < 0.04:
            line.proxy.cuts.append(dice.choice(("before", "after")))
        return commit_id, line.behind.append(
            [event() for _ in range(dice.randint(1, 3))], commit_id
        )

    with ThreadPoolExecutor(8) as pool:
        acknowledged = dict(pool.map(write, range(400)))
    commits = all_commits(line.direct)
    assert {commit.commit_id: commit.positions for commit in commits} == acknowledged
    positions = [position for commit in commits for position in commit.positions]
    assert positions == list(range(1, len(positions) + 1))
