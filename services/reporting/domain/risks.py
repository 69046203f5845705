"""Alerts that steer checks and prove nothing: each rule a function over facts, documents or approvals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from services.reporting.domain.history.facts import Fact, Origin
from shared.kernel.days import POLAND

DAY_MINUTES: Final = 24 * 60


class Risk(StrEnum):
    OVERLAPPING_SESSIONS = "overlapping_sessions"
    TOO_LONG_A_DAY = "too_long_a_day"
    DOUBLE_FUNDING = "double_funding"
    SELF_APPROVAL = "self_approval"
    LATE_ENTRY = "late_entry"


class Alert(NamedTuple):
    """`whom` is a pseudonym or a reference; `facts` or `references` are what to look at."""

    risk: Risk
    whom: str
    on: date
    facts: tuple[Origin, ...] = ()
    references: tuple[str, ...] = ()


class Stretch(NamedTuple):
    """Time of one person as minutes of a day, `ends` excluded."""

    whom: str
    on: date
    starts: int
    ends: int
    minutes: int
    """Without breaks."""
    fact: Origin


class Cost(NamedTuple):
    """A cost document in a claim: who issued it under which number, and where it was claimed."""

    issuer: str
    number: str
    on: date
    claimed_in: str


class Approval(NamedTuple):
    what: str
    on: date
    asked_by: str
    approved_by: str


def stretches(facts: Iterable[Fact]) -> Iterator[Stretch]:
    """The hours of trainers and advisers, who are one person by the identity provider's subject."""
    for fact in facts:
        data = fact.data
        match fact.kind:
            case "training.trainer_hours_delivered.v1":
                whom, ends = data["trainer"], _minute(data["ends"])
            case "kasa.advice_delivered.v1":
                whom, ends = data["adviser"], _minute(data["starts"]) + data["minutes"]
            case _:
                continue
        day, starts = _day(data["delivered_on"]), _minute(data["starts"])
        yield Stretch(whom, day, starts, ends, data["minutes"], fact.origin)


def overlapping_sessions(times: Iterable[Stretch]) -> Iterator[Alert]:
    """Nobody teaches or advises at two places at once, whichever service pays for it."""
    for (whom, day), own in _by_person_and_day(times).items():
        reach = own[0]
        for one, other in pairwise(sorted(own, key=lambda each: (each.starts, each.ends))):
            reach = max(reach, one, key=lambda each: each.ends)
            if other.starts < reach.ends:
                facts = (reach.fact, other.fact)
                yield Alert(Risk.OVERLAPPING_SESSIONS, whom, day, facts)


def too_long_a_day(facts: Iterable[Fact]) -> Iterator[Alert]:
    """More than 24 hours recorded of somebody for one day: attended, taught or advised."""
    minutes: dict[tuple[str, date], int] = defaultdict(int)
    origins: dict[tuple[str, date], list[Origin]] = defaultdict(list)
    for whom, day, number, origin in _minutes(list(facts)):
        minutes[whom, day] += number
        origins[whom, day].append(origin)
    for (whom, day), number in minutes.items():
        if number > DAY_MINUTES:
            yield Alert(Risk.TOO_LONG_A_DAY, whom, day, tuple(origins[whom, day]))


def double_funding(costs: Iterable[Cost]) -> Iterator[Alert]:
    """One document claimed twice, however its number is spaced and cased (Reg. 1685/2000)."""
    found: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    for cost in costs:
        found[cost.issuer, "".join(cost.number.split()).casefold()].append(cost)
    for (issuer, _), same in found.items():
        if len(same) > 1:
            claims = tuple(cost.claimed_in for cost in same)
            yield Alert(Risk.DOUBLE_FUNDING, issuer, same[0].on, references=claims)


def self_approval(approvals: Iterable[Approval]) -> Iterator[Alert]:
    """Four eyes: who asks does not approve."""
    for each in approvals:
        if each.asked_by == each.approved_by:
            yield Alert(Risk.SELF_APPROVAL, each.asked_by, each.on, references=(each.what,))


def late_entries(facts: Iterable[Fact], days: int) -> Iterator[Alert]:
    """Recorded more than so many days after it was true; Polish days."""
    for fact in facts:
        recorded_on = fact.recorded_at.astimezone(POLAND).date()
        if (recorded_on - fact.occurred_on).days > days:
            yield Alert(Risk.LATE_ENTRY, str(fact.subject), fact.occurred_on, (fact.origin,))


def _minutes(facts: list[Fact]) -> Iterator[tuple[str, date, int, Origin]]:
    """Minutes by person and day; a corrected attendance counts as corrected."""
    attended: dict[tuple[str, str], tuple[date, int, Origin]] = {}
    for fact in facts:
        data = fact.data
        match fact.kind:
            case "training.attendance_settled.v1":
                for mark in data["marks"]:
                    key = str(fact.subject), str(mark["participant_id"])
                    attended[key] = _day(data["held_on"]), mark["minutes"], fact.origin
            case "training.attendance_corrected.v1":
                key = str(data["session_id"]), str(fact.subject)
                attended[key] = _day(data["held_on"]), data["minutes"], fact.origin
    for (_, whom), (day, number, origin) in attended.items():
        yield whom, day, number, origin
    for each in stretches(facts):
        yield each.whom, each.on, each.minutes, each.fact


def _by_person_and_day(times: Iterable[Stretch]) -> Mapping[tuple[str, date], list[Stretch]]:
    found: dict[tuple[str, date], list[Stretch]] = defaultdict(list)
    for each in times:
        found[each.whom, each.on].append(each)
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _minute(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute
