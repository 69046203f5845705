"""Counts every indicator with plain loops over the raw facts. Shares no code with the engine."""
# ruff: noqa: C901, PLR0912, PLR0915  # one loop after the other, so that nothing is hidden in calls

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Person = dict[str, Any]
UNEMPLOYED = ("unemployed_registered", "unemployed_unregistered")
INACTIVE = ("inactive", "inactive_in_education")
EMPLOYED = ("employed", "self_employed")
UNION = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


def known_facts(facts: list[Any], known_on: date) -> list[Any]:
    warsaw = ZoneInfo("Europe/Warsaw")
    found = [fact for fact in facts if fact.recorded_at.astimezone(warsaw).date() <= known_on]
    return sorted(found, key=lambda fact: (fact.origin.ledger, fact.origin.position))


def d(text: str | None) -> Any:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date() if text else None


def persons(facts: list[Any], on: date) -> list[Person]:
    by_subject: dict[Any, list[Any]] = {}
    for fact in facts:
        if fact.kind.startswith("registry."):
            by_subject.setdefault(fact.subject, []).append(fact)
    merged = {}
    for subject, own in by_subject.items():
        for fact in own:
            if fact.kind == "registry.participant_merged.v1":
                merged[subject] = fact.data["into"]
            if fact.kind == "registry.merge_undone.v1":
                merged.pop(subject, None)
    found = []
    for subject, own in by_subject.items():
        one = person(own, on)
        one["subject"], one["merged"] = subject, subject in merged
        found.append(one)
    for fact in facts:
        if fact.kind == "training.qualification_gained.v1" and d(fact.data["gained_on"]) <= on:
            owner = str(merged.get(fact.subject, fact.subject))
            for one in found:
                if str(one["subject"]) == owner:
                    one["qualified"].append(d(fact.data["gained_on"]))
    return found


def person(facts: list[Any], on: date) -> Person:
    """The steps told rightly first, then walked through up to the day."""
    steps: list[dict[str, Any]] = []
    known: dict[str, list[list[Any]]] = {}
    erased = False
    head: dict[str, Any] = {"kind": None, "partner": None}
    for fact in facts:
        name = fact.kind.split(".")[1]
        box = fact.monitoring
        if box is not None and not isinstance(box, dict):
            erased, box = True, None
        if name == "participant_erased":
            erased = True
        if name in {"participant_registered", "participant_updated"}:
            if name == "participant_registered":
                head = {"kind": fact.data["kind"], "partner": fact.data["partner"]}
            special = fact.special if isinstance(fact.special, dict) else {}
            given = {**(box or {}).get("monitoring", {}), **(special or {}).get("special", {})}
            for key, value in given.items():
                known.setdefault(key, []).append([fact.occurred_on, value])
                known[key].sort(key=lambda pair: pair[0])
        if name == "participant_corrected":
            right = (box or {}).get("monitoring", {})
            day = d(fact.data["in_force_on"])
            for pointer in fact.data["fields"]:
                if not pointer.startswith("/monitoring/"):
                    continue
                key = pointer.split("/")[2]
                if known.get(key):
                    chosen = known[key][0]
                    for pair in known[key]:
                        if pair[0] <= day:
                            chosen = pair
                    chosen[1] = right.get(key)
                else:
                    known[key] = [[day, right.get(key)]]
        if name == "participant_enrolled":
            steps.append({"step": "start", "on": d(fact.data["started_on"])})
        if name == "participant_exited":
            steps.append({"step": "exit", "on": d(fact.data["exited_on"])})
        if name == "participant_re_entered":
            steps.append({"step": "re_entry", "on": d(fact.data["re_entered_on"])})
        if name in {"outcome_recorded", "follow_up_recorded"}:
            situation = (box or {}).get("situation")
            observed = d(fact.data["observed_on"])
            steps.append({"step": name.removesuffix("_recorded"), "on": observed, "is": situation})
        if name == "steps_corrected":
            for told in fact.data["steps"]:
                for step in steps[::-1]:
                    if step["step"] == told["step"] and step["on"] == d(told["was_on"]):
                        step["on"] = d(told["is_on"])
                        situations = (box or {}).get("situations", {})
                        if str(told["version"]) in situations:
                            step["is"] = situations[str(told["version"])]
                        break
    started: Any = None
    exited: Any = None
    outcome: Any = None
    follow_up: Any = None
    for step in steps:
        if step["on"] > on:
            continue
        if step["step"] == "start":
            started = step["on"]
        elif step["step"] == "exit":
            exited, outcome, follow_up = step["on"], None, None
        elif step["step"] == "re_entry":
            exited = outcome = follow_up = None
        elif step["step"] == "outcome":
            outcome = step
        else:
            follow_up = step
    one: Person = {**head, "started": started, "exited": exited, "qualified": [], "erased": erased}
    one["outcome"] = outcome and exited and window(outcome, exited, exited + timedelta(28))
    six = exited and add_months(exited, 6)
    one["follow_up"] = follow_up and exited and window(follow_up, six, six + timedelta(28))
    for key, pairs in known.items():
        if started is None or erased:
            break
        chosen = pairs[0][1]
        for from_day, value in pairs:
            if from_day <= started:
                chosen = value
        one[key] = chosen
    if one.get("born_on") and started:
        birthday = one["born_on"]
        years = int(started.strftime("%Y")) - int(birthday[:4])
        one["age"] = years if started.strftime("%m-%d") >= birthday[5:] else years - 1
    return one


def window(step: dict[str, Any], first: date, last: date) -> Any:
    return step["is"] if first <= step["on"] <= last else None


def add_months(day: date, months: int) -> date:
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError


def jobless_more_than(one: Person, months: int) -> bool:
    since = d(one.get("unemployed_since"))
    return since is not None and add_months(since, months) < one["started"]


def complete(one: Person) -> bool:
    return all(one.get(key) is not None for key in ("sex", "labour_status", "education", "age"))


def was(*statuses: str) -> Callable[[Person], bool]:
    return lambda one: one["labour_status"] in statuses


def schooled(*levels: int) -> Callable[[Person], bool]:
    return lambda one: one["education"] in [f"isced{level}" for level in levels]


def aged(first: int, last: int) -> Callable[[Person], bool]:
    return lambda one: first <= one["age"] <= last


def says(name: str) -> Callable[[Person], bool]:
    return lambda one: one.get(name) == "yes"


def ground(one: Person, *names: str) -> bool:
    return any(name in (one.get("grounds") or ()) for name in names)


def long_term(one: Person) -> bool:
    return jobless_more_than(one, 6 if one["age"] < 25 else 12)


def migrant(one: Person) -> bool:
    return says("minority")(one) or says("foreign_origin")(one)


def disabled(one: Person) -> bool:
    return says("disability")(one) or ground(one, "disabled")


def homeless(one: Person) -> bool:
    return says("homeless")(one) or ground(one, "homeless")


def other(one: Person) -> bool:
    return schooled(0)(one) or homeless(one) or ground(one, "former_prisoner", "addicted")


def worse_off(one: Person) -> bool:
    return migrant(one) or disabled(one) or other(one)


def searching(one: Person) -> bool:
    return was(*INACTIVE)(one) and one["outcome"]["searching_for_work"]


def learning(one: Person) -> bool:
    before = one["labour_status"] == "inactive_in_education"
    return not before and bool(one["outcome"]["in_education_or_training"])


def qualified(one: Person) -> bool:
    if one["outcome"]["gained_qualification"]:
        return True
    return any(day <= one["exited"] + timedelta(28) for day in one["qualified"])


def working(part: str) -> Callable[[Person], bool]:
    def test(one: Person) -> bool:
        return not was(*EMPLOYED)(one) and one[part]["labour_status"] in EMPLOYED

    return test


def improved(one: Person) -> bool:
    return was(*EMPLOYED)(one) and one["follow_up"]["improved"] is True


def outside_union(one: Person) -> bool:
    return one.get("citizenship") is not None and one["citizenship"] not in UNION


Test = Callable[[Person], bool]
ENTRY: dict[str, dict[str, Test]] = {
    "esf2014": {
        "CO01": was(*UNEMPLOYED),
        "CO02": lambda one: was(*UNEMPLOYED)(one) and long_term(one),
        "CO02PL": lambda one: (
            was("unemployed_registered")(one)
            and (ground(one, "long_term_unemployed") or jobless_more_than(one, 12))
        ),
        "CO03": was(*INACTIVE),
        "CO04": was("inactive"),
        "CO05": was(*EMPLOYED),
        "CO06": aged(0, 24),
        "CO07": aged(55, 200),
        "CO08": lambda one: aged(55, 200)(one) and was(*UNEMPLOYED, "inactive")(one),
        "CO09": schooled(1, 2),
        "CO10": schooled(3, 4),
        "CO11": schooled(5, 6, 7, 8),
        "CO15": migrant,
        "CO16": disabled,
        "CO17": other,
        "CO18": homeless,
    },
    "esfplus": {
        "EECO01": lambda _: True,
        "EECO02": was(*UNEMPLOYED),
        "EECO03": lambda one: was(*UNEMPLOYED)(one) and long_term(one),
        "EECO04": was(*INACTIVE),
        "EECO05": was(*EMPLOYED),
        "EECO06": aged(0, 17),
        "EECO07": aged(18, 29),
        "EECO08": aged(55, 200),
        "EECO09": schooled(0, 1, 2),
        "EECO10": schooled(3, 4),
        "EECO11": schooled(5, 6, 7, 8),
        "EECO12": disabled,
        "EECO13": outside_union,
        "EECO14": says("foreign_origin"),
        "EECO15": says("minority"),
        "EECO16": homeless,
    },
    "equal": {
        "EQ01": lambda _: True,
        "EQ03": lambda one: one["kind"] == "dependent",
        "EQ04": lambda one: one["kind"] == "staff",
        "EQ05": was(*UNEMPLOYED),
        "EQ06": was(*INACTIVE),
        "EQ07": was(*EMPLOYED),
    },
}
EXIT: dict[str, dict[str, Test]] = {
    "esf2014": {
        "CR01": searching,
        "CR02": learning,
        "CR03": qualified,
        "CR04": working("outcome"),
        "CR05": lambda one: (
            worse_off(one)
            and any([searching(one), learning(one), qualified(one), working("outcome")(one)])
        ),
    },
    "esfplus": {
        "EECR01": searching,
        "EECR02": learning,
        "EECR03": qualified,
        "EECR04": working("outcome"),
    },
    "equal": {"EQ08": working("outcome")},
}
LATER: dict[str, dict[str, Test]] = {
    "esf2014": {
        "CR06": working("follow_up"),
        "CR07": improved,
        "CR08": lambda one: aged(55, 200)(one) and working("follow_up")(one),
        "CR09": lambda one: worse_off(one) and working("follow_up")(one),
    },
    "esfplus": {"EECR05": working("follow_up"), "EECR06": improved},
    "equal": {"EQ09": working("follow_up")},
}
GRAND = {"esf2014": "TOTAL", "esfplus": "TOTAL", "equal": "EQ02"}


def count_persons(facts: list[Any], code: str, on: date, known_on: date) -> dict[str, int]:
    """By indicator, and by `INDICATOR/sex` as well."""
    found: dict[str, int] = {}
    entered = [
        one
        for one in persons(known_facts(facts, known_on), on)
        if one["started"] is not None and not one["merged"]
    ]
    found[GRAND[code]] = len(entered)
    for table, part in ((ENTRY, None), (EXIT, "outcome"), (LATER, "follow_up")):
        for indicator, test in table[code].items():
            found[indicator] = 0
            for sex in ("female", "male", "non_binary"):
                found[f"{indicator}/{sex}"] = 0
            for one in entered:
                if one["erased"] or not complete(one) or (part and not one[part]):
                    continue
                if test(one):
                    found[indicator] += 1
                    found[f"{indicator}/{one['sex']}"] += 1
    return found
