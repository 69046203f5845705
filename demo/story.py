"""What happens to each person, step by step, on the demonstration's calendar.

The dates follow from the day of application alone, so the same step is the same command whenever the
demonstration is played; of the steps, those are played whose day has come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from demo.people import SEED, Person

CONSENT_TEXT = "D0456-2"
MINIMUM_POINTS = 40
BY_TRAINING = "by training"
"""In place of a path: the registry hears of this step, nobody records it there."""


@dataclass(frozen=True)
class Start:
    """Support that starts with the first attended minute of a course."""

    on: date
    edition: str
    known_on: date
    """From this day on the course is played, and so is what comes after it."""


@dataclass(frozen=True)
class Step:
    """One command about a person. `name` is unique among the steps of that person."""

    name: str
    by_coordinator: bool
    on: date
    path: str
    """Behind `/participants/{id}`."""
    body: Mapping[str, Any]


def story(person: Person, today: date, start: Start | None = None) -> Iterator[Step]:
    """The steps of a person up to today, in the order in which they are recorded. `start`: where
    support starts with a course.
    """
    draw = Random(f"{SEED}/{person.reference}")  # noqa: S311 - a demonstration, not a secret
    for step in _steps(draw, person, start):
        if step.on > today:
            return
        yield step


def _steps(draw: Random, person: Person, start: Start | None) -> Iterator[Step]:
    consents = [*_consents(draw, person)]
    yield from consents
    if draw.random() < 0.02:
        return
    scored_on = person.applied_on + timedelta(draw.randint(5, 18))
    points = _points(draw, person)
    yield Step("score", False, scored_on, "/score", {"scored_on": scored_on, "points": points})
    admitted_on = None
    for step in _decisions(draw, scored_on, sum(points.values())):
        admitted_on = step.on if step.body["decision"] == "admit" else None
        yield step
    if admitted_on and draw.random() < 0.96:
        started_on = admitted_on + timedelta(draw.randint(5, 25))
        if start:
            started_on = start.on
            body = {"started_on": started_on, "support": start.edition}
            yield Step("start", False, start.known_on, BY_TRAINING, body)
        else:
            body = {
                "started_on": started_on,
                "support": f"ED-{started_on.year}-{started_on.month:02}",
            }
            yield Step("enrol", False, started_on, "/enrolment", body)
        reachable = any(step.body["purpose"] == "research_contact" for step in consents)
        yield from _stay(draw, person, started_on, reachable=reachable)


def _consents(draw: Random, person: Person) -> Iterator[Step]:
    given = {"participation": 1.0, "research_contact": 0.3, "image": 0.08}
    if person.kind == "dependent":
        given["sensitive_data"] = 0.9
    for purpose, chance in given.items():
        if draw.random() < chance:
            body = {
                "purpose": purpose,
                "text_version": CONSENT_TEXT,
                "given_on": person.applied_on,
            }
            yield Step(f"consent/{purpose}", False, person.applied_on, "/consents", body)


def _points(draw: Random, person: Person) -> dict[str, int]:
    """Points by the criteria of the recruitment regulations."""
    if person.kind == "staff":
        return {
            "work_with_dependent_groups": draw.randint(16, 40),
            "motivation": draw.randint(10, 30),
            "passing_on_knowledge": draw.randint(8, 30),
        }
    return {
        "distance_from_labour_market": draw.randint(10, 30),
        "multiple_disadvantage": 14 if len(person.grounds) > 1 else draw.randint(4, 10),
        "motivation": draw.randint(10, 30),
        "availability": draw.randint(6, 20),
    }


def _decisions(draw: Random, scored_on: date, total: int) -> Iterator[Step]:
    chance = draw.random()
    on = scored_on + timedelta(draw.randint(2, 9))
    if total < MINIMUM_POINTS:
        yield _decision("decide", on, "refuse", "Punkty poniżej progu regulaminu rekrutacji")
    elif chance < 0.02:
        return
    elif chance < 0.09:
        yield _decision("decide", on, "reserve", "Lista rezerwowa: brak miejsc w tej edycji")
        if chance < 0.06:
            later = on + timedelta(draw.randint(14, 40))
            yield _decision("decide-again", later, "admit", "Zwolniło się miejsce")
    elif chance < 0.11:
        yield _decision("decide", on, "refuse", "Rezygnacja przed rozpoczęciem wsparcia")
    else:
        yield _decision("decide", on, "admit", f"{total} punktów, powyżej progu")


def _decision(name: str, on: date, decision: str, justification: str) -> Step:
    body = {"decided_on": on, "decision": decision, "justification": justification}
    return Step(name, True, on, "/decision", body)


def _stay(draw: Random, person: Person, started_on: date, *, reachable: bool) -> Iterator[Step]:
    """From the first support on; the `reachable` consented to be contacted for research."""
    day = started_on
    if draw.random() < 0.07:
        day += timedelta(draw.randint(20, 50))
        reason = draw.choice(("Pobyt w szpitalu", "Opieka nad dzieckiem", "Wyjazd rodzinny"))
        yield Step("suspend", False, day, "/suspension", {"suspended_on": day, "reason": reason})
        if draw.random() < 0.7:
            day += timedelta(draw.randint(10, 40))
            yield Step("resume", False, day, "/resumption", {"resumed_on": day})
    if reachable and draw.random() < 0.08:
        on = day + timedelta(3)
        path = "/consents/research_contact/withdrawal"
        yield Step("withdraw", False, on, path, {"withdrawn_on": on})
    if draw.random() < 0.62:
        exited_on = day + timedelta(draw.randint(45, 260))
        yield from _exit(draw, person, exited_on, "")
        if draw.random() < 0.02:
            yield from _return(draw, person, exited_on)
        elif draw.random() < 0.85:
            observed_on = exited_on + timedelta(draw.randint(186, 205))
            yield _result(draw, person, "follow-up", "/follow-up", observed_on)


def _exit(draw: Random, person: Person, on: date, suffix: str) -> Iterator[Step]:
    reasons = {
        "completed": 62,
        "found_work": 16,
        "health": 6,
        "moved": 5,
        "lost_contact": 8,
        "other": 3,
    }
    if person.kind == "staff":
        reasons = {"completed": 90, "moved": 4, "other": 6}
    [reason] = draw.choices(list(reasons), list(reasons.values()))
    body = {"exited_on": on, "reason": reason, "as_planned": reason in {"completed", "found_work"}}
    yield Step(f"exit{suffix}", False, on, "/exit", body)
    if draw.random() < 0.92:
        observed_on = on + timedelta(draw.randint(1, 27))
        yield _result(draw, person, f"outcome{suffix}", "/outcome", observed_on)


def _return(draw: Random, person: Person, exited_on: date) -> Iterator[Step]:
    """Support starts again after four to eight weeks, and ends again."""
    on = exited_on + timedelta(draw.randint(29, 56))
    body = {"re_entered_on": on, "support": f"ED-{on.year}-{on.month:02}"}
    yield Step("re-enter", False, on, "/re-entry", body)
    yield from _exit(draw, person, on + timedelta(draw.randint(30, 60)), "-again")


def _result(draw: Random, person: Person, name: str, path: str, on: date) -> Step:
    if person.kind == "staff":
        situation = {
            "labour_status": "employed",
            "gained_qualification": draw.random() < 0.55,
            "improved": draw.random() < 0.35,
        }
    else:
        statuses = {"employed": 34, "self_employed": 6, "unemployed_registered": 42, "inactive": 18}
        [status] = draw.choices(list(statuses), list(statuses.values()))
        jobless = status in {"unemployed_registered", "inactive"}
        situation = {
            "labour_status": status,
            "in_education_or_training": jobless and draw.random() < 0.2,
            "gained_qualification": draw.random() < 0.45,
            "searching_for_work": jobless and draw.random() < 0.5,
        }
    return Step(name, False, on, path, {"observed_on": on, "situation": situation})
