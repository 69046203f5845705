"""The counter that a pack carries, written apart from the engine, gives the engine's numbers.

It opens no box, so it counts what was done and the grand total; of the rest it says that it is sealed.
"""

import io
import json
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.formats.verifier.archive import Pack
from services.audit.formats.verifier.reports import COMPUTED, Line, ReportCheck, Told
from services.audit.formats.verifier.texts import Faults
from services.reporting.domain.dataset import Dataset
from services.reporting.domain.history.facts import Fact, Known, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import count
from services.reporting.domain.indicators.frames import prepare
from shared.contracts.events import event_id
from tests.reporting.domain.histories import FIRST, LAST, Chronicle
from tests.reporting.domain.telling import SETS

SEEDS, DAYS = st.integers(0, 2**40), st.dates(FIRST, date(2026, 1, 1))
EVER = date(2030, 1, 1)
FILE = "reports/one.json"


class Busy(Chronicle):
    """Histories in which everything is done that the project counts."""

    def fund(self) -> None:
        super().fund()
        for number in range(6):
            unit, day = UUID(int=1000 + number), self.day(FIRST, LAST)
            self.tell_of(unit, day)
            if self.chance(50):
                self.tell_of(unit, self.day(FIRST, LAST))

    def tell_of(self, unit: UUID, on: date) -> None:
        """Told twice of one thing, the later is right."""
        day, choose = on.isoformat(), self.random.choice
        amount = {"amount": f"{self.random.randint(1, 99999)}.{choose(('00', '37'))}"}
        offer: dict[str, Any] = {"offer": choose(("loan", "grant")), "amount": amount}
        minutes = {"minutes": self.random.randint(1, 600)}
        who = choose(self.persons)
        edition: dict[str, Any] = {"edition_id": str(unit)}
        for kind, subject, data in (
            ("training.edition_opened", unit, {"opened_on": day, "result": "competence", "partner": "a"}),
            ("training.session_held", unit, {"held_on": day, "mode": choose(("onsite", "online"))} | minutes),
            ("training.trainer_hours_delivered", unit, {"delivered_on": day, "trainer": "t"} | minutes),
            ("training.course_completed", who, {"completed_on": day} | edition),
            ("training.competence_confirmed", who, {"confirmed_on": day} | edition),
            ("kasa.de_minimis_granted", unit, {"aid_id": str(unit), "granted_on": day, "amount_pln": amount, "basis": choose(("advice", "grant"))}),
            ("kasa.disbursed", unit, {"paid_on": day} | offer),
            ("kasa.repaid", unit, {"value_on": day} | offer),
            ("research.study_opened", unit, {"opened_on": day, "method": choose(("survey", "interviews")), "partner": "b"}),
            ("research.diagnosis_published", unit, {"diagnosis_id": str(unit), "published_on": day}),
        ):  # fmt: skip
            self.tell(kind, subject, on, **data)
        if self.chance(30):
            self.tell("kasa.repayment_reversed", unit, on, reversed_on=day, **offer)
        if self.chance(30):
            self.tell("training.course_not_completed", who, on, closed_on=day, **edition)


def at_random(seed: int) -> list[Fact]:
    return Busy(seed, 12).facts()


def recounted(facts: list[Fact], code: str, on: date, known_on: date) -> tuple[list[Line], Faults]:
    """A report of a set, checked as a pack's is."""
    named = [each._replace(origin=_named(each.origin)) for each in facts]
    positions: dict[str, int] = {}
    for each in Known(known_on).of(named):
        positions[each.origin.ledger] = each.origin.position
    knowledge = Knowledge.of(named, Known(known_on, positions))
    counted = count(SETS[code], prepare(knowledge, on))
    content = Dataset.of(counted, positions, len(named), with_facts=True).content()
    return checked(named, content)


def checked(
    facts: list[Fact], content: bytes, digest: str | None = None
) -> tuple[list[Line], Faults]:
    faults = Faults()
    told = Told(faults)
    for position, fact in enumerate(facts, 1):
        told.observe(position, "reporting.Trial.FactNoted", _noted(fact))
    at = len(facts) + 1
    computed = {"digest": digest or Dataset.model_validate_json(content).digest()}
    told.observe(at, COMPUTED, json.dumps(computed).encode())
    check = ReportCheck({"report": "one", "file": FILE, "computed_at": at}, told)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(FILE, content)
    with zipfile.ZipFile(stream) as archive:
        check.run(Pack(archive, faults), faults)
    return check.lines, faults


def _named(origin: Origin) -> Origin:
    return origin._replace(event_id=event_id(origin.ledger, origin.position))


def _noted(fact: Fact) -> bytes:
    origin = fact.origin._asdict() | {"event_id": str(fact.origin.event_id)}
    told = {"kind": fact.kind, "origin": origin, "about": str(fact.subject), "data": fact.data}
    return json.dumps(told, default=str).encode()


def agree(seed: int, on: date, known_on: date) -> set[str]:
    """The indicators that were counted to something."""
    counted: set[str] = set()
    for code in SETS:
        lines, faults = recounted(at_random(seed), code, on, known_on)
        assert faults.first == {}, (seed, code, on, known_on)
        assert all(line.counted in {None, line.said} for line in lines)
        counted |= {f"{code}/{line.code}" for line in lines if line.counted}
    return counted


@settings(max_examples=25)
@given(SEEDS, DAYS, DAYS)
def test_the_counter_of_the_pack_and_the_engine_agree(seed: int, on: date, known_on: date) -> None:
    agree(seed, on, known_on)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=5_000)
@given(SEEDS, DAYS, DAYS)
def test_they_agree_on_many(seed: int, on: date, known_on: date) -> None:
    agree(seed, on, known_on)


def test_everything_that_the_project_did_is_counted_and_the_grand_totals() -> None:
    """Agreement on nothing but zeros would prove nothing."""
    counted: set[str] = set()
    for seed in range(25):
        counted |= agree(seed, LAST, LAST)
    assert {f"project/{each.code}" for each in SETS["project"].indicators} - counted == set()
    grand = {
        f"{code}/{each.code}"
        for code, rules in SETS.items()
        for each in rules.indicators
        if each.grand_total
    }
    assert counted >= {each for each in grand if not each.startswith("equal")}


def test_a_dataset_that_says_otherwise_is_named() -> None:
    facts = at_random(3)
    lines, _ = recounted(facts, "project", LAST, EVER)
    sessions = next(line.said for line in lines if line.code == "SESSIONS")
    named = [each._replace(origin=_named(each.origin)) for each in facts]
    counted = count(SETS["project"], prepare(Knowledge.of(named, Known(EVER)), LAST))
    positions = dict.fromkeys(("registry", "training", "kasa", "research"), 10**6)
    dataset = Dataset.of(counted, positions, len(named), with_facts=True)
    told = json.loads(dataset.content())
    number = next(each for each in told["numbers"] if each["code"] == "SESSIONS")
    number["value"] = sessions + 1
    number["cells"][0]["value"] = sessions + 1
    extra = {"unit": "x", "amount": 1, "facts": ["kasa/999999"]}
    number["cells"][0]["units"].append(extra)
    _, faults = checked(named, Dataset.model_validate(told).content())
    assert {what for _, what in faults.first} == {
        "SESSIONS: not what the events give",
        "SESSIONS: unit that rests on no fact",
    }
    _, faults = checked(named, Dataset.model_validate(told).content(), dataset.digest())
    assert {what for _, what in faults.first} == {"not what was recorded as computed"}
