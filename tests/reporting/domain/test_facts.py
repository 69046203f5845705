"""The engine reads the events that are really published: their stored examples, told to it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from services.reporting.domain.history.facts import Fact, Known, Origin
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.history.record import PARTICIPANT_KINDS
from services.reporting.domain.history.rows import CLOSED_BY, OPENED_BY, ROW_KINDS
from services.reporting.domain.indicators.explanation import (
    CORRECTIONS,
    ERASURES,
    MERGES,
    RE_ENTRIES,
)
from services.reporting.domain.indicators.frames import prepare
from services.reporting.domain.risks import late_entries, stretches, too_long_a_day
from tests.reporting.domain.telling import EVER, Telling, numbers, who

EXAMPLES: Final = Path(__file__).parents[3] / "shared/contracts/schemas"


TOLD: Final[dict[str, Any]] = {
    "marks": [{"participant_id": str(who(1)), "minutes": 90}],
    "share": "0.50",
    "starts": "09:00",
    "ends": "10:00",
}
"""In place of examples that are any text, or an empty list."""


def example(kind: str) -> Fact:
    data: dict[str, Any] = json.loads((EXAMPLES / f"{kind}.example.json").read_text())
    subject = UUID(data.pop("subject"))
    data.pop("monitoring", None)
    data |= {name: value for name, value in TOLD.items() if name in data}
    at = datetime(2022, 1, 1, tzinfo=UTC)
    return Fact(subject, kind, Origin("any", 1, UUID(int=1)), at, at.date(), data)


@pytest.mark.parametrize("kind", sorted(PARTICIPANT_KINDS | ROW_KINDS))
def test_a_published_event_can_be_told(kind: str) -> None:
    knowledge = Knowledge.of([example(kind)], Known(EVER))
    prepared = prepare(knowledge, EVER)
    opened = {opening.universe for opening in OPENED_BY.get(kind, ())}
    assert {name for name, rows in prepared.as_of.rows.items() if rows} == opened
    assert len(prepared.as_of.persons) == (kind in PARTICIPANT_KINDS)


@pytest.mark.parametrize("kind", sorted(CLOSED_BY))
def test_what_closes_a_row_names_it_as_what_opened_it(kind: str) -> None:
    closing = CLOSED_BY[kind]
    (opener,) = [
        name
        for name, openings in OPENED_BY.items()
        if closing.universe in {opening.universe for opening in openings}
    ]
    opened = example(opener)
    closed = example(kind)._replace(subject=opened.subject, origin=Origin("any", 2, UUID(int=2)))
    same = {name: value for name, value in opened.data.items() if name.endswith("_id")}
    closed = closed._replace(data={**closed.data, **same})
    (row,) = Knowledge.of([opened, closed], Known(EVER)).on(EVER).rows[closing.universe]
    assert row.closed_on is not None
    assert not row.is_open(row.closed_on)


def test_risks_read_the_published_events() -> None:
    facts = [
        example(kind)
        for kind in (
            "training.trainer_hours_delivered.v1",
            "kasa.advice_delivered.v1",
            "training.attendance_settled.v1",
            "training.attendance_corrected.v1",
        )
    ]
    assert len(list(stretches(facts))) == 2
    assert not list(too_long_a_day(facts))
    assert not list(late_entries(facts, 0))


def test_every_kind_that_is_named_is_published() -> None:
    named = PARTICIPANT_KINDS | ROW_KINDS | CORRECTIONS | ERASURES | MERGES | RE_ENTRIES
    assert named <= {path.name.removesuffix(".schema.json") for path in EXAMPLES.iterdir()}


def test_money_of_the_fund_is_counted_in_grosz() -> None:
    telling = Telling()
    for number, (kind, field, amount) in enumerate(
        (
            ("disbursed", "paid_on", "1000.10"),
            ("disbursed", "paid_on", "0.01"),
            ("repaid", "value_on", "300.00"),
            ("repayment_reversed", "reversed_on", "100.50"),
        )
    ):
        data: dict[str, Any] = {
            "contract_id": str(who(90)),
            "offer": "loan",
            "amount": {"amount": amount, "currency": "PLN"},
            field: f"2022-01-0{number + 1}",
        }
        telling.tell(f"kasa.{kind}", 80, date(2022, 1, number + 1), **data)
    found = numbers(telling.facts, "project")
    assert (found["PAID_OUT"], found["REPAID"]) == (100011, 19950)
    assert numbers(telling.facts, "project", date(2022, 1, 3))["REPAID"] == 30000


def test_an_enterprise_supported_twice_is_one_from_its_first_support_on() -> None:
    telling = Telling()
    for number, day in enumerate((date(2022, 3, 1), date(2022, 2, 1))):
        telling.tell(
            "kasa.advice_delivered",
            80,
            day,
            consultation_id=str(who(60 + number)),
            delivered_on=day.isoformat(),
            minutes=60,
        )
    assert numbers(telling.facts, "esfplus", date(2022, 1, 31))["EECO19"] == 0
    assert numbers(telling.facts, "esfplus", date(2022, 2, 1))["EECO19"] == 1
    assert numbers(telling.facts, "esfplus")["EECO19"] == 1
