"""The difference of two counts: it closes always, and each unit has the cause that it has."""

from collections.abc import Iterable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.domain.history.facts import Fact
from services.reporting.domain.indicators.counting import Counted, Label
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.explanation import CORRECTIONS, Cause, Difference, explain
from shared.kernel.days import POLAND
from shared.kernel.personal import ERASED
from tests.reporting.domain.histories import FIRST, at_random
from tests.reporting.domain.telling import RULES, SETS, Telling, counted, who

DAYS = st.dates(FIRST, date(2026, 1, 1))
SEEDS = st.integers(0, 2**40)
MARCH = date(2022, 3, 31)
JUNE = date(2022, 6, 30)
JOB = {"labour_status": "employed"}
FEMALE: Label = (("sex", "female"),)
MALE: Label = (("sex", "male"),)


def stricter() -> IndicatorSet:
    """Long-term unemployment for everybody from 12 months, and results within two weeks."""
    text = (RULES / "esfplus.toml").read_text()
    text = text.replace("above = 6 }", "above = 12 }").replace(
        "outcome_days = 28", "outcome_days = 14"
    )
    return IndicatorSet.parse("esfplus.toml", text)


def assert_closes(before: Counted, after: Counted, found: Difference) -> None:
    for code in {*before.numbers, *after.numbers}:
        one, other = before.numbers.get(code), after.numbers.get(code)
        cells = {label for number in (one, other) if number for label in number.cells}
        for label in cells:
            was = one.cells.get(label, 0) if one else 0
            now = other.cells.get(label, 0) if other else 0
            assert sum(found.by_cause(code, label).values()) == now - was
        was, now = (one and one.value) or 0, (other and other.value) or 0
        assert sum(found.by_cause(code).values()) == now - was, code


def assert_caused(found: Difference, facts: list[Fact], known: date) -> None:
    """Every cause but a rule or an erasure is read from facts; those of knowledge are new ones."""
    recorded = {fact.origin: fact.recorded_at.astimezone(POLAND).date() for fact in facts}
    kinds = {fact.origin: fact.kind for fact in facts}
    for each in found.movements:
        if each.cause in {Cause.RULE_CHANGED, Cause.ERASED}:
            continue
        assert each.facts, each
        if each.cause in {Cause.LATE, Cause.CORRECTED, Cause.LEFT, Cause.MERGED}:
            assert all(recorded[origin] > known for origin in each.facts), each
        if each.cause in {Cause.CORRECTED, Cause.LEFT}:
            assert any(kinds[origin] in CORRECTIONS for origin in each.facts)
        if each.cause is Cause.LATE:
            assert not any(kinds[origin] in CORRECTIONS for origin in each.facts)


@settings(max_examples=60)
@given(SEEDS, DAYS, DAYS, DAYS, DAYS, st.sampled_from(["esf2014", "esfplus", "equal", "project"]))
def test_movements_sum_to_the_difference(
    seed: int, on: date, known: date, later_on: date, later_known: date, code: str
) -> None:
    facts = at_random(seed)
    before = counted(facts, code, on, known)
    after = counted(facts, stricter() if code == "esfplus" else code, later_on, later_known)
    found = explain(before, after, facts)
    assert_closes(before, after, found)
    if on <= later_on and known <= later_known:
        assert_caused(found, facts, known)


def march_and_june(facts: Iterable[Fact], code: str = "esfplus") -> Difference:
    facts = list(facts)
    before, after = counted(facts, code, MARCH, MARCH), counted(facts, code, JUNE, JUNE)
    found = explain(before, after, facts)
    assert_closes(before, after, found)
    return found


def test_what_began_between_the_two_days_is_new() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 4, 1))
    telling.enrolled(1, date(2022, 4, 10))
    assert march_and_june(telling.facts).by_cause("EECO01") == {Cause.NEW: 1}


def test_what_had_begun_before_and_was_told_afterwards_is_late() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 2, 1))
    start = telling.enrolled(1, date(2022, 3, 10), recorded=date(2022, 4, 20))
    (movement,) = march_and_june(telling.facts).of("EECO01")
    assert movement.cause is Cause.LATE
    assert movement.facts == (start.origin,)


def test_who_is_late_is_not_corrected_by_what_was_corrected_before() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 2, 1))
    telling.corrected(1, date(2022, 3, 20), date(2022, 3, 10), sex="male")
    telling.enrolled(1, date(2022, 3, 10), recorded=date(2022, 4, 20))
    assert march_and_june(telling.facts).by_cause("EECO01") == {Cause.LATE: 1}


def test_a_first_result_after_a_re_entry_is_new() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    telling.enrolled(1, date(2022, 1, 10))
    telling.exited(1, date(2022, 4, 10))
    telling.re_entered(1, date(2022, 4, 20))
    telling.exited(1, date(2022, 5, 10))
    telling.result(1, date(2022, 5, 20), labour_status="employed")
    assert march_and_june(telling.facts).by_cause("EECR04") == {Cause.NEW: 1}


def test_a_corrected_sex_leaves_one_cell_and_enters_the_other() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 2, 1))
    telling.enrolled(1, date(2022, 3, 10))
    right = telling.corrected(1, date(2022, 5, 1), date(2022, 3, 10), sex="male")
    found = march_and_june(telling.facts)
    assert found.by_cause("EECO01") == {}
    assert found.by_cause("EECO01", FEMALE) == {Cause.LEFT: -1}
    assert found.by_cause("EECO01", MALE) == {Cause.CORRECTED: 1}
    assert right.origin in found.of("EECO01", MALE)[0].facts


def test_a_corrected_day_takes_somebody_out() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 2, 1))
    telling.enrolled(1, date(2022, 3, 10))
    telling.step_corrected(1, date(2022, 5, 1), "start", date(2022, 3, 10), date(2022, 4, 1))
    assert march_and_june(telling.facts).by_cause("EECO01") == {Cause.LEFT: -1, Cause.NEW: 1}


def test_a_re_entry_takes_a_result_back_until_the_final_exit() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    telling.enrolled(1, date(2022, 1, 10))
    telling.exited(1, date(2022, 2, 10))
    telling.result(1, date(2022, 2, 20), labour_status="employed")
    telling.re_entered(1, date(2022, 5, 1))
    found = march_and_june(telling.facts)
    assert found.by_cause("EECR04") == {Cause.RE_ENTERED: -1}
    assert found.by_cause("EECO01") == {}


def test_a_merge_takes_one_record_out_and_leaves_its_minutes_with_the_other() -> None:
    telling = Telling()
    for number in (1, 2):
        telling.registered(number, date(2022, 1, 1))
        telling.enrolled(number, date(2022, 1, 10))
    telling.attended(50, date(2022, 2, 1), p1=90, p2=45)
    telling.merged(2, 1, date(2022, 5, 1))
    found = march_and_june(telling.facts)
    assert found.by_cause("EECO01") == {Cause.MERGED: -1}
    assert found.of("EECO01")[0].unit == str(who(2))
    assert march_and_june(telling.facts, "project").by_cause("HOURS") == {}


def test_a_merge_moves_minutes_to_the_cell_of_the_other_record() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1), kind="staff")
    telling.registered(2, date(2022, 1, 1))
    for number in (1, 2):
        telling.enrolled(number, date(2022, 1, 10))
    telling.attended(50, date(2022, 2, 1), p2=45)
    telling.merged(2, 1, date(2022, 5, 1))
    found = march_and_june(telling.facts, "project")
    assert found.by_cause("HOURS", (("group", "staff"),)) == {Cause.MERGED: 45}
    assert found.by_cause("HOURS", (("group", "dependent"),)) == {Cause.MERGED: -45}


def test_who_was_erased_since_is_told_from_the_frozen_count() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    telling.enrolled(1, date(2022, 1, 10))
    frozen = counted(telling.facts, "esfplus", MARCH, MARCH).contributions()
    day = date(2022, 5, 1)
    telling.tell(
        "registry.participant_erased",
        1,
        day,
        data_classes=["identity", "monitoring", "special"],
        erased_on=day.isoformat(),
    )
    facts = [fact._replace(monitoring=fact.monitoring and ERASED) for fact in telling.facts]
    before, after = (counted(facts, "esfplus", day, day) for day in (MARCH, JUNE))
    found = explain(before, after, facts, frozen)
    assert found.by_cause("EECO01") == {Cause.ERASED: -1}
    assert after.numbers["EECO01"].unreadable == 1
    assert after.numbers["TOTAL"].value == 1


def test_a_changed_rule_is_told_apart_from_what_happened() -> None:
    telling = Telling()
    telling.registered(
        1,
        date(2022, 1, 1),
        monitoring={
            "sex": "male",
            "born_on": "2003-01-01",
            "education": "isced3",
            "labour_status": "unemployed_registered",
            "unemployed_since": "2021-05-01",
        },
    )
    telling.enrolled(1, date(2022, 1, 10))
    before = counted(telling.facts, "esfplus", MARCH, MARCH)
    after = counted(telling.facts, stricter(), JUNE, JUNE)
    found = explain(before, after, telling.facts)
    assert found.by_cause("EECO03") == {Cause.RULE_CHANGED: -1}


def test_an_amount_is_explained_like_a_person() -> None:
    telling = Telling()
    telling.registered(1, date(2022, 1, 1))
    telling.attended(50, date(2022, 2, 1), p1=90)
    telling.attended(51, date(2022, 3, 1), recorded=date(2022, 5, 5), p1=60)
    telling.attended(52, date(2022, 4, 1), p1=30)
    held = date(2022, 2, 1)
    telling.tell(
        "training.attendance_corrected",
        1,
        date(2022, 5, 9),
        session_id=str(who(50)),
        held_on=held.isoformat(),
        minutes=45,
    )
    found = march_and_june(telling.facts, "project").by_cause("HOURS")
    assert found == {Cause.LEFT: -45, Cause.LATE: 60, Cause.NEW: 30}


@settings(max_examples=12)
@given(SEEDS, DAYS, DAYS)
def test_the_same_rules_make_no_difference(seed: int, on: date, known: date) -> None:
    """A what-if with equal rules, parsed anew."""
    facts = at_random(seed)
    for code, rules in SETS.items():
        again = IndicatorSet.parse(code, (RULES / f"{code}.toml").read_text())
        assert again.version == rules.version
        before, what_if = counted(facts, rules, on, known), counted(facts, again, on, known)
        assert before.numbers == what_if.numbers
        assert explain(before, what_if, facts).movements == ()
