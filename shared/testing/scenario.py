"""Given, when, then: a rule of an aggregate as a test that reads as the rule.

given(Account, fact(Account.Opened, occurred_on=MONDAY, currency="PLN")).when(
    lambda account: account.close(on=TUESDAY)
).then(fact(Account.Closed, occurred_on=TUESDAY))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from shared.kernel.aggregate import Aggregate, Event
from shared.kernel.errors import Rejected

SUBJECT: Final = UUID("00000000-0000-4000-8000-000000000001")
"""The aggregate a scenario is about."""
A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True)
class Fact:
    """An event without its place: the scenario gives it stream and version."""

    event_class: type[Event]
    occurred_on: date
    values: dict[str, Any]

    def at(self, stream: UUID, version: int) -> Event:
        return self.event_class(
            originator_id=stream,
            originator_version=version,
            occurred_on=self.occurred_on,
            **self.values,
        )


@dataclass(frozen=True)
class Refusal:
    """A refusal by its code; details and pointer only where the test states them."""

    code: str
    details: dict[str, Any] | None = None
    pointer: str | None = None

    def matches(self, rejected: Rejected) -> bool:
        return (
            rejected.code == self.code
            and self.details in (None, rejected.details)
            and self.pointer in (None, rejected.pointer)
        )


def fact(event_class: type[Event], occurred_on: date, **values: Any) -> Fact:
    return Fact(event_class, occurred_on, values)


def rejected(
    code: str, details: dict[str, Any] | None = None, *, pointer: str | None = None
) -> Refusal:
    return Refusal(code, details, pointer)


def given(aggregate_class: type[A], *facts: Fact, stream: UUID = SUBJECT) -> "Given[A]":
    """What has happened already; nothing for a new aggregate."""
    return Given(aggregate_class, facts, stream)


@dataclass(frozen=True)
class Given(Generic[A]):
    aggregate_class: type[A]
    facts: tuple[Fact, ...]
    stream: UUID

    def aggregate(self) -> A:
        """The aggregate as the facts made it, for the decisions and policies that read it."""
        aggregate = self.aggregate_class(self.stream)
        for version, happened in enumerate(self.facts, start=1):
            happened.at(self.stream, version).mutate(aggregate)
        return aggregate

    def when(self, decision: Callable[[A], object]) -> "Outcome":
        aggregate = self.aggregate()
        try:
            decision(aggregate)
        except Rejected as refusal:
            return Outcome(self.stream, len(self.facts), tuple(aggregate.collect_events()), refusal)
        return Outcome(self.stream, len(self.facts), tuple(aggregate.collect_events()), None)


@dataclass(frozen=True)
class Outcome:
    """What a decision led to: the events it recorded, or its refusal."""

    stream: UUID
    given: int
    recorded: tuple[Event, ...]
    refusal: Rejected | None

    def then(self, *expected: Fact | Refusal) -> None:
        """The decision recorded exactly these facts, or was refused like this and recorded none."""
        refusals = [e for e in expected if isinstance(e, Refusal)]
        events = [e for e in expected if isinstance(e, Fact)]
        if refusals:
            (wanted,) = refusals
            assert self.refusal is not None, f"recorded {self.recorded}, not refused as {wanted}"
            assert wanted.matches(self.refusal), f"refused as {self.refusal!r}, not as {wanted}"
        elif self.refusal is not None:
            raise self.refusal
        after = range(self.given + 1, self.given + 1 + len(events))
        wanted_events = tuple(e.at(self.stream, v) for e, v in zip(events, after, strict=True))
        assert self.recorded == wanted_events
