"""What is wrong with the data behind the numbers: each rule a function over one history.

A finding names the participant by the random id, the rule, and who can mend it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from services.reporting.domain.history.knowledge import AsOf
from services.reporting.domain.history.person import LATER_MONTHS, History
from services.reporting.domain.indicators.definition import Windows
from shared.contracts.access import Role
from shared.contracts.registry.vocabulary import Kind, LabourStatus
from shared.kernel.days import months_after

UNEMPLOYED: Final = (LabourStatus.UNEMPLOYED_REGISTERED, LabourStatus.UNEMPLOYED_UNREGISTERED)
AT_WORK: Final = (LabourStatus.EMPLOYED, LabourStatus.SELF_EMPLOYED)
DEMANDED: Final = ("sex", "born_on", "education", "labour_status")
ASKED: Final = ("disability", "minority", "foreign_origin", "homeless")


class Problem(StrEnum):
    INCOMPLETE = "incomplete"
    """Keeps the person out of every number but the grand total."""
    NOT_ASKED = "not_asked"
    """A sensitive question without an answer, not even a refusal."""
    CONTRADICTORY = "contradictory"
    OVERDUE = "overdue"
    UNREADABLE = "unreadable"
    """Keys were destroyed: nobody can mend it."""


class Finding(NamedTuple):
    """`detail` is a word of the rules, never data of the person."""

    subject: UUID
    partner: str | None
    problem: Problem
    detail: str
    mended_by: Role | None


Rule = Callable[[History, date, Windows], Iterator[str]]


def missing_data(history: History, _day: date, _windows: Windows) -> Iterator[str]:
    """Reg. (EU) 1304/2013 annex I: the non-sensitive data without which nobody is counted."""
    yield from (name for name in DEMANDED if history.at_entry.get(name) is None)


def questions_not_asked(history: History, _day: date, _windows: Windows) -> Iterator[str]:
    """Evidence of asking is to be kept (ESF monitoring guidance); staff are not asked."""
    if history.group == Kind.DEPENDENT and not history.special_unreadable:
        yield from (name for name in ASKED if history.at_entry.get(name) is None)


def contradictions(history: History, _day: date, _windows: Windows) -> Iterator[str]:
    """Two facts of one record that cannot both be true."""
    entry, start = history.at_entry, history.started_on
    status, since = entry.get("labour_status"), entry.get("unemployed_since")
    if since and status and status not in UNEMPLOYED:
        yield "unemployed_since_without_unemployment"
    if since and start and since > start:
        yield "unemployed_since_after_start"
    if entry.get("born_on") and start and entry["born_on"] >= start:
        yield "born_after_start"
    if history.applied_on and start and start < history.applied_on:
        yield "started_before_application"
    if history.group == Kind.STAFF and status and status not in AT_WORK:
        yield "staff_without_work"
    for name, situation in (("outcome", history.outcome), ("follow_up", history.follow_up)):
        if situation and situation.get("searching_for_work") and _at_work(situation):
            yield f"{name}_searching_and_at_work"
    later = history.follow_up
    if later and later.get("improved") is not None and status and status not in AT_WORK:
        yield "improvement_of_nobody_at_work"


def overdue_results(history: History, day: date, windows: Windows) -> Iterator[str]:
    """Results that were to be observed by a day that is over (Reg. (EU) 1304/2013 annex I)."""
    left = history.exited_on
    if left is None:
        return
    if history.outcome_on is None and day > left + timedelta(windows.outcome_days):
        yield "outcome"
    six_months = months_after(left, LATER_MONTHS)
    if history.follow_up_on is None and day > six_months + timedelta(windows.follow_up_days):
        yield "follow_up"


RULES: Final[Mapping[Problem, Rule]] = {
    Problem.INCOMPLETE: missing_data,
    Problem.NOT_ASKED: questions_not_asked,
    Problem.CONTRADICTORY: contradictions,
    Problem.OVERDUE: overdue_results,
}


def findings(as_of: AsOf, windows: Windows) -> Iterator[Finding]:
    """Of everybody who entered with a record of their own."""
    for history in as_of.persons:
        if history.started_on is None or history.merged_into is not None:
            continue
        who = history.subject, history.partner
        if history.monitoring_unreadable:
            yield Finding(*who, Problem.UNREADABLE, "monitoring", None)
            continue
        for problem, rule in RULES.items():
            for detail in rule(history, as_of.on, windows):
                yield Finding(*who, problem, detail, Role.CASEWORKER)


def _at_work(situation: Mapping[str, object]) -> bool:
    return situation.get("labour_status") in AT_WORK
