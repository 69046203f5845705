"""The engine against plain loops, on histories at random."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reporting.domain.histories import FIRST, LAST, at_random
from tests.reporting.domain.naive import ENTRY, EXIT, LATER, count_persons
from tests.reporting.domain.naive_project import count_project
from tests.reporting.domain.telling import SETS, counted

DAYS = st.dates(FIRST, date(2026, 1, 1))
SEEDS = st.integers(0, 2**40)
AFTER = {"esf2014": date(2014, 1, 1), "esfplus": date(2021, 7, 1), "equal": date(2004, 5, 1)}


def agree(seed: int, on: date, known_on: date) -> None:
    facts = at_random(seed)
    for code, first in AFTER.items():
        rules = SETS[code]
        day = max(on, first)
        result = counted(facts, rules, day, known_on)
        found: dict[str, int | None] = {}
        for indicator, number in result.numbers.items():
            found[indicator] = number.value
            for label, value in number.cells.items():
                if [name for name, _ in label] == ["sex"]:
                    found[f"{indicator}/{label[0][1]}"] = value
        for indicator, expected in count_persons(facts, code, day, known_on).items():
            assert found[indicator] == expected, (indicator, seed, day, known_on)
    result = counted(facts, "project", on, known_on)
    for indicator, expected in count_project(facts, on, known_on).items():
        assert result.numbers[indicator].value == expected, (indicator, seed, on, known_on)


@settings(max_examples=120)
@given(SEEDS, DAYS, DAYS)
def test_engine_and_plain_loops_agree(seed: int, on: date, known_on: date) -> None:
    agree(seed, on, known_on)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=10_000)
@given(SEEDS, DAYS, DAYS)
def test_engine_and_plain_loops_agree_on_many(seed: int, on: date, known_on: date) -> None:
    agree(seed, on, known_on)


def test_histories_at_random_reach_every_indicator() -> None:
    """Agreement on nothing but zeros would prove nothing."""
    reached = set()
    for seed in range(30):
        facts = at_random(seed)
        for code in AFTER:
            result = counted(facts, code, LAST, LAST)
            reached |= {(code, name) for name, number in result.numbers.items() if number.value}
    children = {("esfplus", "EECO06")}  # the registry takes adults only
    wanted = {
        (code, name) for table in (ENTRY, EXIT, LATER) for code in AFTER for name in table[code]
    }
    assert wanted - reached <= children
