"""The facts behind a number give the number, and nothing can be taken from them unnoticed."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.indicators.evidence import evidence, recount
from tests.reporting.domain.histories import FIRST, at_random
from tests.reporting.domain.telling import SETS, Telling, counted

DAYS = st.dates(FIRST, date(2026, 1, 1))
SEEDS = st.integers(0, 2**40)


@settings(max_examples=25)
@given(SEEDS, DAYS, DAYS, st.sampled_from(sorted(SETS)), st.randoms())
def test_listed_facts_alone_give_the_number(
    seed: int, on: date, known: date, code: str, draw: Random
) -> None:
    facts = at_random(seed)
    found = counted(facts, code, on, known)
    for indicator, cells in found.masks.items():
        for label in draw.sample(sorted(cells), min(3, len(cells))):
            listed = evidence(found, indicator, label)
            again = recount(listed, found.rules, facts)
            assert again.complete, (indicator, label)
            value = found.numbers[indicator].cells.get(label, found.numbers[indicator].value)
            assert again.number == listed.number == value


@settings(max_examples=25)
@given(SEEDS, st.sampled_from(sorted(SETS)), st.randoms())
def test_any_fact_that_is_not_supplied_is_noticed(seed: int, code: str, draw: Random) -> None:
    facts = at_random(seed)
    found = counted(facts, code)
    for indicator in found.masks:
        listed = evidence(found, indicator)
        if not listed.origins:
            continue
        gone = draw.choice(sorted(listed.origins))
        again = recount(listed, found.rules, [fact for fact in facts if fact.origin != gone])
        assert not again.complete
        assert again.missing == {gone}


def test_a_list_from_which_an_item_or_a_fact_was_taken_has_another_digest() -> None:
    telling = Telling()
    for number in (1, 2, 3):
        telling.registered(number, date(2022, 1, 1))
        telling.enrolled(number, date(2022, 1, 10))
    listed = evidence(counted(telling.facts, "esfplus"), "EECO01")
    assert listed.number == 3
    fewer = replace(listed, items=listed.items[1:])
    first = listed.items[0]
    thinner = replace(listed, items=(first._replace(sources=first.sources[1:]), *listed.items[1:]))
    assert len({each.digest for each in (listed, fewer, thinner)}) == 3


def test_evidence_is_recounted_by_the_version_that_counted_it_only() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    listed = evidence(counted(telling.facts, "esfplus"), "EECO01")
    with pytest.raises(ValueError, match="counted by version"):
        recount(listed, SETS["equal"], telling.facts)


def test_a_correction_of_several_values_at_once_is_listed_with_all_that_it_may_touch() -> None:
    """Without the later value the correction would fall on the earlier one."""
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    telling.enrolled(1, date(2022, 1, 10))
    day = date(2022, 3, 1)
    telling.tell(
        "registry.participant_updated",
        1,
        day,
        monitoring={"monitoring": {"labour_status": "inactive"}},
        changed_on=day.isoformat(),
    )
    telling.corrected(1, date(2022, 4, 1), day, sex="male", labour_status=None)
    found = counted(telling.facts, "esfplus")
    assert found.numbers["EECO02"].value == 1
    assert recount(evidence(found, "EECO02"), found.rules, telling.facts).complete


def test_evidence_names_what_decided_and_no_more() -> None:
    telling = Telling()
    registered = telling.registered(1, date(2022, 1, 1))
    enrolled = telling.enrolled(1, date(2022, 1, 10))
    telling.exited(1, date(2022, 2, 10))
    telling.result(1, date(2022, 2, 20), labour_status="employed")
    found = evidence(counted(telling.facts, "esfplus"), "EECO01", (("group", "dependent"),))
    assert found.items[0].sources
    assert {registered.origin, enrolled.origin} == found.origins
