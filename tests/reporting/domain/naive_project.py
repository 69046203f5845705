"""Counts the project's own indicators with plain loops. Shares no code with the engine."""
# ruff: noqa: C901, PLR0912  # one loop after the other, so that nothing is hidden in calls

from datetime import date
from decimal import Decimal
from typing import Any

from tests.reporting.domain.naive import d, known_facts


def count_project(facts: list[Any], on: date, known_on: date) -> dict[str, int]:
    facts = known_facts(facts, known_on)
    minutes: dict[tuple[str, str], tuple[date, int]] = {}
    found = dict.fromkeys(
        [
            "HOURS",
            "QUALIFICATIONS",
            "CERTIFICATES",
            "ENTERPRISES",
            "JOB_PLACES",
            "JOB_PLACES_KEPT",
            "JOB_SHARE",
            "LOANS",
            "LOANS_AMOUNT",
            "GRANTS",
            "GRANTS_AMOUNT",
            "ADVICE",
        ],
        0,
    )
    revoked = set()
    lost = set()
    for fact in facts:
        day = fact.occurred_on
        if fact.kind == "training.certificate_revoked.v1" and day <= on:
            revoked.add(fact.data["certificate_id"])
        if fact.kind == "kasa.job_place_lost.v1" and day <= on:
            lost.add(fact.data["place_id"])
    for fact in facts:
        name, data = fact.kind.split(".")[1], fact.data
        if name == "attendance_settled":
            for mark in data["marks"]:
                key = str(fact.subject), mark["participant_id"]
                minutes[key] = d(data["held_on"]), mark["minutes"]
        elif name == "attendance_corrected":
            minutes[data["session_id"], str(fact.subject)] = d(data["held_on"]), data["minutes"]
        if fact.occurred_on > on:
            continue
        if name == "qualification_gained":
            found["QUALIFICATIONS"] += 1
        elif name == "certificate_issued":
            found["CERTIFICATES"] += data["certificate_id"] not in revoked
        elif name == "enterprise_founded":
            found["ENTERPRISES"] += 1
        elif name == "advice_delivered":
            found["ADVICE"] += data["minutes"]
        elif name == "job_place_created":
            found["JOB_PLACES"] += 1
            if data["place_id"] not in lost:
                found["JOB_PLACES_KEPT"] += 1
                found["JOB_SHARE"] += int(Decimal(data["share"]) * 100)
        elif name == "contract_signed":
            offer = "LOANS" if data["offer"] == "loan" else "GRANTS"
            found[offer] += 1
            found[f"{offer}_AMOUNT"] += int(Decimal(data["amount"]["amount"]) * 100)
    found["HOURS"] = sum(number for day, number in minutes.values() if day <= on)
    return found
