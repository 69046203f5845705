from datetime import date, timedelta
from typing import Any

import pytest

from services.reporting.domain.history.facts import Known
from services.reporting.domain.history.knowledge import Knowledge
from services.reporting.domain.indicators.definition import Windows
from services.reporting.domain.quality import Problem, findings
from shared.kernel.personal import ERASED
from tests.reporting.domain.telling import COMPLETE, Telling

WINDOWS = Windows(outcome_days=28, follow_up_days=28)
START = date(2022, 1, 10)
EXIT = date(2022, 3, 1)
ASKED = {"disability": "no", "minority": "refused", "foreign_origin": "no", "homeless": "no"}


def someone(kind: str = "dependent", **monitoring: Any) -> Telling:
    telling = Telling()
    telling.registered(
        1, date(2022, 1, 1), kind=kind, monitoring={**COMPLETE, **monitoring}, special=ASKED
    )
    telling.enrolled(1, START)
    return telling


def found(telling: Telling, on: date = date(2022, 2, 1)) -> set[tuple[Problem, str]]:
    as_of = Knowledge.of(telling.facts, Known(date(2030, 1, 1))).on(on)
    return {(each.problem, each.detail) for each in findings(as_of, WINDOWS)}


def test_a_good_record_has_no_findings() -> None:
    assert found(someone()) == set()


def test_missing_data_and_questions_never_asked_are_named() -> None:
    telling = Telling()
    telling.registered(
        1,
        date(2022, 1, 1),
        monitoring={"sex": "male", "born_on": "1990-01-01", "labour_status": "inactive"},
        special={"disability": "refused", "minority": "no", "homeless": "no"},
    )
    assert found(telling) == set()  # nobody is counted before support starts
    telling.enrolled(1, START)
    assert found(telling) == {
        (Problem.INCOMPLETE, "education"),
        (Problem.NOT_ASKED, "foreign_origin"),
    }


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        (
            {"labour_status": "inactive", "unemployed_since": "2021-01-01"},
            "unemployed_since_without_unemployment",
        ),
        ({"unemployed_since": "2022-02-01"}, "unemployed_since_after_start"),
        ({"born_on": "2022-01-10"}, "born_after_start"),
        ({"kind": "staff"}, "staff_without_work"),
    ],
)
def test_facts_that_cannot_both_be_true_are_named(facts: dict[str, Any], detail: str) -> None:
    assert found(someone(**facts)) == {(Problem.CONTRADICTORY, detail)}


def test_a_start_before_the_application_is_a_contradiction() -> None:
    telling = someone()
    telling.step_corrected(1, date(2022, 2, 1), "start", START, date(2021, 12, 1))
    assert found(telling) == {(Problem.CONTRADICTORY, "started_before_application")}


def test_a_corrected_application_is_judged_by_its_right_day() -> None:
    telling = someone()
    telling.step_corrected(1, date(2022, 2, 1), "application", date(2022, 1, 1), date(2022, 1, 20))
    assert found(telling) == {(Problem.CONTRADICTORY, "started_before_application")}


def test_results_that_contradict_the_record_are_named() -> None:
    telling = someone()
    telling.exited(1, EXIT)
    telling.result(1, EXIT, labour_status="employed", searching_for_work=True)
    telling.result(1, date(2022, 9, 5), later=True, labour_status="inactive", improved=False)
    assert found(telling, date(2023, 1, 1)) == {
        (Problem.CONTRADICTORY, "outcome_searching_and_at_work"),
        (Problem.CONTRADICTORY, "improvement_of_nobody_at_work"),
    }


def test_results_are_overdue_on_the_day_after_their_window() -> None:
    telling = someone()
    telling.exited(1, EXIT)
    outcome, follow_up = (Problem.OVERDUE, "outcome"), (Problem.OVERDUE, "follow_up")
    assert found(telling, EXIT + timedelta(28)) == set()
    assert found(telling, EXIT + timedelta(29)) == {outcome}
    assert found(telling, date(2022, 9, 29)) == {outcome}
    assert found(telling, date(2022, 9, 30)) == {outcome, follow_up}
    telling.re_entered(1, date(2022, 9, 1))
    assert found(telling, date(2022, 9, 30)) == set()


def test_nobody_can_mend_what_was_erased() -> None:
    telling = someone()
    facts = [fact._replace(monitoring=fact.monitoring and ERASED) for fact in telling.facts]
    as_of = Knowledge.of(facts, Known(date(2030, 1, 1))).on(START)
    (finding,) = findings(as_of, WINDOWS)
    assert (finding.problem, finding.mended_by) == (Problem.UNREADABLE, None)
