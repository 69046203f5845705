"""What a report froze stays to the last byte, whatever happens afterwards."""

import random
from datetime import date, timedelta
from typing import Any

from services.reporting.domain.dataset import Dataset
from services.reporting.domain.history.facts import Fact, Known
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.counting import count
from services.reporting.domain.indicators.frames import prepare
from tests.reporting.domain.telling import COMPLETE, SETS, Telling, who

MARCH, REPORTED = date(2026, 3, 31), date(2026, 4, 10)
PEOPLE, LATER = 40, 10_000


def entered(told: Telling) -> None:
    for number in range(1, PEOPLE + 1):
        told.tell(
            "registry.participant_registered",
            number,
            date(2025, 12, 1),
            kind="dependent",
            partner="mops-kamienna",
            applied_on="2025-12-01",
            monitoring={"monitoring": COMPLETE},
        )
        told.tell("registry.participant_enrolled", number, MARCH, started_on=MARCH.isoformat())


def something(told: Telling, lots: random.Random) -> None:
    """Late, corrected, merged, new: recorded on the day of the report or after it."""
    number, recorded = lots.randint(1, PEOPLE), REPORTED + timedelta(lots.randint(0, 300))
    match lots.randint(0, 3):
        case 0:
            told.tell(
                "registry.participant_corrected",
                number,
                MARCH,
                recorded=recorded,
                in_force_on=MARCH.isoformat(),
                decided_on=recorded.isoformat(),
                fields=["/monitoring/labour_status"],
                monitoring={"monitoring": {"labour_status": "employed"}},
            )
        case 1:
            into = str(who(lots.randint(1, PEOPLE)))
            told.tell("registry.participant_merged", number, MARCH, recorded=recorded, into=into)
        case 2:
            exited: dict[str, Any] = {"exited_on": "2026-04-01", "as_planned": True}
            told.tell("registry.participant_exited", number, MARCH, recorded=recorded, **exited)
        case _:
            number += PEOPLE * lots.randint(1, 9)
            told.tell(
                "registry.participant_enrolled",
                number,
                MARCH,
                recorded=recorded,
                started_on=MARCH.isoformat(),
            )


def frozen(facts: list[Fact], positions: dict[str, int]) -> bytes:
    knowledge = Knowledge.of(facts, Known(REPORTED, positions))
    counted = count(SETS["esf2014"], prepare(knowledge, MARCH))
    return Dataset.of(counted, positions, 2 * PEOPLE, with_facts=True).content()


def test_ten_thousand_later_events_change_no_byte() -> None:
    told = Telling()
    entered(told)
    positions = {"registry": 2 * PEOPLE}
    before = frozen(told.facts, positions)
    lots = random.Random(6)
    for _ in range(LATER):
        something(told, lots)
    assert len(told.facts) == 2 * PEOPLE + LATER
    assert frozen(told.facts, positions) == before
    assert frozen(told.facts, {"registry": len(told.facts)}) != before


def test_a_dataset_read_back_is_the_same() -> None:
    told = Telling()
    entered(told)
    content = frozen(told.facts, {"registry": 2 * PEOPLE})
    again = Dataset.model_validate_json(content)
    assert again.content() == content
    assert again.rules.version == again.version == SETS["esf2014"].version
    number = again.number("CO01")
    assert number
    assert number.value == len(number.cells[0].units) == PEOPLE
