"""Each counting rule by an example at its edge."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.reporting.domain.history.facts import Known
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.definition import IndicatorSet
from services.reporting.domain.indicators.evidence import evidence, recount
from shared.kernel.personal import ERASED
from tests.reporting.domain.telling import COMPLETE, EVER, RULES, Telling, counted, numbers, who

START = date(2021, 9, 1)
EXIT = date(2022, 3, 1)


def one(monitoring: dict[str, Any] | None = None, special: dict[str, Any] | None = None) -> Telling:
    """Somebody who started on 1.9.2021."""
    telling = Telling()
    telling.registered(
        1, date(2021, 8, 1), monitoring={**COMPLETE, **(monitoring or {})}, special=special
    )
    telling.enrolled(1, START)
    return telling


def left(status: str = "employed", days: int = 10, **entry: Any) -> Telling:
    telling = one(entry)
    telling.exited(1, EXIT)
    telling.result(1, EXIT + timedelta(days), labour_status=status)
    return telling


@pytest.mark.parametrize(
    ("born", "bands"),
    [
        ("1997-09-02", {"CO06"}),  # 24 until the day after
        ("1996-09-01", set()),  # 25 on this very day
        ("1966-09-02", set()),  # 54
        ("1966-09-01", {"CO07", "CO08"}),  # 55: «above 54»
    ],
)
def test_age_is_in_completed_years_on_the_day_of_the_start(born: str, bands: set[str]) -> None:
    found = numbers(one({"born_on": born}).facts, "esf2014")
    assert {code for code in ("CO06", "CO07", "CO08") if found[code]} == bands


@pytest.mark.parametrize(
    ("born", "since", "long_term"),
    [
        ("2000-01-01", "2021-03-01", 0),  # six months to the day
        ("2000-01-01", "2021-02-28", 1),
        ("1990-01-01", "2021-02-28", 0),
        ("1990-01-01", "2020-09-01", 0),  # twelve months to the day
        ("1990-01-01", "2020-08-31", 1),
    ],
)
def test_long_term_unemployment_depends_on_age(born: str, since: str, long_term: int) -> None:
    found = numbers(one({"born_on": born, "unemployed_since": since}).facts, "esf2014")
    assert found["CO02"] == long_term


def test_the_rule_of_the_register_stands_beside_that_of_the_union() -> None:
    young = {"born_on": "2000-01-01", "unemployed_since": "2021-02-01"}
    assert numbers(one(young).facts, "esf2014")["CO02PL"] == 0
    told = one(young, {"grounds": ["long_term_unemployed"]})
    found = numbers(told.facts, "esf2014")
    assert (found["CO02"], found["CO02PL"]) == (1, 1)
    not_registered = one(
        {"labour_status": "unemployed_unregistered", "unemployed_since": "2019-01-01"}
    )
    found = numbers(not_registered.facts, "esf2014")
    assert (found["CO02"], found["CO02PL"]) == (1, 0)


def test_long_term_unemployed_are_a_part_of_the_unemployed() -> None:
    employed = one({"labour_status": "employed", "unemployed_since": "2010-01-01"})
    found = numbers(employed.facts, "esf2014")
    assert (found["CO01"], found["CO02"], found["CO05"]) == (0, 0, 1)


def test_the_inactive_in_education_are_not_in_co04() -> None:
    found = numbers(one({"labour_status": "inactive_in_education"}).facts, "esf2014")
    assert (found["CO03"], found["CO04"]) == (1, 0)


def test_an_incomplete_record_is_in_the_grand_total_only() -> None:
    result = counted(one({"education": None}).facts, "esf2014")
    assert result.numbers["TOTAL"].value == 1
    assert result.numbers["CO01"].value == 0
    assert result.numbers["CO01"].incomplete == 1


def test_a_refused_sensitive_answer_keeps_the_record_complete() -> None:
    result = counted(one(special={"disability": "refused", "grounds": []}).facts, "esf2014")
    assert result.numbers["CO01"].value == 1
    assert result.numbers["CO16"].value == 0
    assert result.numbers["CO16"].refused == 1
    assert result.numbers["CO16"].unasked == 0
    assert result.numbers["CO15"].unasked == 1


def test_without_special_data_only_what_rests_on_them_is_unreadable() -> None:
    telling = one(special={"disability": "yes"})
    first, *rest = telling.facts
    result = counted([first._replace(special=ERASED), *rest], "esf2014")
    assert (result.numbers["CO01"].value, result.numbers["CO01"].unreadable) == (1, 0)
    assert (result.numbers["CO16"].value, result.numbers["CO16"].unreadable) == (0, 1)


def test_no_primary_education_is_a_disadvantage_and_no_level() -> None:
    found = numbers(one({"education": "isced0"}).facts, "esf2014")
    assert (found["CO09"], found["CO17"]) == (0, 1)
    assert numbers(one({"education": "isced0"}).facts, "esfplus")["EECO09"] == 1


def test_outputs_stay_those_of_the_first_entry_and_results_move_to_the_final_exit() -> None:
    telling = left()
    back = EXIT + timedelta(60)
    telling.re_entered(1, back)
    found = numbers(telling.facts, "esf2014")
    assert (found["TOTAL"], found["CO01"], found["CR04"]) == (1, 1, 0)
    telling.exited(1, back + timedelta(10))
    assert numbers(telling.facts, "esf2014")["CR04"] == 0
    telling.result(1, back + timedelta(20), labour_status="self_employed")
    assert numbers(telling.facts, "esf2014")["CR04"] == 1
    assert numbers(telling.facts, "esf2014", back - timedelta(1))["CR04"] == 1


def test_what_changed_after_the_start_changes_no_output() -> None:
    telling = one()
    day = START + timedelta(100)
    telling.tell(
        "registry.participant_updated",
        1,
        day,
        monitoring={"monitoring": {"labour_status": "employed"}},
        changed_on=day.isoformat(),
    )
    found = numbers(telling.facts, "esf2014")
    assert (found["CO01"], found["CO05"]) == (1, 0)


def test_what_was_wrong_from_the_start_is_right_from_the_start_once_it_is_known() -> None:
    telling = one()
    decided = date(2022, 6, 1)
    telling.corrected(1, decided, START, labour_status="inactive")
    before = numbers(telling.facts, "esf2014", START, decided - timedelta(1))
    after = numbers(telling.facts, "esf2014", START, decided)
    assert (before["CO01"], before["CO03"]) == (1, 0)
    assert (after["CO01"], after["CO03"]) == (0, 1)


@pytest.mark.parametrize(("days", "number"), [(0, 1), (28, 1), (29, 0)])
def test_an_immediate_result_is_observed_within_four_weeks(days: int, number: int) -> None:
    assert numbers(left(days=days).facts, "esf2014")["CR04"] == number


@pytest.mark.parametrize(("days", "number"), [(-1, 0), (0, 1), (28, 1), (29, 0)])
def test_a_longer_term_result_is_that_of_six_months(days: int, number: int) -> None:
    telling = left()
    telling.result(1, date(2022, 9, 1) + timedelta(days), later=True, labour_status="employed")
    assert numbers(telling.facts, "esf2014")["CR06"] == number


def test_results_are_counted_against_the_situation_at_entry() -> None:
    assert numbers(left(labour_status="employed").facts, "esf2014")["CR04"] == 0
    telling = one({"labour_status": "employed"})
    telling.exited(1, EXIT)
    telling.result(1, date(2022, 9, 10), later=True, labour_status="employed", improved=True)
    found = numbers(telling.facts, "esf2014")
    assert (found["CR06"], found["CR07"]) == (0, 1)


def test_in_education_on_leaving_but_not_before() -> None:
    for status, number in (("inactive", 1), ("inactive_in_education", 0)):
        telling = one({"labour_status": status})
        telling.exited(1, EXIT)
        telling.result(1, EXIT, labour_status="inactive", in_education_or_training=True)
        assert numbers(telling.facts, "esf2014")["CR02"] == number


def test_a_qualification_counts_and_a_competence_does_not() -> None:
    for kind, day, number in (
        ("qualification_gained", "gained_on", 1),
        ("competence_confirmed", "confirmed_on", 0),
    ):
        telling = left("inactive")
        gained = EXIT - timedelta(30)
        data: dict[str, Any] = {"edition_id": "e", day: gained.isoformat()}
        telling.tell(f"training.{kind}", 1, gained, **data)
        assert numbers(telling.facts, "esf2014")["CR03"] == number


def test_a_later_qualification_takes_nothing_from_an_earlier_one() -> None:
    telling = left("inactive")
    for number, day in enumerate((EXIT - timedelta(30), EXIT + timedelta(100))):
        data: dict[str, Any] = {"edition_id": str(number), "gained_on": day.isoformat()}
        telling.tell("training.qualification_gained", 1, day, **data)
    assert numbers(telling.facts, "esf2014")["CR03"] == 1


def test_a_disadvantaged_person_with_several_results_is_one_person() -> None:
    telling = one({"labour_status": "inactive"}, {"disability": "yes"})
    telling.exited(1, EXIT)
    telling.result(
        1,
        EXIT,
        labour_status="employed",
        in_education_or_training=True,
        gained_qualification=True,
        searching_for_work=True,
    )
    found = numbers(telling.facts, "esf2014")
    assert [found[f"CR0{number}"] for number in range(1, 6)] == [1, 1, 1, 1, 1]


def test_households_are_counted_by_nobody_once_the_law_is_known_on_whichever_day() -> None:
    day = date(2016, 1, 1)
    telling = Telling()
    telling.registered(1, day)
    telling.enrolled(1, day)
    before = counted(telling.facts, "esf2014", day, date(2018, 8, 1)).numbers["CO12"]
    after = counted(telling.facts, "esf2014", day, date(2018, 8, 2)).numbers["CO12"]
    assert before.value is None
    assert "not collected" in (before.reason or "")
    assert (after.value, after.reason) == (None, "not in force")


def test_an_end_acts_backwards_only_where_the_law_says_so() -> None:
    day = date(2016, 1, 1)
    telling = Telling()
    telling.registered(1, day)
    telling.enrolled(1, day)
    told = (RULES / "esf2014.toml").read_text()
    ended = told.replace(
        "valid_from = 2014-01-01", "valid_from = 2014-01-01\nvalid_to = 2018-08-01", 2
    )
    for text, later in (
        (ended, 1),
        (ended.replace("2018-08-01", "2018-08-01\nretroactive = true", 2), None),
    ):
        rules = IndicatorSet.parse("trial", text)
        assert numbers(telling.facts, rules, day, date(2018, 8, 1))["CO01"] == 1
        assert numbers(telling.facts, rules, day, date(2018, 8, 2))["CO01"] == later
        assert numbers(telling.facts, rules, date(2018, 8, 2), EVER)["CO01"] is None


def test_esf_plus_leaves_the_middle_ages_uncounted() -> None:
    result = counted(one({"born_on": "1980-01-01"}).facts, "esfplus")
    bands = [result.numbers[code].value for code in ("EECO06", "EECO07", "EECO08")]
    assert result.numbers["EECO01"].value == 1
    assert bands == [0, 0, 0]


def test_who_was_merged_into_another_is_one_record_with_it() -> None:
    telling = one()
    telling.registered(2, date(2021, 10, 1))
    telling.enrolled(2, date(2021, 10, 10))
    telling.merged(2, 1, date(2022, 1, 1))
    assert numbers(telling.facts, "esfplus")["EECO01"] == 1
    day = date(2022, 2, 1)
    telling.tell("registry.merge_undone", 2, day, out_of=str(who(1)), decided_on=day.isoformat())
    assert numbers(telling.facts, "esfplus")["EECO01"] == 2


def test_what_was_told_of_a_merged_record_is_told_of_the_last_one_of_the_chain() -> None:
    telling = Telling()
    for number, group in ((1, "staff"), (2, "dependent"), (3, "dependent")):
        telling.registered(number, START, kind=group)
    telling.attended(50, START, p3=45)
    telling.merged(3, 2, EXIT)
    telling.merged(2, 1, EXIT)
    staff = (("group", "staff"),)
    found = counted(telling.facts, "project")
    assert found.numbers["HOURS"].cells[staff] == 45
    assert recount(evidence(found, "HOURS", staff), found.rules, telling.facts).complete


def test_a_position_bounds_what_a_submitted_report_knows() -> None:
    telling = one()
    reach = {"registry": 1}
    assert not Knowledge.of(telling.facts, Known(EVER, reach)).on(EVER).persons[0].started_on
    assert Knowledge.of(telling.facts, Known(EVER, {"registry": 2})).on(EVER).persons[0].started_on


def test_a_day_ends_at_polish_midnight() -> None:
    telling = one()
    late = telling.facts[1]._replace(recorded_at=datetime.combine(START, time(22, 30), UTC))
    facts = [telling.facts[0], late]
    assert numbers(facts, "esfplus", EVER, START)["EECO01"] == 0
    assert numbers(facts, "esfplus", EVER, START + timedelta(1))["EECO01"] == 1
