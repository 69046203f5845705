"""Queries are answered while a rebuild swaps what they read."""

import threading
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from pymongo.errors import OperationFailure

from shared.contracts.access import Role
from shared.contracts.model import Published
from shared.contracts.operations import Call, Caller, Effect, NoRequest, Operation
from shared.eventstore.acts import Act
from shared.messaging.calls import CallContext
from shared.runtime.answering import Answering
from shared.runtime.rebuild import rebuild
from shared.runtime.views import Positions
from tests.runtime.trial.counting import TOTALS, Counting

NOT_FOUND = 26


class Found(Published):
    events: int
    entries: int


COUNT = Operation(
    "counting", "count", Effect.QUERY, NoRequest, Found, frozenset({Role.COORDINATOR})
)
CONTEXT = CallContext(
    COUNT,
    Call(token="", correlation_id=uuid4(), payload={}),
    Caller(subject="oidc|trial", roles=frozenset({Role.COORDINATOR})),
)


def answering(counting: Counting) -> Answering[Any, None]:
    """A service of which only queries are asked."""
    return Answering(
        application=None,
        queries=None,
        publication=None,  # type: ignore[arg-type]
        positions=Positions(counting.views),
        ready=lambda: True,
        close=lambda: None,
    )


def counted(counting: Counting, _: NoRequest, __: Act) -> Found:
    """Reads both collections, one of them in many small steps."""
    totals: Sequence[dict[str, Any]] = list(counting.views["totals"].find())
    entries = sum(1 for _ in counting.views["entries"].find(batch_size=5))
    return Found(events=sum(document["events"] for document in totals), entries=entries)


def test_a_query_is_answered_whole_while_its_collections_are_swapped(counting: Counting) -> None:
    counting.record_many(60)
    rebuild(TOTALS, counting.views, counting.history)
    head = counting.history.head()
    stop = threading.Event()
    killed = 0
    answers: set[tuple[int, int]] = set()
    swaps = 0

    def watched(request: NoRequest, act: Act) -> Found:
        nonlocal killed
        try:
            return counted(counting, request, act)
        except OperationFailure:
            killed += 1
            raise

    def ask() -> None:
        service = answering(counting)
        while not stop.is_set():
            found = service.query(watched, NoRequest(), CONTEXT)
            answers.add((found.events, found.entries))

    asking = threading.Thread(target=ask)
    asking.start()
    while asking.is_alive() and swaps < 200 and (killed < 5 or swaps < 20):
        rebuild(TOTALS, counting.views, counting.history)
        swaps += 1
    alive = asking.is_alive()
    stop.set()
    asking.join(10)
    assert alive, "a query failed"
    assert killed >= 5, "no swap came at the moment of a query: nothing was tried"
    assert answers == {(head, head)}


def test_other_failures_of_the_database_are_not_hidden(counting: Counting) -> None:
    asked = 0

    def fail(_: NoRequest, __: Act) -> Found:
        nonlocal asked
        asked += 1
        raise OperationFailure("no such collection", NOT_FOUND)

    with pytest.raises(OperationFailure, match="no such"):
        answering(counting).query(fail, NoRequest(), CONTEXT)
    assert asked == 1
